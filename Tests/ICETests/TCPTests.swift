import ICE
import STUN
import Support
import Testing
import Wire

@Suite("ICE over TCP, RFC 6544")
struct TCPTests {
    static let path = ConnectTests.path

    static func tcp(
        _ party: Party,
        _ kind: CandidateTransport.TCPKind,
        port: UInt16 = 5_001
    ) -> Candidate {
        .host(party.address(kind == .active ? 9 : port), transport: .tcp(kind))
    }

    /// Two sides whose only candidates are these; they know each other.
    static func network(
        left: [CandidateTransport.TCPKind],
        right: [CandidateTransport.TCPKind],
        udp: Bool = false
    ) -> VirtualNetwork {
        func side(_ party: Party, _ role: ICERole) -> VirtualNetwork.Side {
            TrickleTests.bareSide(party, role, seed: 1)
        }
        var network = VirtualNetwork([side(.left, .controlling), side(.right, .controlled)])
        for (index, party, own, theirs) in [(0, Party.left, left, right), (1, .right, right, left)]
        {
            let candidates = own.map { tcp(party, $0) } + (udp ? party.candidates() : [])
            let others =
                theirs.map { tcp(party.other, $0) }
                + (udp ? party.other.candidates() : [])
            network.sides[index].addresses += candidates.map(\.address)
            network.with(index) { agent, now in
                for candidate in candidates { agent.add(local: candidate, to: 0, at: now) }
                for candidate in others { agent.add(remote: candidate, to: 0, at: now) }
                agent.setRemote(party.other.credentials, of: 0, at: now)
            }
        }
        return network
    }

    @Test("an active candidate connects to a passive one, and both sides use the connection")
    func activeAndPassive() throws {
        var network = Self.network(left: [.active], right: [.passive])
        let isConnected = network.connect()
        #expect(isConnected)
        let left = network.sides[0]
        let right = network.sides[1]
        #expect(left.opened.map(\.from) == [Party.left.address(9)])
        #expect(left.opened.map(\.to) == [Party.right.address(5_001)])
        #expect(right.opened.isEmpty)
        #expect(left.sent.allSatisfy { $0.datagram.transport == .tcp })
        let ours = try #require(left.agent.selectedPair(of: Self.path))
        let theirs = try #require(right.agent.selectedPair(of: Self.path))
        // The port that the system chose is known from the answer only (RFC 6544 §7.1).
        #expect(ours.local.address == left.opened.first?.outside)
        #expect(ours.local.kind == .peerReflexive)
        #expect(ours.local.base == Party.left.address(9))
        #expect(theirs.remote.address == left.opened.first?.outside)
        #expect(theirs.remote.transport == .tcp(.active))
        let isValidated = left.agent.isValidated(
            remote: Party.right.address(5_001),
            on: Party.left.address(9),
            over: .tcp,
            component: Self.path
        )
        #expect(isValidated)
        // One round trip to connect, one to check, one to nominate.
        #expect(left.time(of: .connected) == .milliseconds(200))
        #expect(left.time(of: .completed) == .milliseconds(300))
        network.run(for: .seconds(60))
        #expect(network.sides.allSatisfy { $0.agent.state == .completed })
        #expect(network.brokenLaws.isEmpty)
    }

    @Test(
        "pairs are those of opposite directions, and none for those who wait",
        arguments: CandidateTransport.TCPKind.all,
        CandidateTransport.TCPKind.all
    )
    func pairing(left: CandidateTransport.TCPKind, right: CandidateTransport.TCPKind) {
        let network = Self.network(left: [left], right: [right])
        let isPair =
            left == .active && right == .passive
            || left == .simultaneousOpen && right == .simultaneousOpen
        #expect(network.sides[0].agent.statistics.pairs.count == (isPair ? 1 : 0))
        #expect(network.sides[0].opened.count == (isPair ? 1 : 0))
    }

    @Test("UDP and TCP do not mix, and UDP goes first")
    func udpFirst() {
        var network = Self.network(left: [.active], right: [.passive], udp: true)
        #expect(network.sides[0].agent.statistics.pairs.count == 2)
        let isConnected = network.connect()
        #expect(isConnected)
        let pair = network.sides[0].agent.selectedPair(of: Self.path)
        #expect(pair?.local.transport == .udp)
    }

