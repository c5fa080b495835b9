import NetworkSimulator
import STUN
import Support
import TURN
import TURNSupport
import Testing
import Wire

@Suite("What a client makes of hostile packets")
struct HostileTests {
    private let from = Scene.serverAddress

    /// A client that has sent its signed request, and that request.
    private func challenged() throws -> (TURNClient, [UInt8]) {
        var client = Scene().node.client
        client.start(at: .zero)
        guard case .transmit(let first)? = client.popOutput() else { throw Missing() }
        let challenge = try Forgery.challenge(first, code: 401, nonce: "n")
        _ = client.receive(challenge.span, from: from, at: .zero)
        guard case .transmit(let second)? = client.popOutput() else { throw Missing() }
        return (client, second)
    }

    private struct Missing: Error {}

    private static let grant: [STUNAttribute] = [
        .xorRelayedAddress(endpoint("192.0.2.10:50000")),
        .xorMappedAddress(endpoint("198.51.100.1:5000")), .lifetime(600),
    ]

    @Test("An answer from another address is none")
    func otherAddress() throws {
        var (client, request) = try challenged()
        let answer = try Forgery.success(request, Self.grant, as: "secret")
        for other in ["192.0.2.10:3479", "192.0.2.11:3478"] {
            _ = client.receive(answer.span, from: endpoint(other), at: .zero)
            #expect(client.popOutput() == nil)
        }
        _ = client.receive(answer.span, from: from, at: .zero)
        #expect(client.relayedAddresses.count == 1)
    }

    @Test("An answer without the server's signature, or with another, is none")
    func unsigned() throws {
        var (client, request) = try challenged()
        let packet = try STUNPacket(parsing: request.span)
        let plain = try STUNMessage(
            .success,
            packet.method,
            id: packet.transactionID,
            attributes: Self.grant
        ).write()
        let forged = try Forgery.success(request, Self.grant, as: "guess")
        let refusal = try Forgery.error(request, code: 486, as: "guess")
        for answer in [plain, forged, refusal] {
            _ = client.receive(answer.span, from: from, at: .zero)
            #expect(client.popOutput() == nil)
        }
        #expect(client.deadline != nil, "the request is still repeated")
    }

    @Test(
        "An answer with one bit changed is none",
        arguments: Array(stride(from: 0, to: 76, by: 3))
    )
    func altered(_ index: Int) throws {
        var (client, request) = try challenged()
        var answer = try Forgery.success(request, Self.grant, as: "secret")
        try #require(index < answer.count - 8)
        answer[index] ^= 0x40
        _ = client.receive(answer.span, from: from, at: .zero)
        #expect(client.relayedAddresses.isEmpty)
    }

    @Test("An unsigned success to the first request is none: nobody has asked who we are")
    func generousServer() throws {
        var client = Scene().node.client
        client.start(at: .zero)
        guard case .transmit(let request)? = client.popOutput() else { throw Missing() }
        let packet = try STUNPacket(parsing: request.span)
        let answer = try STUNMessage(
            .success,
            packet.method,
            id: packet.transactionID,
            attributes: Self.grant
        ).write()
        _ = client.receive(answer.span, from: from, at: .zero)
        #expect(client.popOutput() == nil)
    }

    @Test("An answer that has come twice counts once")
    func replayed() throws {
        var (client, request) = try challenged()
        let answer = try Forgery.success(request, Self.grant, as: "secret")
        for _ in 0..<3 { _ = client.receive(answer.span, from: from, at: .zero) }
        var events = 0
        while client.popOutput() != nil { events += 1 }
        #expect(events == 1)
    }

    @Test(
        "A signed success that makes no sense ends the attempt",
        arguments: [
            [STUNAttribute.lifetime(600)],
            [.xorRelayedAddress(endpoint("192.0.2.10:50000"))],
            [
                .xorRelayedAddress(endpoint("192.0.2.10:0")),
                .xorMappedAddress(endpoint("198.51.100.1:5000")),
            ],
            [
                .xorRelayedAddress(endpoint("[2001:db8::10]:50000")),
                .xorMappedAddress(endpoint("198.51.100.1:5000")),
            ],
            [
                .xorRelayedAddress(endpoint("192.0.2.10:50000")),
                .xorRelayedAddress(endpoint("192.0.2.10:50001")),
                .xorMappedAddress(endpoint("198.51.100.1:5000")),
            ],
        ]
    )
    func senseless(_ attributes: [STUNAttribute]) throws {
        var (client, request) = try challenged()
        let answer = try Forgery.success(request, attributes, as: "secret")
        _ = client.receive(answer.span, from: from, at: .zero)
        #expect(client.popOutput() == .failed(.malformedAnswer))
    }

