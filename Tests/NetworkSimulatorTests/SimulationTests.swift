import NetworkSimulator
import Testing
import Wire

/// Ticks a number of times; owns its count, so cannot be copied.
struct Ticker: ~Copyable, SimulatedNode {
    var deadline: Instant?
    var ticks: [Instant] = []
    let interval: Duration
    let limit: Int

    init(interval: Duration, limit: Int = .max, at now: Instant = .zero) {
        self.interval = interval
        self.limit = limit
        deadline = now.advanced(by: interval)
    }

    mutating func receive(_ datagram: Datagram, at now: Instant) {
        deadline = now.advanced(by: interval)
    }

    mutating func advance(to now: Instant) {
        ticks.append(now)
        deadline = ticks.count < limit ? now.advanced(by: interval) : nil
    }

    mutating func popTransmit() -> Datagram? { nil }
}

@Suite("The clock and the ends of a run")
struct SimulationTests {
    @Test func timersFireAtTheirDeadlines() {
        let network = Simulation(seed: 1)
        let node = Ticker(interval: .milliseconds(20), limit: 3)
        let host = network.addHost("ticker", addresses: [ip("192.0.2.1")], node: node)
        #expect(network.run(until: { false }) == .idle)
        let ticks = network.read(host) { $0.ticks.map(\.nanoseconds) }
        #expect(ticks == [20_000_000, 40_000_000, 60_000_000])
        #expect(network.now == Instant(nanoseconds: 60_000_000))
    }

    @Test func aRunEndsWhenItsConditionHolds() {
        let network = Simulation(seed: 1)
        let node = Ticker(interval: .seconds(1))
        let host = network.addHost("ticker", addresses: [ip("192.0.2.1")], node: node)
        let ending = network.run(until: { network.read(host) { $0.ticks.count == 5 } })
        #expect(ending == .done)
        #expect(network.now == Instant(nanoseconds: 5_000_000_000))
    }

    @Test func aRunEndsAtItsLimit() {
        let network = Simulation(seed: 1)
        let node = Ticker(interval: .seconds(1))
        network.addHost("ticker", addresses: [ip("192.0.2.1")], node: node)
        #expect(network.run(until: { false }, limit: .milliseconds(3_500)) == .outOfTime)
        #expect(network.now == Instant(nanoseconds: 3_500_000_000))
        #expect(network.run(for: .seconds(2)) == .done)
        #expect(network.now == Instant(nanoseconds: 5_500_000_000))
    }

    /// A deadline put off by each packet is looked at, but nothing happens and no time passes by it.
    @Test func aDeadlinePutOffIsNotKept() {
        let pair = Pair(link: .instant)
        let address = endpoint("192.0.2.77:7")
        let host = pair.network.addHost("ticker", addresses: [address.address], link: .instant) {
            Ticker(interval: .seconds(2), limit: 1, at: $0)
        }
        for second in 0..<10 {
            pair.network.at(.seconds(second)) {
                pair.network.with(pair.alice) { probe, _ in
                    probe.send([1], from: Pair.here, to: address)
                }
            }
        }
        #expect(pair.network.run(until: { false }) == .idle)
        let ticks = pair.network.read(host) { $0.ticks }
        #expect(ticks == [Instant(nanoseconds: 11_000_000_000)])
    }

    @Test func nodesThatAnswerEachOtherForEverAreALivelock() {
        let network = Simulation(seed: 1)
        for address in [Pair.here.address, Pair.there.address] {
            network.addHost(
                "\(address)",
                addresses: [address],
                link: .instant,
                node: ProbeNode(echoes: true)
            )
        }
        let probe = network.addHost("probe", addresses: [ip("192.0.2.99")], node: ProbeNode())
        network.capture.points = []
        network.with(probe) { node, _ in
            node.send([1], from: endpoint("192.0.2.99:1"), to: Pair.there)
        }
        network.run(for: .seconds(1))
        #expect(network.statistics.delivered == 2)
        network.stepLimit = 1_000
        let loop = network.addHost(
            "loop",
            addresses: [ip("192.0.2.98")],
            node: Ticker(interval: .nanoseconds(1))
        )
        #expect(network.run(for: .seconds(1)) == .livelock(steps: 1_001))
        let ticks = network.read(loop) { $0.ticks.count }
        #expect(ticks == 1_000)
    }

