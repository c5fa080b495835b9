import ICE
import STUN
import Testing
import Wire

@Suite("Candidates and credentials in any order, RFC 8838")
struct TrickleTests {
    /// One thing that signalling may bring, or the host may find.
    enum Event: CaseIterable, Sendable {
        case leftLocal, rightLocal, leftRemote, rightRemote, leftCredentials, rightCredentials
    }

    static func bareSide(_ party: Party, _ role: ICERole, seed: UInt64) -> VirtualNetwork.Side {
        var agent = ICEAgent(role: role, entropy: .seed(seed &+ UInt64(party.number)))
        agent.addStream(0, credentials: party.credentials)
        return VirtualNetwork.Side(agent: agent, addresses: [party.address(5_001)])
    }

    static func carryOut(_ event: Event, in network: inout VirtualNetwork) {
        let own = { (party: Party) in party.candidates()[0] }
        switch event {
        case .leftLocal: network.with(0) { $0.add(local: own(.left), to: 0, at: $1) }
        case .rightLocal: network.with(1) { $0.add(local: own(.right), to: 0, at: $1) }
        case .leftRemote: network.with(0) { $0.add(remote: own(.right), to: 0, at: $1) }
        case .rightRemote: network.with(1) { $0.add(remote: own(.left), to: 0, at: $1) }
        case .leftCredentials:
            network.with(0) { $0.setRemote(Party.right.credentials, of: 0, at: $1) }
        case .rightCredentials:
            network.with(1) { $0.setRemote(Party.left.credentials, of: 0, at: $1) }
        }
    }

    @Test("whatever comes first, the path is found", arguments: 0..<60 as Range<UInt64>)
    func anyOrder(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        var network = VirtualNetwork(
            [
                Self.bareSide(.left, .controlling, seed: seed),
                Self.bareSide(.right, .controlled, seed: seed),
            ],
            seed: seed
        )
        for event in Event.allCases.shuffled(using: &generator) {
            Self.carryOut(event, in: &network)
            network.run(for: .milliseconds(Int.random(in: 0...400, using: &generator)))
        }
        let isConnected = network.connect(within: .seconds(10))
        #expect(isConnected)
        #expect(network.brokenLaws.isEmpty)
    }

    @Test("checks that arrive before the answer are answered, remembered and used at once")
    func earlyChecks() throws {
        var network = VirtualNetwork([
            Self.bareSide(.left, .controlling, seed: 1),
            Self.bareSide(.right, .controlled, seed: 1),
        ])
        for event in [Event.leftLocal, .rightLocal, .rightRemote, .rightCredentials] {
            Self.carryOut(event, in: &network)
        }
        // The left side offered and has no answer yet; the right one checks already.
        network.run(for: .milliseconds(300))
        #expect(network.sides[0].sent.count >= 1)
        #expect(requests(network.sides[0].sent).isEmpty)
        #expect(network.sides[0].agent.state == .new)
        #expect(network.sides[1].agent.state == .connected)
        let isHeard = network.sides[0].agent.hasHeard(
            from: Party.right.address(5_001),
            on: Party.left.address(5_001),
            component: ConnectTests.path
        )
        #expect(isHeard)

        // The answer comes, without a single candidate: the check leaves in the same moment.
        Self.carryOut(.leftCredentials, in: &network)
        let first = try #require(requests(network.sides[0].sent).first)
        #expect(first.at == network.now)
        #expect(first.datagram.destination == Party.right.address(5_001))
        let start = network.now
        let isConnected = network.connect()
        #expect(isConnected)
        #expect(start.duration(to: network.now) == .milliseconds(200))
    }

    @Test("a peer-reflexive candidate learns its true kind when signalling brings it")
    func lateCandidate() throws {
        var network = VirtualNetwork([
            Self.bareSide(.left, .controlling, seed: 1),
            Self.bareSide(.right, .controlled, seed: 1),
        ])
        for event in Event.allCases where event != .leftRemote {
            Self.carryOut(event, in: &network)
        }
        let isConnected = network.connect()
        #expect(isConnected)
        let before = try #require(network.sides[0].agent.selectedPair(of: ConnectTests.path))
        #expect(before.remote.kind == .peerReflexive)
        Self.carryOut(.leftRemote, in: &network)
        let after = try #require(network.sides[0].agent.selectedPair(of: ConnectTests.path))
        #expect(after.remote == Party.right.candidates()[0])
        #expect(network.sides[0].agent.statistics.pairs.count == 1)
    }

    @Test("a failed search revives when a candidate comes late")
    func revival() {
        var network = VirtualNetwork([
            Self.bareSide(.left, .controlling, seed: 1),
            Self.bareSide(.right, .controlled, seed: 1),
        ])
        for event in [Event.leftLocal, .leftCredentials, .rightLocal, .rightCredentials] {
            Self.carryOut(event, in: &network)
        }
        network.run(for: .seconds(50))
        #expect(network.sides[0].agent.state == .failed)
        Self.carryOut(.leftRemote, in: &network)
        let isConnected = network.connect(within: .seconds(2))
        #expect(isConnected)
    }
}
