import ICE
import STUN
import Testing
import Wire

@Suite("Frozen pairs of several streams and components, RFC 8445 §6.1.2.6 and §6.1.4.2")
struct FreezingTests {
    /// A left side with several streams of two components, whose peer answers nothing.
    static func network(streams: Int, hosts: Int = 1) -> VirtualNetwork {
        var agent = ICEAgent(role: .controlling, entropy: .seed(1))
        var addresses: [SocketAddress] = []
        for stream in 0..<streams {
            agent.addStream(stream, components: 2, credentials: Party.left.credentials)
            for candidate in candidates(of: .left, stream: stream, hosts: hosts) {
                agent.add(local: candidate, to: stream, at: .zero)
                addresses.append(candidate.address)
            }
        }
        return VirtualNetwork([VirtualNetwork.Side(agent: agent, addresses: addresses)])
    }

    static func candidates(of party: Party, stream: Int, hosts: Int) -> [Candidate] {
        (1...2).reversed().flatMap { component in
            (1...hosts).map { host in
                Candidate.host(
                    party.address(UInt16(5_000 + stream * 10 + component), host: host),
                    component: UInt8(component),
                    localPreference: UInt16(65_536 - host)
                )
            }
        }
    }

    static func introduce(_ network: inout VirtualNetwork, streams: Int, hosts: Int = 1) {
        for stream in 0..<streams {
            network.with(0) { agent, now in
                for candidate in candidates(of: .right, stream: stream, hosts: hosts) {
                    agent.add(remote: candidate, to: stream, at: now)
                }
                agent.setRemote(Party.right.credentials, of: stream, at: now)
            }
        }
    }

    static func states(_ network: VirtualNetwork) -> [ICEStatistics.Pair.State: Int] {
        let pairs = network.sides[0].agent.statistics.pairs
        return Dictionary(grouping: pairs, by: \.state).mapValues(\.count)
    }

    @Test("of one foundation, the lowest component of the first stream is checked")
    func oneOfAFoundation() {
        var network = Self.network(streams: 3)
        Self.introduce(&network, streams: 3)
        network.run(for: .milliseconds(400))
        #expect(Self.states(network) == [.inProgress: 1, .frozen: 5])
        let checked = network.sides[0].agent.statistics.pairs.first { $0.state == .inProgress }
        #expect(checked?.component == ICEComponent(stream: 0, component: 1))
    }

    @Test("a success thaws its foundation in all streams, and the checks keep the pace")
    func success() throws {
        var network = Self.network(streams: 3)
        Self.introduce(&network, streams: 3)
        let first = try #require(requests(network.sides[0].sent).first).datagram
        let id = try STUNPacket(parsing: first.payload.span).transactionID
        let answer = try HostileResponseTests.response(
            id,
            attributes: [.xorMappedAddress(first.source)]
        )
        network.with(0) {
            $0.receive(answer.span, from: first.destination, on: first.source, at: $1)
        }
        let states = Self.states(network)
        #expect(states[.frozen] == nil)
        #expect(states[.succeeded] == 1)
        network.run(for: .milliseconds(99))
        // The first of each of the two other checklists left at once; others wait for Ta.
        let ordinary = Set(requests(network.sides[0].sent).map(\.datagram.source))
        #expect((4...5).contains(ordinary.count))
    }

    @Test("checklists take turns, the whole agent keeps one pace")
    func turns() {
        var network = Self.network(streams: 2, hosts: 3)
        Self.introduce(&network, streams: 2, hosts: 3)
        network.run(for: .milliseconds(430))
        let times = requests(network.sides[0].sent).map {
            Instant.zero.duration(to: $0.at)
        }
        #expect(
            zip(times, times.dropFirst()).dropFirst().allSatisfy { $1 - $0 >= .milliseconds(50) }
        )
        let pairs = network.sides[0].agent.statistics.pairs
        let checked = pairs.filter { $0.requestsSent > 0 }
        #expect(checked.count == 9)
        #expect(pairs.count == 36)
    }

    @Test("a foundation whose check has failed lets the next one try")
    func failureThaws() {
        var network = Self.network(streams: 1)
        Self.introduce(&network, streams: 1)
        network.run(for: .milliseconds(39_600))
        #expect(Self.states(network) == [.failed: 1, .inProgress: 1])
    }
}

@Suite("Patience, RFC 8863")
struct PatienceTests {
    @Test("no candidate at all: checking until the time is over, although both sides have ended")
    func noCandidates() {
        var network = HostileTests.single()
        network.with(0) { agent, now in
            agent.endOfLocalCandidates(of: 0, at: now)
            agent.endOfRemoteCandidates(of: 0, at: now)
        }
        network.run(for: .seconds(39))
        #expect(network.sides[0].agent.state == .new)
        network.run(for: .seconds(1))
        #expect(network.sides[0].time(of: .failed) == .milliseconds(39_500))
    }

    @Test("a peer-reflexive path found in that time is as good as any")
    func foundInTime() throws {
        var network = VirtualNetwork([Party.left.side(.controlled)])
        network.with(0) { agent, now in
            agent.setRemote(Party.right.credentials, of: 0, at: now)
            agent.endOfLocalCandidates(of: 0, at: now)
            agent.endOfRemoteCandidates(of: 0, at: now)
        }
        network.run(for: .seconds(35))
        try NominationTests.check(host: 1, nominating: true, number: 1, network: &network)
        #expect(network.sides[0].agent.state == .completed)
        #expect(!network.sides[0].states.map(\.state).contains(.failed))
    }

    @Test("a candidate that comes late renews it, one that comes after the end does not")
    func renewal() {
        for hasEnded in [false, true] {
            var network = HostileTests.single()
            network.with(0) { agent, now in
                guard hasEnded else { return }
                agent.endOfLocalCandidates(of: 0, at: now)
                agent.endOfRemoteCandidates(of: 0, at: now)
            }
            network.run(for: .seconds(20))
            network.with(0) { agent, now in
                agent.add(remote: Party.right.candidates()[0], to: 0, at: now)
            }
            network.run(for: .seconds(100))
            // A check takes 39.5 s in any case.
            #expect(network.sides[0].time(of: .failed) == .milliseconds(59_500))
        }
    }
}