    @Test func aNodeThatNeverStopsSendingIsALivelock() {
        struct Flood: SimulatedNode {
            var deadline: Instant? { nil }
            mutating func receive(_ datagram: Datagram, at now: Instant) {}
            mutating func advance(to now: Instant) {}
            mutating func popTransmit() -> Datagram? {
                Datagram(from: Pair.here, to: Pair.here, payload: [])
            }
        }
        let network = Simulation(seed: 1)
        network.capture.points = []
        network.addHost("flood", addresses: [Pair.there.address], node: Flood())
        network.after(.zero) {}
        #expect(network.run(for: .seconds(1)) == .livelock(steps: 1))
    }

    @Test func aDeadlineThatStaysDueStopsTheRun() async {
        await #expect(processExitsWith: .failure) {
            struct Stuck: SimulatedNode {
                var deadline: Instant? { .zero }
                mutating func receive(_ datagram: Datagram, at now: Instant) {}
                mutating func advance(to now: Instant) {}
                mutating func popTransmit() -> Datagram? { nil }
            }
            let network = Simulation(seed: 1)
            network.addHost("stuck", addresses: [IPAddress(v4: 1)], node: Stuck())
            network.run(for: .seconds(1))
        }
    }

    @Test func actionsRunInOrderAndMayScheduleMore() {
        let network = Simulation(seed: 1)
        var log: [String] = []
        network.at(.seconds(2)) { log.append("c") }
        network.at(.seconds(1)) {
            log.append("a")
            network.after(.milliseconds(500)) { log.append("b") }
        }
        network.at(.seconds(2)) { log.append("d") }
        network.run(until: { false })
        network.at(.seconds(1)) { log.append("late") }
        network.run(until: { false })
        #expect(log == ["a", "b", "c", "d", "late"])
        #expect(network.now == Instant(nanoseconds: 2_000_000_000))
    }

    @Test func addressesOfOneHostReachEachOther() {
        let pair = Pair(link: Link(loss: .random(1)))
        pair.network.with(pair.alice) { probe, _ in
            let local = endpoint("127.0.0.1:9")
            probe.send(numbered(1), from: Pair.here, to: endpoint("192.0.2.1:4000"))
            probe.send(numbered(2), from: local, to: local)
            probe.send(numbered(3), from: endpoint("10.0.0.1:1"), to: local)
        }
        pair.network.run(for: .seconds(1))
        let arrived = pair.network.read(pair.alice) { $0.received.map { number(of: $0.datagram) } }
        #expect(arrived == [1, 2])
        #expect(pair.network.statistics.dropped(.foreignSource) == 1)
    }

    @Test func packetsForNobodyAreCounted() {
        let pair = Pair(link: .instant)
        pair.network.with(pair.alice) { probe, _ in
            probe.send([1], from: Pair.here, to: endpoint("203.0.113.9:1"))
            probe.send([1], from: Pair.here, to: endpoint("[2001:db8::1]:1"))
        }
        pair.network.run(for: .seconds(1))
        #expect(pair.network.statistics.dropped(.noRoute) == 2)
        #expect(pair.network.statistics.delivered == 0)
    }

    @Test func errorsOfAnInputComeOutAndTransmitsStillLeave() {
        enum Refusal: Error { case no }
        let pair = Pair(link: .instant)
        #expect(throws: Refusal.no) {
            try pair.network.with(pair.alice) { probe, _ throws(Refusal) in
                probe.send(numbered(5), from: Pair.here, to: Pair.there)
                throw .no
            }
        }
        pair.network.run(for: .seconds(1))
        #expect(pair.arrivedNumbers == [5])
    }

    @Test func theDescriptionTellsWhatHappened() {
        let pair = Pair(link: .instant)
        pair.send(2)
        pair.network.addHost(
            "ticker",
            addresses: [ip("192.0.2.3")],
            node: Ticker(interval: .milliseconds(1_250))
        )
        let expected =
            "seed 1; 0.000 s; sent 2, delivered 2, duplicated 0, dropped 0; "
            + "alice waits for nothing; bob waits for nothing; ticker waits for 1.250 s"
        #expect("\(pair.network)" == expected)
    }
}
