import ICE
import STUN
import Testing
import Wire

@Suite("Forged, repeated and misdirected answers, RFC 8445 §7.2.5")
struct HostileResponseTests {
    /// A left side whose first check is on its way, and that check.
    static func checking() throws -> (network: VirtualNetwork, check: STUNPacket) {
        var network = HostileTests.single()
        network.with(0) { $0.add(remote: Party.right.candidates()[0], to: 0, at: $1) }
        let request = try #require(requests(network.sides[0].sent).first).datagram.payload
        return (network, try STUNPacket(parsing: request.span))
    }

    static func response(
        _ id: STUNTransactionID,
        password: String = Party.right.credentials.password,
        attributes: [STUNAttribute] = [.xorMappedAddress(Party.left.address(5_001))],
        messageClass: STUNClass = .success
    ) throws -> [UInt8] {
        try STUNMessage(messageClass, id: id, attributes: attributes)
            .write(signedWith: STUNKey(password: password))
    }

    static func deliver(
        _ packet: [UInt8],
        from source: SocketAddress = Party.right.address(5_001),
        to network: inout VirtualNetwork
    ) {
        network.with(0) {
            $0.receive(packet.span, from: source, on: Party.left.address(5_001), at: $1)
        }
    }

    static func state(_ network: VirtualNetwork) -> ICEStatistics.Pair.State? {
        network.sides[0].agent.statistics.pairs.first?.state
    }

    @Test("forged answers change nothing: the right one still counts")
    func forged() throws {
        var (network, check) = try Self.checking()
        let id = check.transactionID
        let unsigned = try STUNMessage(
            .error,
            id: id,
            attributes: [.errorCode(.badRequest, reason: "")]
        ).write()
        let stranger = STUNTransactionID(high: 1, low: 1)
        for packet in [
            try Self.response(id, password: "wrong"), try Self.response(stranger), unsigned,
            try Self.response(id, attributes: []),
        ] {
            Self.deliver(packet, to: &network)
            #expect(Self.state(network) == .inProgress)
        }
        Self.deliver(try Self.response(id), to: &network)
        #expect(Self.state(network) == .succeeded)
    }

    @Test("an answer from elsewhere fails the pair")
    func fromElsewhere() throws {
        var (network, check) = try Self.checking()
        let answer = try Self.response(check.transactionID)
        Self.deliver(answer, from: Party.right.address(6_000), to: &network)
        #expect(network.sides[0].agent.statistics.pairs.first?.failure == .asymmetricPath)
    }

    @Test("a repeated answer renews no consent")
    func repeated() throws {
        var (network, check) = try Self.checking()
        let answer = try Self.response(check.transactionID)
        Self.deliver(answer, to: &network)
        #expect(network.sides[0].agent.state == .connected)
        for _ in 0..<40 {
            network.run(for: .seconds(1))
            Self.deliver(answer, to: &network)
        }
        let failed = network.sides[0].time(of: .failed)
        #expect(failed == .seconds(30))
    }

    @Test("a consent answer from elsewhere renews nothing")
    func consentFromElsewhere() throws {
        var (network, check) = try Self.checking()
        Self.deliver(try Self.response(check.transactionID), to: &network)
        var answered = 0
        for _ in 0..<350 {
            network.run(for: .milliseconds(100))
            let sent = requests(network.sides[0].sent)
            for request in sent.dropFirst(answered) {
                let packet = try STUNPacket(parsing: request.datagram.payload.span)
                let answer = try Self.response(packet.transactionID)
                Self.deliver(answer, from: Party.right.address(6_000), to: &network)
            }
            answered = sent.count
        }
        #expect(network.sides[0].time(of: .failed) == .seconds(30))
    }

    @Test("a peer that always claims a conflict is given up, not argued with")
    func endlessConflict() throws {
        var (network, _) = try Self.checking()
        for _ in 0..<100 {
            guard let last = requests(network.sides[0].sent).last else { return }
            let packet = try STUNPacket(parsing: last.datagram.payload.span)
            let answer = try Self.response(
                packet.transactionID,
                attributes: [.errorCode(.roleConflict, reason: "")],
                messageClass: .error
            )
            Self.deliver(answer, to: &network)
        }
        #expect(requests(network.sides[0].sent).count == 5)
        #expect(network.sides[0].agent.statistics.pairs.first?.failure == .refused(code: 487))
    }

    @Test("an answer with an attribute that must be understood is a failure")
    func unknownAttribute() throws {
        var (network, check) = try Self.checking()
        let answer = try Self.response(
            check.transactionID,
            attributes: [
                .xorMappedAddress(Party.left.address(5_001)),
                .other(STUNAttributeType(rawValue: 0x7777), []),
            ]
        )
        Self.deliver(answer, to: &network)
        #expect(network.sides[0].agent.statistics.pairs.first?.failure == .refused(code: 420))
    }
}
