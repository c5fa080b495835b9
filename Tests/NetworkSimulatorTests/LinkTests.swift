import NetworkSimulator
import Testing
import Wire

@Suite("Links")
struct LinkTests {
    @Test func delaysOfBothEndsAddUp() {
        let pair = Pair(
            link: Link(delay: .milliseconds(30)),
            downlink: Link(delay: .milliseconds(5))
        )
        pair.send(1)
        #expect(pair.arrivalTimes == [35])
    }

    @Test func directionsOfALinkMayDiffer() {
        let network = Simulation(seed: 1)
        let alice = network.addHost(
            "alice",
            addresses: [Pair.here.address],
            link: Link(delay: .milliseconds(10)),
            uplink: Link(delay: .milliseconds(70)),
            node: ProbeNode()
        )
        let bob = network.addHost(
            "bob",
            addresses: [Pair.there.address],
            link: .instant,
            node: ProbeNode(echoes: true)
        )
        network.with(alice) { probe, _ in probe.send([1], from: Pair.here, to: Pair.there) }
        network.run(for: .seconds(1))
        let sent = network.read(bob) { $0.received.map(\.time.nanoseconds) }
        let back = network.read(alice) { $0.received.map(\.time.nanoseconds) }
        #expect(sent == [70_000_000])
        #expect(back == [80_000_000])
    }

    @Test func jitterStaysWithinItsRangeAndLetsPacketsOvertake() {
        let link = Link(delay: .milliseconds(20), jitter: .milliseconds(40))
        let pair = Pair(link: link)
        pair.send(500, every: .milliseconds(10))
        let delays = zip(pair.arrivalTimes, pair.arrivedNumbers).map { $0 - Double($1) * 10 }
        #expect(delays.count == 500)
        #expect(delays.allSatisfy { (20...60).contains($0) })
        #expect((delays.min() ?? 60) < 21)
        #expect((delays.max() ?? 20) > 59)
        #expect(pair.arrivedNumbers != pair.arrivedNumbers.sorted())
    }

    @Test func jitterKeepsTheOrderIfAskedTo() {
        let link = Link(jitter: .milliseconds(40), keepsOrder: true)
        let pair = Pair(link: link)
        pair.send(500, every: .milliseconds(10))
        #expect(pair.arrivedNumbers == Array(0..<500))
    }

    @Test(
        "loses as many as asked for",
        arguments: zip([0.01, 0.1, 0.5, 0.1], [1, 2, 3, 4] as [UInt64])
    )
    func randomLoss(rate: Double, seed: UInt64) {
        let pair = Pair(seed: seed, link: Link(loss: .random(rate)))
        pair.send(10_000)
        let lost = Double(pair.network.statistics.dropped(.loss)) / 10_000
        #expect(abs(lost - rate) < 0.012)
        #expect(pair.arrivedNumbers.count + pair.network.statistics.dropped == 10_000)
    }

    @Test(
        "loses in bursts of the length asked for",
        arguments: zip([2.0, 5.0, 10.0, 5.0], [1, 2, 3, 4] as [UInt64])
    )
    func burstLoss(meanLength: Double, seed: UInt64) {
        let pair = Pair(seed: seed, link: Link(loss: .bursts(rate: 0.1, meanLength: meanLength)))
        pair.send(20_000)
        let lost = lostRuns(arrived: pair.arrivedNumbers, count: 20_000)
        let mean = Double(lost.reduce(0, +)) / Double(max(1, lost.count))
        #expect(abs(mean - meanLength) < 0.15 * meanLength)
        #expect(abs(Double(lost.reduce(0, +)) / 20_000 - 0.1) < 0.025)
    }

    @Test func chanceOfOneKindDoesNotMoveTheOthers() {
        func lost(_ link: Link) -> [Int] {
            let pair = Pair(link: link)
            pair.send(300, size: 100)
            return Array(Set(0..<300).subtracting(pair.arrivedNumbers)).sorted()
        }
        let plain = lost(Link(loss: .random(0.1)))
        let busy = lost(
            Link(
                jitter: .milliseconds(9),
                loss: .random(0.1),
                duplication: 0.3,
                reordering: 0.2,
                rate: .kilobits(500)
            )
        )
        #expect(!plain.isEmpty)
        #expect(plain == busy)
    }

