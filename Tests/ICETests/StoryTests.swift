import ICE
import STUN
import Testing
import Wire

@Suite("What an agent tells of itself")
struct StoryTests {
    @Test("a pair tells its round trips, its requests and when it was selected")
    func pairStatistics() throws {
        var network = VirtualNetwork.pair()
        network.connect()
        network.run(for: .seconds(60))
        let pair = try #require(network.sides[0].agent.statistics.pairs.first)
        #expect(pair.state == .succeeded)
        #expect(pair.isNominated && pair.isSelected && !pair.isBackup)
        #expect(pair.roundTripTime == .milliseconds(100))
        #expect(pair.currentRoundTripTime == .milliseconds(100))
        #expect(pair.roundTripTimeMeasurements == pair.responsesReceived)
        #expect(pair.totalRoundTripTime == .milliseconds(100 * pair.responsesReceived))
        #expect((10...16).contains(pair.consentRequestsSent))
        // An ordinary check, a triggered one, and the nomination.
        #expect(pair.requestsSent == pair.consentRequestsSent + 3)
        #expect(pair.lastSelected == Instant.zero.advanced(by: .milliseconds(100)))
        #expect(pair.requestsReceived == pair.responsesSent)
        #expect(pair.failure == nil)
    }

    @Test("the events of a call, in order, with their times")
    func events() {
        var network = VirtualNetwork.pair()
        network.connect()
        let events = network.sides[0].agent.statistics.events
        let (left, right) = (Party.left.address(5_001), Party.right.address(5_001))
        let component = ConnectTests.path
        let roundTrip = Duration.milliseconds(100)
        #expect(
            events.map(\.kind) == [
                .pairFormed(pair: 1, from: left, to: right),
                .checkStarted(pair: 1),
                .stateChanged(.checking),
                .pairSucceeded(pair: 1, roundTripTime: roundTrip),
                .selected(component, pair: 1),
                .stateChanged(.connected),
                .pairNominated(pair: 1),
                .stateChanged(.completed),
            ]
        )
        #expect(
            events.map { Instant.zero.duration(to: $0.at).inMilliseconds }
                == [0, 0, 0, 100, 100, 100, 200, 200]
        )
        #expect(network.sides[0].agent.statistics.forgottenEvents == 0)
    }

    @Test("why each pair failed")
    func failures() throws {
        var network = FailoverTests.connected()
        let broken = try #require(network.base(0))
        network.cut(broken)
        network.run(for: .seconds(45))
        let statistics = network.sides[0].agent.statistics
        let failed = statistics.pairs.filter { $0.failure != nil }
        let told = statistics.events.contains { event in
            guard case .pairDoubted(let pair) = event.kind else { return false }
            return failed.contains { $0.id == pair }
        }
        #expect(told)
        // Data had left it before its consent ran out (RFC 7675 §5.1), so it may be tried again.
        let left = try #require(failed.first { $0.lastSelected != nil })
        #expect(left.failure == .timedOut)
        #expect(left.pair.local.base == broken)
    }

    @Test("ignored candidates and the reasons, the newest of them")
    func ignoredCandidates() throws {
        var network = HostileTests.single()
        let good = Party.right.candidates()[0]
        var strange = good
        strange.component = 2
        var nowhere = good
        nowhere.address.port = 0
        network.with(0) { agent, now in
            for candidate in [good, good, strange, nowhere] {
                agent.add(remote: candidate, to: 0, at: now)
            }
            agent.add(local: Party.left.candidates()[0], to: 0, at: now)
        }
        let statistics = network.sides[0].agent.statistics
        let ignored = statistics.ignoredCandidates
        #expect(ignored.map(\.candidate) == [good, strange, nowhere, Party.left.candidates()[0]])
        #expect(
            ignored.map(\.reason) == [
                .duplicate, .unknownComponent, .unusableAddress, .duplicate,
            ]
        )
        #expect(ignored.map(\.isRemote) == [true, true, true, false])
        network.with(0) { agent, now in
            for _ in 0..<100 { agent.add(remote: good, to: 0, at: now) }
        }
        #expect(network.sides[0].agent.statistics.ignoredCandidates.count == 8)
        #expect(network.sides[0].agent.statistics.ignoredCandidateCount == 104)
    }

    @Test("the log is bounded, keeps the newest, and says how much it forgot")
    func bounded() {
        var configuration = ICEConfiguration()
        configuration.maximumEvents = 10
        var network = VirtualNetwork.pair(hosts: 5, configuration: configuration)
        network.connect()
        network.run(for: .seconds(100))
        let statistics = network.sides[0].agent.statistics
        #expect(statistics.events.count == 10)
        #expect(statistics.forgottenEvents > 10)
        let times = statistics.events.map(\.at)
        #expect(times == times.sorted())
        configuration.maximumEvents = 0
        configuration.maximumIgnoredCandidates = 0
        network = VirtualNetwork.pair(hosts: 2, configuration: configuration)
        network.connect()
        #expect(network.sides[0].agent.statistics.events.isEmpty)
    }

    @Test("a pair that had to give way to better ones is in the story")
    func limitReached() {
        var configuration = ICEConfiguration()
        configuration.maximumPairs = 2
        var network = VirtualNetwork([Party.left.side(.controlling, configuration: configuration)])
        network.with(0) { agent, now in
            agent.setRemote(Party.right.credentials, of: 0, at: now)
            for candidate in Party.right.candidates(hosts: 4).reversed() {
                agent.add(remote: candidate, to: 0, at: now)
            }
        }
        let statistics = network.sides[0].agent.statistics
        #expect(statistics.pairs.count == 2)
        let dropped = statistics.events.filter { event in
            guard case .pairDropped(_, .limitReached) = event.kind else { return false }
            return true
        }
        #expect(!dropped.isEmpty)
    }
}
