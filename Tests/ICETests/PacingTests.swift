import ICE
import Testing
import Wire

@Suite("Pacing and retransmission of checks, RFC 8445 §6.1.4.2 and §14")
struct PacingTests {
    /// Times at which one side has sent requests while nobody answered.
    static func times(
        hosts: Int,
        pacing: Duration? = nil,
        configuration: ICEConfiguration = .init(),
        for limit: Duration
    ) -> [Duration] {
        var network = VirtualNetwork([
            Party.left.side(.controlling, hosts: hosts, configuration: configuration)
        ])
        network.with(0) { agent, now in
            agent.setRemote(Party.right.credentials, pacing: pacing, of: 0, at: now)
            for candidate in Party.right.candidates() {
                agent.add(remote: candidate, to: 0, at: now)
            }
        }
        network.run(for: limit)
        return network.sides[0].sent.map { Instant.zero.duration(to: $0.at) }
    }

    @Test("the first check leaves at once, the others one each Ta")
    func ordinaryChecks() {
        let times = Self.times(hosts: 5, for: .milliseconds(400))
        #expect(times == [0, 50, 100, 150, 200].map { .milliseconds($0) })
    }

    @Test(
        "the slower of both sides' pacing counts",
        arguments: [
            (20, 50), (80, 80), (50, 50),
        ]
    )
    func remotePacing(_ wish: Int, _ pacing: Int) {
        let times = Self.times(hosts: 3, pacing: .milliseconds(wish), for: .milliseconds(400))
        #expect(times == [.zero, .milliseconds(pacing), .milliseconds(2 * pacing)])
    }

    @Test("Ta never goes below 5 ms")
    func minimumPacing() {
        var configuration = ICEConfiguration()
        configuration.pacing = .zero
        let unsaid = Self.times(hosts: 2, configuration: configuration, for: .milliseconds(100))
        #expect(unsaid == [.zero, .milliseconds(50)])
        let times = Self.times(
            hosts: 3,
            pacing: .zero,
            configuration: configuration,
            for: .milliseconds(100)
        )
        #expect(times == [0, 5, 10].map { .milliseconds($0) })
    }

    @Test("an unanswered check follows the schedule of RFC 8489 §6.2.1")
    func schedule() {
        let times = Self.times(hosts: 1, for: .seconds(100))
        #expect(times == [0, 500, 1_500, 3_500, 7_500, 15_500, 31_500].map { .milliseconds($0) })
    }

    @Test(
        "once the round trip is known, twice of it is waited, at least 50 ms",
        arguments: [
            (Duration.milliseconds(50), 200), (.milliseconds(5), 50),
        ]
    )
    func roundTripTime(_ delay: Duration, _ wait: Int) throws {
        var network = VirtualNetwork.pair(link: .init(delay: delay))
        network.run(for: .seconds(1)) { $0[0].agent.state == .connected }
        // From here on nothing arrives: the nominating check just sent is repeated.
        let start = network.now
        network.passes = { _ in false }
        let before = network.sides[0].sent.count
        network.run(for: .milliseconds(wait * 4))
        let repeated = network.sides[0].sent.dropFirst(before)
        let times = repeated.map { start.duration(to: $0.at) }
        #expect(times == [.milliseconds(wait), .milliseconds(wait * 3)])
    }

    @Test("checks of the same foundation wait for the first of them")
    func frozen() {
        var network = VirtualNetwork([Party.left.side(.controlling, components: 2)])
        network.with(0) { agent, now in
            agent.setRemote(Party.right.credentials, of: 0, at: now)
            for candidate in Party.right.candidates(components: 2) {
                agent.add(remote: candidate, to: 0, at: now)
            }
        }
        network.run(for: .milliseconds(300))
        #expect(network.sides[0].sent.count == 1)
        let states = network.sides[0].agent.statistics.pairs.map(\.state)
        #expect(states == [.inProgress, .frozen])
    }

    @Test("the controlling side waits a little for a better pair, not for ever")
    func nominationDelay() throws {
        var network = VirtualNetwork.pair(hosts: 2)
        // The best pair is dead: nothing leaves the first address of the left side.
        network.passes = { datagram in
            let dead = Party.left.address(5_001, host: 1)
            return datagram.source != dead && datagram.destination != dead
        }
        let isConnected = network.connect()
        #expect(isConnected)
        let left = network.sides[0]
        let connected = try #require(left.time(of: .connected))
        #expect(left.time(of: .completed) == connected + .milliseconds(300))
    }
}
