import ICE
import Testing
import Wire

@Suite("An ICE restart that nobody answers, RFC 8445 §9")
struct UnansweredRestartTests {
    static let path = ConnectTests.path

    @Test("when its old path is lost, the connection has failed", arguments: [0, 1])
    func failure(side: Int) throws {
        var network = VirtualNetwork.pair()
        network.connect()
        network.run(for: .seconds(10))
        network.passes = { _ in false }
        network.run(for: .seconds(15)) { $0[side].agent.state == .disconnected }
        let party = Party(number: side + 1)
        network.with(side) {
            $0.restart(stream: 0, credentials: RestartTests.fresh(party), at: $1)
        }
        network.run(for: .seconds(100))
        let states = network.sides[side].states.map(\.state)
        #expect(states.drop { $0 != .disconnected } == [.disconnected, .failed])
        #expect(network.sides[side].agent.selectedPair(of: Self.path) == nil)
        // The answer comes after all.
        network.passes = { _ in true }
        network.with(1 - side) { agent, now in
            let fresh = RestartTests.fresh(party.other)
            agent.restart(stream: 0, credentials: fresh, at: now)
            agent.setRemote(RestartTests.fresh(party), of: 0, at: now)
            agent.add(remote: party.candidates()[0], to: 0, at: now)
        }
        network.with(side) { agent, now in
            agent.setRemote(RestartTests.fresh(party.other), of: 0, at: now)
            agent.add(remote: party.other.candidates()[0], to: 0, at: now)
        }
        let isConnected = network.connect(within: .seconds(2))
        #expect(isConnected)
        #expect(network.brokenLaws.isEmpty)
    }

    @Test("another path takes over when the one in use breaks")
    func failover() throws {
        var network = FailoverTests.connected()
        network.with(0) {
            $0.restart(stream: 0, credentials: RestartTests.fresh(.left), at: $1)
        }
        let broken = try #require(network.base(0))
        network.cut(broken)
        network.run(for: .seconds(60))
        #expect(network.sides.allSatisfy { $0.agent.selectedPair(of: Self.path) != nil })
        #expect(network.base(0) != broken)
        #expect(network.sides[0].states.allSatisfy { $0.state != .failed })
        // The answer brings what is missing, and not one restart more.
        #expect(network.sides[0].advice.isEmpty)
    }

    @Test("a path that is still lost when a restart is taken back is worth another")
    func advisedAgain() throws {
        var network = VirtualNetwork.pair()
        network.connect()
        network.passes = { _ in false }
        network.run(for: .seconds(15)) { !$0[0].advice.isEmpty }
        network.with(0) {
            $0.restart(stream: 0, credentials: RestartTests.fresh(.left), at: $1)
        }
        network.run(for: .seconds(5))
        #expect(network.sides[0].advice.map(\.reason) == [.pathLost])
        network.with(0) { $0.takeBackRestart(of: 0, at: $1) }
        network.run(for: .seconds(5))
        #expect(network.sides[0].advice.map(\.reason) == [.pathLost, .pathLost])
    }

    @Test("what is taken back leaves no trace, and a later restart works")
    func takenBack() {
        var network = FailoverTests.connected()
        let offered = RestartTests.fresh(.left)
        network.with(0) { $0.restart(stream: 0, credentials: offered, at: $1) }
        #expect(network.sides[0].agent.localCredentials(of: 0) == offered)
        network.with(0) { $0.takeBackRestart(of: 0, at: $1) }
        #expect(network.sides[0].agent.localCredentials(of: 0) == Party.left.credentials)
        network.run(for: .seconds(60))
        #expect(network.sides.allSatisfy { $0.agent.state == .completed })
        let selected = network.sides.map(\.selected.count)
        #expect(selected == [1, 1])

        network.with(0) { $0.restart(stream: 0, credentials: offered, at: $1) }
        network.with(1) { agent, now in
            agent.restart(stream: 0, credentials: RestartTests.fresh(.right), at: now)
            agent.setRemote(offered, of: 0, at: now)
            agent.add(remote: Party.left.candidates()[0], to: 0, at: now)
        }
        // Checks of the peer overtake its answer.
        network.run(for: .milliseconds(100))
        network.with(0) { $0.setRemote(RestartTests.fresh(.right), of: 0, at: $1) }
        let isConnected = network.run(for: .seconds(1)) { sides in
            sides.allSatisfy { $0.selected.count == 2 && $0.agent.state == .completed }
        }
        #expect(isConnected)
    }
}
