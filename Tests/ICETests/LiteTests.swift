import ICE
import STUN
import Testing
import Wire

@Suite("Lite agents, RFC 8445 §2.5")
struct LiteTests {
    static let path = ConnectTests.path

    static var lite: ICEConfiguration {
        var configuration = ICEConfiguration()
        configuration.isLite = true
        return configuration
    }

    /// A full agent on the left and a lite one on the right.
    static func network(role: ICERole = .controlling, hosts: Int = 1) -> VirtualNetwork {
        var network = VirtualNetwork([
            Party.left.side(role, hosts: hosts),
            Party.right.side(.controlling, hosts: hosts, configuration: lite),
        ])
        network.with(0) { agent, now in
            agent.setRemote(Party.right.credentials, isLite: true, of: 0, at: now)
            for candidate in Party.right.candidates(hosts: hosts) {
                agent.add(remote: candidate, to: 0, at: now)
            }
        }
        network.with(1) { agent, now in
            agent.setRemote(Party.left.credentials, of: 0, at: now)
            for candidate in Party.left.candidates(hosts: hosts) {
                agent.add(remote: candidate, to: 0, at: now)
            }
        }
        return network
    }

    @Test(
        "answers, follows the nomination, and never asks",
        arguments: [ICERole.controlling, .controlled]
    )
    func follows(role: ICERole) {
        var network = Self.network(role: role, hosts: 2)
        #expect(network.sides[1].agent.role == .controlled)
        #expect(network.sides[1].agent.state == .checking)
        let isConnected = network.connect()
        #expect(isConnected)
        #expect(network.sides[0].agent.role == .controlling)
        network.run(for: .seconds(600))
        #expect(network.sides.allSatisfy { $0.agent.state == .completed })
        #expect(requests(network.sides[1].sent).isEmpty)
        let ours = network.sides[0].agent.selectedPair(of: Self.path)
        let theirs = network.sides[1].agent.selectedPair(of: Self.path)
        #expect(ours?.remote.address == theirs?.local.address)
        #expect(ours?.local.address == theirs?.remote.address)
        #expect(network.brokenLaws.isEmpty)
    }

    @Test("a check without USE-CANDIDATE selects nothing, yet proves where the peer is")
    func unselected() throws {
        var network = VirtualNetwork([Party.left.side(.controlled, configuration: Self.lite)])
        network.with(0) { $0.setRemote(Party.right.credentials, of: 0, at: $1) }
        try NominationTests.check(host: 1, nominating: false, number: 1, network: &network)
        #expect(network.sides[0].agent.selectedPair(of: Self.path) == nil)
        let isValidated = network.sides[0].agent.isValidated(
            remote: Party.right.address(5_001),
            on: Party.left.address(5_001),
            component: Self.path
        )
        #expect(isValidated)
        try NominationTests.check(host: 1, nominating: true, number: 2, network: &network)
        #expect(network.sides[0].agent.selectedPair(of: Self.path) != nil)
    }

    @Test("without the peer's checks: disconnected, then silent after 30 s, then back")
    func consent() {
        var network = Self.network()
        network.connect()
        network.run(for: .seconds(20))
        network.passes = { _ in false }
        network.run(for: .seconds(20))
        #expect(network.sides[1].agent.state == .disconnected)
        network.run(for: .seconds(20))
        #expect(network.sides[1].agent.state == .failed)
        #expect(network.sides[1].agent.selectedPair(of: Self.path) == nil)
        #expect(network.sides[1].advice.map(\.reason) == [.pathLost])
    }

    @Test("nobody comes: patient, then failed, then idle")
    func nobody() {
        var network = VirtualNetwork([Party.left.side(.controlled, configuration: Self.lite)])
        network.with(0) { $0.setRemote(Party.right.credentials, of: 0, at: $1) }
        network.run(for: .seconds(60))
        #expect(network.sides[0].time(of: .failed) == .milliseconds(39_500))
        #expect(network.sides[0].agent.deadline == nil)
        #expect(network.sides[0].sent.isEmpty)
    }

    @Test("a peer that wants to be controlled is told otherwise")
    func conflict() throws {
        var network = VirtualNetwork([Party.left.side(.controlled, configuration: Self.lite)])
        network.with(0) { $0.setRemote(Party.right.credentials, of: 0, at: $1) }
        let answer = try HostileTests.answer(to: HostileTests.request(), in: &network)
        #expect(HostileTests.error(answer) == .roleConflict)
        #expect(network.sides[0].agent.role == .controlled)
    }

    @Test("has host candidates only, and says what it ignored")
    func hostOnly() {
        var agent = ICEAgent(role: .controlled, configuration: Self.lite, entropy: .seed(1))
        agent.addStream(0, credentials: Party.left.credentials)
        let reflexive = Candidate.serverReflexive(
            Party.right.address(),
            base: Party.left.address()
        )
        agent.add(local: reflexive, to: 0, at: .zero)
        agent.add(local: TCPTests.tcp(.left, .active), to: 0, at: .zero)
        agent.add(local: TCPTests.tcp(.left, .passive), to: 0, at: .zero)
        let ignored = agent.statistics.ignoredCandidates
        #expect(ignored.map(\.reason) == [.notForLite, .notForLite])
        #expect(ignored.allSatisfy { !$0.isRemote })
    }
}