    @Test(
        "Any lifetime leads to a sensible schedule",
        arguments: [0, 1, 9, 120, 3_600, .max] as [UInt32]
    )
    func lifetimes(_ seconds: UInt32) throws {
        var (client, request) = try challenged()
        let attributes = Self.grant.dropLast() + [.lifetime(seconds)]
        let answer = try Forgery.success(request, Array(attributes), as: "secret")
        _ = client.receive(answer.span, from: from, at: .zero)
        let run = client.run(for: .seconds(100_000))
        #expect(run.brokenLaws.isEmpty)
        #expect(client.hasEnded)
        #expect(run.outputs.count < 6_000)
    }

    @Test("Data of a peer without a permission is dropped, whatever form it has")
    func unaskedData() throws {
        let scene = Scene.permitted()
        let stranger = endpoint("203.0.113.99:1")
        let data = try STUNMessage(
            .indication,
            .data,
            id: STUNTransactionID(high: 1, low: 2),
            attributes: [.xorPeerAddress(stranger), .data([1])]
        ).write()
        let known = try STUNMessage(
            .indication,
            .data,
            id: STUNTransactionID(high: 1, low: 2),
            attributes: [.xorPeerAddress(Scene.peerAddress), .data([2])]
        ).write()
        let packets: [[UInt8]] = [
            data, [0x40, 0, 0, 1, 9], [0x4F, 0xFF, 0, 0], [0x40, 0], [0x40, 0, 0xFF, 0xFF, 1], [],
        ]
        scene.with { node, now in
            for packet in packets {
                let taken = node.client.receive(packet.span, from: from, at: now)
                #expect(taken == nil)
            }
            let taken = node.client.receive(known.span, from: from, at: now)
            #expect(taken?.peer == Scene.peerAddress)
            let foreign = node.client.receive(known.span, from: stranger, at: now)
            #expect(foreign == nil)
        }
    }

    @Test("Random bytes change nothing and trap nowhere")
    func randomBytes() {
        let scene = Scene.permitted()
        var random = SplitMix64(seed: 3)
        scene.with { node, now in
            for _ in 0..<20_000 {
                var bytes = (0..<Int(random.next() % 120)).map { _ in
                    UInt8(truncatingIfNeeded: random.next())
                }
                if bytes.count >= 8, random.next() % 2 == 0 {
                    bytes.replaceSubrange(4..<8, with: [0x21, 0x12, 0xA4, 0x42])
                    bytes[0] &= 1
                }
                let taken = node.client.receive(bytes.span, from: from, at: now)
                #expect(taken == nil)
            }
        }
        scene.exchange([8])
        #expect(scene.echoes == [[8]])
    }

    @Test("Unsigned, only 441 to new credentials counts, and it changes nothing but that")
    func unsignedRefusals() throws {
        let scene = Scene.permitted()
        var client = scene.node.client
        let now = scene.network.now
        client.update(
            credentials: STUNCredentials(username: "carol", password: "x"),
            at: now
        )
        guard case .transmit(let request)? = client.popOutput() else { throw Missing() }
        let packet = try STUNPacket(parsing: request.span)
        for code in [403, 437, 486, 441] {
            #expect(client.popOutput() == nil)
            let answer = try STUNMessage(
                .error,
                packet.method,
                id: packet.transactionID,
                attributes: [.errorCode(STUNErrorCode(rawValue: code), reason: "")]
            ).write()
            _ = client.receive(answer.span, from: from, at: now)
        }
        let outcome = client.popOutput()
        #expect(outcome == .credentialsRefused(.wrongCredentials))
        #expect(client.relayedAddresses == scene.node.relayed)
    }

    @Test("The client keeps the laws of machines through a whole life")
    func laws() {
        let scene = Scene.permitted()
        var client = scene.node.client
        client.bindChannel(Scene.peerAddress, at: scene.network.now)
        let run = client.run(from: scene.network.now, for: .seconds(5_000))
        #expect(run.brokenLaws.isEmpty)
        #expect(client.deadline == nil, "without answers it ends")
    }
}
