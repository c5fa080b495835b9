import ICE
import Testing
import Wire

@Suite("ICE restart, RFC 8445 §9")
struct RestartTests {
    static let path = ConnectTests.path

    static func fresh(_ party: Party) -> ICECredentials {
        ICECredentials(
            usernameFragment: "fresh\(party.number)",
            password: "fresh-password-of-party-\(party.number)"
        )
    }

    @Test("the old path carries on until the new one works")
    func oldPathIsKept() throws {
        var network = VirtualNetwork.pair()
        network.connect()
        network.with(0) { $0.restart(stream: 0, credentials: Self.fresh(.left), at: $1) }
        #expect(network.sides[0].agent.localCredentials(of: 0) == Self.fresh(.left))
        network.run(for: .seconds(60))
        #expect(network.sides[0].agent.state == .completed)
        #expect(network.sides[1].agent.state == .completed)
        #expect(network.sides[0].agent.selectedPair(of: Self.path) != nil)

        // The offer reaches the right side, which answers with credentials of its own.
        network.with(1) { agent, now in
            agent.restart(stream: 0, credentials: Self.fresh(.right), at: now)
            agent.setRemote(Self.fresh(.left), of: 0, at: now)
            agent.add(remote: Party.left.candidates()[0], to: 0, at: now)
        }
        network.run(for: .seconds(1))
        #expect(network.sides[1].agent.selectedPair(of: Self.path) != nil)
        let before = network.sides[0].selected.count
        network.with(0) { agent, now in
            agent.setRemote(Self.fresh(.right), of: 0, at: now)
            agent.add(remote: Party.right.candidates()[0], to: 0, at: now)
        }
        network.run(for: .seconds(1))
        #expect(network.sides[0].selected.count == before + 1)
        #expect(network.sides.allSatisfy { $0.agent.state == .completed })
        let states = network.sides.flatMap { $0.states.dropFirst().map(\.state) }
        #expect(Set(states) == [.connected, .completed])
        // One pair each: the old session has gone.
        #expect(network.sides.allSatisfy { $0.agent.statistics.pairs.count == 1 })
        network.run(for: .seconds(60))
        #expect(network.sides.allSatisfy { $0.agent.state == .completed })
        #expect(network.brokenLaws.isEmpty)
    }

    @Test("new credentials of the peer are a restart, whichever half comes first")
    func remoteRestart() {
        var network = VirtualNetwork.pair()
        network.connect()
        network.with(0) { $0.restart(stream: 0, credentials: Self.fresh(.left), at: $1) }
        network.with(1) { agent, now in
            agent.setRemote(Self.fresh(.left), of: 0, at: now)
            agent.restart(stream: 0, credentials: Self.fresh(.right), at: now)
            agent.add(remote: Party.left.candidates()[0], to: 0, at: now)
        }
        network.with(0) { agent, now in
            agent.setRemote(Self.fresh(.right), of: 0, at: now)
            agent.add(remote: Party.right.candidates()[0], to: 0, at: now)
        }
        network.run(for: .seconds(1))
        #expect(network.sides.allSatisfy { $0.selected.count == 2 })
        #expect(network.sides.allSatisfy { $0.agent.state == .completed })
        #expect(network.sides[1].agent.localCredentials(of: 0) == Self.fresh(.right))
    }

    @Test("a restart revives what had failed")
    func revival() {
        var network = VirtualNetwork.pair()
        network.connect()
        network.passes = { _ in false }
        network.run(for: .seconds(60))
        #expect(network.sides.allSatisfy { $0.agent.state == .failed })
        network.passes = { _ in true }
        // With the same credentials the path is not used again: RFC 7675 §5.1.
        network.run(for: .seconds(60))
        #expect(network.sides.allSatisfy { $0.agent.state == .failed })
        for (side, party) in [(0, Party.left), (1, Party.right)] {
            network.with(side) { agent, now in
                agent.restart(stream: 0, credentials: Self.fresh(party), at: now)
                agent.setRemote(Self.fresh(party.other), of: 0, at: now)
                agent.add(remote: party.other.candidates()[0], to: 0, at: now)
            }
        }
        let isConnected = network.connect(within: .seconds(2))
        #expect(isConnected)
    }

    @Test("when the address of a path goes, another valid one is taken, or found")
    func addressGoes() throws {
        var network = VirtualNetwork.pair(hosts: 2)
        network.connect()
        let used = try #require(network.sides[0].agent.selectedPair(of: Self.path)).local.base
        network.with(0) { $0.remove(localAddress: used, at: $1) }
        let isConnected = network.run(for: .seconds(10)) {
            $0[0].agent.selectedPair(of: Self.path) != nil && $0[0].agent.state == .completed
        }
        #expect(isConnected)
        let next = try #require(network.sides[0].agent.selectedPair(of: Self.path))
        #expect(next.local.base != used)
    }
}
