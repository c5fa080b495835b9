import ICE
import Testing
import Wire

@Suite("The owner learns at once that a path is lost, RFC 7675 §5.1")
struct PathLossTests {
    static let path = ConnectTests.path

    @Test("told at 30 s, once, though other pairs are still being checked", arguments: [0, 1])
    func whileOthersAreChecked(side: Int) throws {
        var network = VirtualNetwork.pair()
        var nobody = Party(number: 2 - side).candidates()[0]
        nobody.address.port = 9
        network.with(side) { $0.add(remote: nobody, to: 0, at: $1) }
        network.connect()
        network.run(for: .seconds(50))
        #expect(network.sides[side].lost.isEmpty)
        let answers = network.sides[side].agent.statistics.pairs[0].responsesReceived
        network.run(for: .seconds(20)) {
            $0[side].agent.statistics.pairs[0].responsesReceived > answers
        }
        let lastAnswer = network.now
        network.passes = { _ in false }
        network.run(for: .seconds(31))
        let lost = network.sides[side].lost
        #expect(lost.map(\.component) == [Self.path])
        #expect(lost.first.map { lastAnswer.duration(to: $0.at) } == .seconds(30))
        #expect(network.sides[side].agent.state == .disconnected)
        #expect(network.sides[side].agent.selectedPair(of: Self.path) == nil)
    }

    @Test("told of a path that an unfinished restart had left in use")
    func ofThePreviousSession() throws {
        var network = VirtualNetwork.pair()
        network.connect()
        network.passes = { _ in false }
        // The peer's half arrives, and none of its checks.
        network.with(0) { agent, now in
            agent.restart(stream: 0, credentials: RestartTests.fresh(.left), at: now)
            agent.setRemote(RestartTests.fresh(.right), of: 0, at: now)
        }
        network.run(for: .seconds(31))
        #expect(network.sides[0].lost.map(\.component) == [Self.path])
        #expect(network.sides[0].agent.selectedPair(of: Self.path) == nil)
    }

    @Test("told when the address of the only path goes, and of the next path when it is found")
    func withTheAddress() throws {
        var network = VirtualNetwork.pair()
        network.connect()
        let old = Party.left.address(5_001)
        network.with(0) { $0.remove(localAddress: old, at: $1) }
        #expect(network.sides[0].lost.count == 1)
        let new = Candidate.host(Party.left.address(6_000))
        network.sides[0].addresses = [new.address]
        network.with(0) { $0.add(local: new, to: 0, at: $1) }
        network.connect()
        #expect(network.base(0) == new.address)
        #expect(network.sides[0].lost.count == 1)
        #expect(network.sides[0].selected.count >= 2)
    }
}
