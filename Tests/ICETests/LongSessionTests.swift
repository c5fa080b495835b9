import ICE
import STUN
import Testing
import Wire

@Suite("NATs that change their mind often, RFC 8445 §5.1.1.2 and §7.3.1.3")
struct LongSessionTests {
    @Test("the newest reflexive address of a base and a server replaces the one before")
    func reflexive() {
        var network = VirtualNetwork.pair()
        network.connect()
        for number in 1...200 as ClosedRange<UInt16> {
            let candidate = Candidate.serverReflexive(
                SocketAddress(IPAddress(v4: 0xCB00_7101), port: number),
                base: Party.left.address(5_001),
                server: PairLimitTests.relay
            )
            network.with(0) { $0.add(local: candidate, to: 0, at: $1) }
        }
        let last = Candidate.host(Party.left.address(5_001, host: 2))
        network.with(0) { $0.add(local: last, to: 0, at: $1) }
        #expect(network.sides[0].agent.statistics.ignoredCandidateCount == 0)
    }

    @Test("a peer that was seen in a hundred places is heard in the next, and its candidates taken")
    func rebinding() throws {
        var network = VirtualNetwork([Party.left.side(.controlled)])
        network.with(0) { $0.setRemote(Party.right.credentials, of: 0, at: $1) }
        for number in 0..<150 as Range<UInt32> {
            let source = SocketAddress(IPAddress(v4: 0x0B00_0001 + number), port: 7)
            let id = STUNTransactionID(high: number, low: 3)
            let packet = try HostileTests.request(id: id)
            _ = try HostileTests.answer(to: packet, from: source, in: &network)
            network.run(for: .seconds(50))
        }
        #expect(network.sides[0].agent.statistics.pairs.count <= 100)
        let next = Candidate.host(Party.right.address(5_001))
        network.with(0) { $0.add(remote: next, to: 0, at: $1) }
        #expect(network.sides[0].agent.statistics.ignoredCandidateCount == 0)
        try NominationTests.check(host: 1, nominating: true, number: 1, network: &network)
        #expect(network.sides[0].agent.selectedPair(of: ConnectTests.path) != nil)
        #expect(network.brokenLaws.isEmpty)
    }
}