    @Test func losesExactlyThePacketsNamed() {
        let pair = Pair(link: Link(loss: .packets([0, 3, 4])))
        pair.send(6)
        #expect(pair.arrivedNumbers == [1, 2, 5])
        #expect(pair.network.statistics.dropped(.loss) == 3)
    }

    @Test func gilbertElliottMayLoseInBothStates() {
        let model = GilbertElliott(enter: 0.5, leave: 0.5, lossWhenBad: 0.4, lossWhenGood: 0.2)
        let pair = Pair(link: Link(loss: .gilbertElliott(model)))
        pair.send(10_000)
        #expect(abs(Double(pair.arrivals.count) / 10_000 - 0.7) < 0.02)
    }

    @Test func certainAndImpossibleLossAreJustThat() {
        let all = Pair(link: Link(loss: .bursts(rate: 1, meanLength: 3)))
        all.send(100)
        #expect(all.arrivals.isEmpty)
        let none = Pair(link: Link(loss: .bursts(rate: 0, meanLength: 3)))
        none.send(100)
        #expect(none.arrivals.count == 100)
    }

    @Test func duplicatesArriveWithAJitterOfTheirOwn() {
        let pair = Pair(link: Link(jitter: .milliseconds(10), duplication: 0.2))
        pair.send(2_000, every: .milliseconds(20))
        let copies = pair.arrivals.count - 2_000
        #expect(abs(Double(copies) / 2_000 - 0.2) < 0.03)
        #expect(pair.network.statistics.duplicated == copies)
        #expect(Set(pair.arrivedNumbers).count == 2_000)
        #expect(Set(pair.arrivals.map(\.time)).count == pair.arrivals.count)
    }

    @Test func heldBackPacketsAreOvertaken() {
        let link = Link(reordering: 0.1, reorderingDelay: .milliseconds(25), keepsOrder: true)
        let pair = Pair(link: link)
        pair.send(1_000, every: .milliseconds(10))
        let delays = zip(pair.arrivalTimes, pair.arrivedNumbers).map { $0 - Double($1) * 10 }
        let held = delays.count { abs($0 - 35) < 0.001 }
        #expect(delays.allSatisfy { abs($0 - 10) < 0.001 || abs($0 - 35) < 0.001 })
        #expect(abs(Double(held) / 1_000 - 0.1) < 0.03)
        #expect(pair.arrivedNumbers != Array(0..<1_000))
        #expect(pair.arrivedNumbers.sorted() == Array(0..<1_000))
    }

    @Test func limitedRateSpacesPackets() {
        // 972 bytes of payload make a packet of 1,000, and 80 kbit/s are 10,000 bytes a second.
        let pair = Pair(link: Link(delay: .milliseconds(10), rate: .kilobits(80)))
        pair.send(5, size: 972)
        #expect(pair.arrivalTimes == [110, 210, 310, 410, 510])
    }

    @Test func fullQueueDropsTheLast() {
        let link = Link(delay: .zero, rate: .kilobits(80), queueLimit: 3_000)
        let pair = Pair(link: link)
        pair.send(10, size: 972)
        // 3,000 bytes are room for two packets behind the one that is being sent.
        #expect(pair.arrivedNumbers == [0, 1, 2])
        #expect(pair.network.statistics.dropped(.queueFull) == 7)
        pair.send(1, size: 972)
        #expect(pair.arrivedNumbers == [0, 1, 2, 0])
    }

    @Test func packetsTooLargeForALinkAreDropped() {
        let pair = Pair(link: Link(maximumPacketSize: 1_280))
        pair.send(1, size: 1_252)
        pair.send(1, size: 1_253)
        #expect(pair.arrivals.map(\.datagram.payload.count) == [1_252])
        #expect(pair.network.statistics.dropped(.tooLarge) == 1)
    }

    @Test func noPacketIsLargerThanIPAllows() {
        let pair = Pair(
            link: Link(maximumPacketSize: .max),
            downlink: Link(maximumPacketSize: .max)
        )
        pair.send(1, size: 65_507)
        pair.send(1, size: 65_508)
        #expect(pair.arrivals.map(\.datagram.payload.count) == [65_507])
    }

    /// The lengths of the runs of numbers below `count` that have not arrived.
    private func lostRuns(arrived: [Int], count: Int) -> [Int] {
        var runs: [Int] = []
        var next = 0
        for number in arrived + [count] {
            if number > next { runs.append(number - next) }
            next = number + 1
        }
        return runs
    }
}
