import ICE
import STUN
import Support
import Testing
import Wire

@Suite("Relays that let no packets pass (RFC 8656 §10.3)")
struct RelayRefusalTests {
    private let local = Party.left.address(5_000)
    private let peer = Party.right.address(5_001)

    /// An agent with one pair, whose check has left.
    private func agent() -> ICEAgent {
        var network = VirtualNetwork([
            TrickleTests.bareSide(.left, .controlling, seed: 1),
            TrickleTests.bareSide(.right, .controlled, seed: 1),
        ])
        network.with(0) { agent, now in
            agent.add(local: .host(local), to: 0, at: now)
            agent.add(remote: .host(peer), to: 0, at: now)
            agent.setRemote(Party.right.credentials, of: 0, at: now)
        }
        return network.sides[0].agent
    }

    @Test("the pair fails at once, and says why")
    func fails() {
        var agent = agent()
        #expect(agent.statistics.pairs.map(\.state) == [.inProgress])
        agent.relayRefused(from: local, to: peer.address, code: 403, at: .zero)
        #expect(agent.statistics.pairs.map(\.failure) == [.relayRefused(code: 403)])
        #expect(
            agent.statistics.events.contains {
                $0.kind == .pairFailed(pair: agent.statistics.pairs[0].id, .relayRefused(code: 403))
            }
        )
    }

    @Test("other pairs, and pairs that work, go on")
    func others() {
        var agent = agent()
        agent.relayRefused(from: Party.left.address(5_009), to: peer.address, code: 403, at: .zero)
        agent.relayRefused(from: local, to: Party.left.address(1).address, code: 403, at: .zero)
        #expect(agent.statistics.pairs.map(\.state) == [.inProgress])
        var network = TCPTests.network(left: [], right: [], udp: true)
        let isConnected = network.connect()
        #expect(isConnected)
        let path = network.sides[0].agent.selectedPair(of: TCPTests.path)
        network.with(0) { agent, now in
            guard let path else { return }
            agent.relayRefused(
                from: path.local.base,
                to: path.remote.address.address,
                code: 403,
                at: now
            )
        }
        #expect(network.sides[0].agent.selectedPair(of: TCPTests.path) == path)
    }
}