    @Test("where UDP does not pass, TCP does")
    func udpBlocked() {
        var network = Self.network(left: [.active], right: [.passive], udp: true)
        network.passes = { $0.transport == .tcp }
        let isConnected = network.connect()
        #expect(isConnected)
        #expect(
            network.sides.allSatisfy {
                $0.agent.selectedPair(of: Self.path)?.local.transport != .udp
            }
        )
    }

    @Test("a refused connection fails the pair; what TCP carries is not sent twice")
    func refused() {
        var network = Self.network(left: [.active], right: [.passive])
        network.listens = { _ in false }
        network.run(for: .seconds(1))
        let pair = network.sides[0].agent.statistics.pairs.first
        #expect(pair?.failure == .connectionFailed)
        #expect(network.sides[0].sent.isEmpty)
        network = Self.network(left: [.active], right: [.passive])
        network.passes = { _ in false }
        network.run(for: .seconds(38))
        #expect(requests(network.sides[0].sent).count == 1)
        network.run(for: .seconds(5))
        #expect(network.sides[0].agent.statistics.pairs.first?.failure == .timedOut)
        #expect(network.sides[0].closed.count == 1)
    }

    @Test("a connection that does not open in time is given up")
    func neverOpens() {
        var agent = ICEAgent(role: .controlling, entropy: .seed(1))
        agent.addStream(0, credentials: Party.left.credentials)
        agent.add(local: Self.tcp(.left, .active), to: 0, at: .zero)
        agent.setRemote(Party.right.credentials, of: 0, at: .zero)
        agent.add(remote: Self.tcp(.right, .passive), to: 0, at: .zero)
        let run = agent.run(for: .seconds(60))
        #expect(run.brokenLaws.isEmpty)
        #expect(agent.statistics.pairs.first?.failure == .connectionFailed)
        #expect(agent.state == .failed)
        let closes = run.outputs.contains { entry in
            guard case .disconnect = entry.output else { return false }
            return entry.at == Instant.zero.advanced(by: .milliseconds(39_500))
        }
        #expect(closes)
        #expect(agent.deadline == nil)
    }

    @Test("a closed connection ends the path at once, and a restart is advised")
    func closed() throws {
        var network = Self.network(left: [.active], right: [.passive])
        network.connect()
        network.run(for: .seconds(3))
        let connection = try #require(network.sides[0].opened.first)
        network.listens = { _ in false }
        network.connections = []
        network.with(0) { $0.tcpFailed(from: connection.from, to: connection.to, at: $1) }
        #expect(network.sides[0].agent.selectedPair(of: Self.path) == nil)
        #expect(network.sides[0].agent.state == .disconnected)
        #expect(network.sides[0].advice.map(\.reason) == [.pathLost])
        network.run(for: .seconds(60))
        #expect(network.sides[0].agent.state == .failed)
    }

    @Test("a closed connection is opened again when nothing else works")
    func reopened() throws {
        var network = Self.network(left: [.active], right: [.passive])
        network.connect()
        let connection = try #require(network.sides[0].opened.first)
        network.connections = []
        network.with(0) { $0.tcpFailed(from: connection.from, to: connection.to, at: $1) }
        let isBack = network.run(for: .seconds(5)) { $0[0].agent.state == .completed }
        #expect(isBack)
        #expect(network.sides[0].opened.count == 2)
    }

    @Test("a connection whose check comes before the answer is kept for it")
    func early() {
        var network = VirtualNetwork([
            TrickleTests.bareSide(.left, .controlling, seed: 1),
            TrickleTests.bareSide(.right, .controlled, seed: 1),
        ])
        let active = Self.tcp(.left, .active)
        let passive = Self.tcp(.right, .passive)
        network.sides[0].addresses.append(active.address)
        network.sides[1].addresses.append(passive.address)
        network.with(1) { $0.add(local: passive, to: 0, at: $1) }
        network.with(0) { agent, now in
            agent.add(local: active, to: 0, at: now)
            agent.add(remote: passive, to: 0, at: now)
            agent.setRemote(Party.right.credentials, of: 0, at: now)
        }
        network.run(for: .milliseconds(300))
        network.with(1) { $0.setRemote(Party.left.credentials, of: 0, at: $1) }
        let isConnected = network.connect()
        #expect(isConnected)
        #expect(network.sides[0].opened.count == 1)
    }

    @Test("closing gives back the connections")
    func closing() {
        var network = Self.network(left: [.active], right: [.passive])
        network.connect()
        network.with(0) { $0.close(at: $1) }
        #expect(network.sides[0].closed.map(\.to) == [Party.right.address(5_001)])
    }
}

extension CandidateTransport.TCPKind {
    static let all: [CandidateTransport.TCPKind] = [.active, .passive, .simultaneousOpen]

    var isActive: Bool { self == .active }
}
