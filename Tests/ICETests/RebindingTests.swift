import ICE
import STUN
import Testing
import Wire

@Suite("A NAT that gives another address in mid-call, RFC 8445 §7.3.1.3")
struct RebindingTests {
    static let path = ConnectTests.path

    static func outside(_ port: UInt16) -> SocketAddress {
        SocketAddress(IPAddress(v4: 0xCB00_7101), port: port)
    }

    /// Connected, the left side behind a NAT.
    static func connected(seed: UInt64) -> VirtualNetwork {
        let inside = Party.left.address(5_001)
        var network = VirtualNetwork.pair(mappings: [inside: outside(1_000)], seed: seed)
        network.passes = { $0.destination != inside }
        network.connect()
        network.run(for: .seconds(20))
        return network
    }

    @Test(
        "the controlled side follows as soon as the new address has answered and was nominated",
        arguments: 1...5 as ClosedRange<UInt64>
    )
    func follows(seed: UInt64) throws {
        var network = Self.connected(seed: seed)
        let before = network.sides[1].agent.selectedPair(of: Self.path)?.remote
        #expect(before?.address == Self.outside(1_000))
        #expect(before?.kind == .peerReflexive)
        network.mappings = [Party.left.address(5_001): Self.outside(2_000)]
        let hasMoved = network.run(for: .seconds(20)) {
            $0[1].agent.selectedPair(of: Self.path)?.remote.address == Self.outside(2_000)
        }
        #expect(hasMoved)
        let first = network.sides[1].sent.first { $0.datagram.destination == Self.outside(2_000) }
        // Half a round trip of 100 ms for the answer, and as much again for the nomination.
        let time = try #require(first).at.duration(to: network.now)
        #expect(time <= .milliseconds(250))
        network.run(for: .seconds(60))
        #expect(network.sides.allSatisfy { $0.agent.state == .completed })
        let after = network.sides[1].agent.selectedPair(of: Self.path)?.remote
        #expect(after?.address == Self.outside(2_000))
    }

    @Test("the controlling side keeps the pair it has agreed on", arguments: [true, false])
    func keeps(renominates: Bool) throws {
        var network = Self.connected(seed: 1)
        if renominates {
            network = VirtualNetwork.pair(
                mappings: [Party.left.address(5_001): Self.outside(1_000)],
                renominates: true
            )
            network.connect()
            network.run(for: .seconds(20))
        }
        let states = network.sides[0].states.count
        let pair = network.sides[0].agent.statistics.pairs.first { $0.isSelected }?.id
        network.mappings = [Party.left.address(5_001): Self.outside(2_000)]
        network.run(for: .seconds(40))
        let now = network.sides[0]
        #expect(now.states.count == states)
        #expect(now.agent.statistics.pairs.first { $0.isSelected }?.id == pair)
        let mapped = now.agent.selectedPair(of: Self.path)?.local.address
        #expect(mapped == Self.outside(2_000))
    }

    /// Answers every request of the only side, as seen from `mapped`.
    static func answer(
        _ network: inout VirtualNetwork,
        since count: Int,
        seenAs mapped: SocketAddress,
        refusingNominations: Bool = false
    ) throws {
        for (_, datagram) in requests(Array(network.sides[0].sent.dropFirst(count))) {
            let bytes = datagram.payload
            let packet = try STUNPacket(parsing: bytes.span)
            let isRefused = refusingNominations && packet.has(.useCandidate, in: bytes.span)
            let answer = try HostileResponseTests.response(
                packet.transactionID,
                attributes: isRefused
                    ? [.errorCode(.badRequest, reason: "")] : [.xorMappedAddress(mapped)],
                messageClass: isRefused ? .error : .success
            )
            network.with(0) {
                $0.receive(answer.span, from: datagram.destination, on: datagram.source, at: $1)
            }
        }
    }

    @Test("a nomination that is refused takes no path away that was agreed on before")
    func refusedAgain() throws {
        let inside = Party.left.address(5_001)
        var network = VirtualNetwork([Party.left.side(.controlling)])
        network.with(0) { agent, now in
            agent.add(remote: Party.right.candidates()[0], to: 0, at: now)
            agent.setRemote(Party.right.credentials, of: 0, at: now)
        }
        var count = 0
        func step(_ mapped: SocketAddress, refusing: Bool) throws {
            let sent = network.sides[0].sent.count
            try Self.answer(
                &network,
                since: count,
                seenAs: mapped,
                refusingNominations: refusing
            )
            count = sent
            network.run(for: .milliseconds(100))
        }
        for _ in 0..<20 { try step(inside, refusing: false) }
        #expect(network.sides[0].agent.state == .completed)
        let changes = network.sides[0].states.count
        for _ in 0..<100 { try step(Self.outside(2_000), refusing: true) }
        #expect(network.sides[0].states.count == changes)
        #expect(network.sides[0].agent.selectedPair(of: Self.path) != nil)
        let nominations = try requests(network.sides[0].sent).compactMap { entry in
            let bytes = entry.datagram.payload
            let packet = try STUNPacket(parsing: bytes.span)
            return packet.has(.useCandidate, in: bytes.span) ? packet.transactionID : nil
        }
        #expect(Set(nominations).count == 2)
    }
}
