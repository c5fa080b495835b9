import JitterBuffer
import RTP
import Testing
import Wire

@Suite("Audio jitter buffer on simulated networks")
struct AudioJitterBufferTests {
    @Test func aPerfectNetworkCostsTheMinimumDelayAndNothingElse() {
        var call = SimulatedCall()
        call.run(frames: 1_000)
        #expect(call.decoded == Array(1_001...Int64(1_000 + call.decoded.count)))
        #expect(call.decoded.count > 990)
        #expect(call.buffer.statistics.concealedSamples == 0)
        #expect(call.buffer.targetDelay == .milliseconds(20))
        #expect(call.settledDelay <= 60)
    }

    @Test(
        "with 60 ms of jitter the aim follows and nearly all is heard",
        arguments: 0..<20 as Range<UInt64>
    )
    func jitter(seed: UInt64) {
        var call = SimulatedCall(seed: seed)
        call.network = { _, entropy in entropy.milliseconds(30...90) }
        call.run(frames: 3_000)
        #expect((.milliseconds(50) ... .milliseconds(70)).contains(call.buffer.targetDelay))
        #expect(call.concealment < 0.02)
        #expect(call.decoded == call.decoded.sorted())
        #expect((40...140).contains(call.settledDelay))
    }

    @Test("after the jitter has gone, quiet packets are left out until the delay is short again")
    func recovery() {
        var call = SimulatedCall()
        call.network = { index, entropy in
            index < 1_000 ? entropy.milliseconds(30...150) : .milliseconds(30)
        }
        call.frames = { $0 % 100 < 70 ? .speech : .quiet }
        call.run(frames: 6_000)
        #expect(call.buffer.targetDelay == .milliseconds(20))
        #expect(call.delays.last.map { $0 <= .milliseconds(45) } == true)
        #expect(call.buffer.statistics.removedSamplesForAcceleration > 0)
        #expect(call.decoded == call.decoded.sorted())
    }

    @Test("a packet that is late once moves the delay, and the next late one is in time")
    func growth() {
        var call = SimulatedCall()
        call.network = { index, _ in index % 25 == 24 ? .milliseconds(110) : .milliseconds(30) }
        call.run(frames: 3_000)
        #expect(call.buffer.statistics.insertedSamplesForDeceleration > 0)
        #expect(call.buffer.statistics.concealmentEvents < 10)
        #expect(call.concealment < 0.01)
    }

    @Test(
        "of single losses all are recovered from the next packet",
        arguments: 0..<20 as Range<UInt64>
    )
    func singleLosses(seed: UInt64) {
        var call = SimulatedCall(seed: seed)
        call.network = { index, entropy in
            index % 10 == 9 ? nil : entropy.milliseconds(20...30)
        }
        call.run(frames: 2_000)
        let statistics = call.buffer.statistics
        #expect(statistics.recoveredSamples >= 150 * 960)
        #expect((0.09...0.12).contains(call.concealment))
        #expect(call.buffer.statistics.latePackets <= 2)
        #expect(call.settledDelay < 80)
    }

    @Test(
        "random loss of 20 % with jitter leaves the delay where it belongs",
        arguments: 0..<20 as Range<UInt64>
    )
    func randomLoss(seed: UInt64) {
        var call = SimulatedCall(seed: seed)
        call.network = { _, entropy in
            entropy.chance(0.2) ? nil : entropy.milliseconds(20...60)
        }
        call.run(frames: 3_000)
        #expect((0.15...0.25).contains(call.concealment))
        #expect((30...130).contains(call.settledDelay))
        #expect(call.decoded == call.decoded.sorted())
    }

    @Test("a burst of losses is concealed, then silent, and does not lengthen the delay")
    func burst() {
        var call = SimulatedCall()
        call.network = { index, _ in (500..<600).contains(index) ? nil : .milliseconds(30) }
        call.run(frames: 1_000)
        #expect(call.buffer.statistics.concealmentEvents == 1)
        let concealed = call.buffer.statistics.concealedSamples / 960
        #expect((97...103).contains(concealed))
        #expect(call.buffer.statistics.silentConcealedSamples / 960 > 70)
        #expect(call.delays.last.map { $0 < .milliseconds(80) } == true)
    }

    @Test("packets held back for a second and then let go are cut, not played a second late")
    func heldBack() {
        var call = SimulatedCall()
        call.network = { index, _ in
            (500..<550).contains(index) ? .milliseconds(30 + 20 * (550 - index)) : .milliseconds(30)
        }
        call.run(frames: 1_000)
        #expect(call.buffer.statistics.cutPackets > 25)
        #expect(call.delays.last.map { $0 < .milliseconds(150) } == true)
        #expect(call.decoded == call.decoded.sorted())
    }

    @Test(
        "reordered packets are put in order, duplicates and late ones counted",
        arguments: 0..<10 as Range<UInt64>
    )
    func reordering(seed: UInt64) {
        var call = SimulatedCall(seed: seed)
        call.duplication = 0.2
        call.network = { _, entropy in entropy.chance(0.1) ? .milliseconds(75) : .milliseconds(20) }
        call.run(frames: 2_000)
        #expect(call.decoded == call.decoded.sorted())
        #expect(Set(call.decoded).count == call.decoded.count)
        #expect(call.buffer.statistics.duplicatePackets > 100)
        #expect(call.concealment < 0.02)
    }

    @Test("in pauses of the source the decoder makes noise, and nothing counts as lost")
    func discontinuousTransmission() {
        var call = SimulatedCall()
        call.frames = { index in
            let place = index % 200
            if place < 100 { return .speech }
            return place % 20 == 0 ? .discontinuous : .none
        }
        call.network = { _, entropy in entropy.milliseconds(20...40) }
        call.run(frames: 4_000)
        let statistics = call.buffer.statistics
        #expect(statistics.concealedSamples <= 5 * 960)
        #expect(statistics.comfortNoiseSamples > 1_500 * 960)
        #expect(statistics.latePackets <= 5)
        #expect(call.settledDelay < 100)
    }

    @Test("a player with another clock is followed for twenty minutes", arguments: [-300.0, 300.0])
    func drift(speed: Double) {
        var call = SimulatedCall()
        call.playerSpeed = speed
        call.hasLevels = false
        call.network = { _, entropy in entropy.milliseconds(20...30) }
        call.run(frames: 60_000)
        #expect(call.delays.allSatisfy { $0 < .milliseconds(160) })
        #expect(call.concealment < 0.002)
        let removed = Double(call.buffer.statistics.removedSamplesForAcceleration)
        #expect(removed < 0.002 * Double(call.buffer.statistics.totalSamplesReceived))
    }

    @Test("the same packets at the same times give the same decisions")
    func determinism() {
        let runs = (0..<2).map { _ in
            var call = SimulatedCall(seed: 7)
            call.network = { _, entropy in
                entropy.chance(0.1) ? nil : entropy.milliseconds(20...200)
            }
            call.run(frames: 1_000)
            return call
        }
        #expect(runs[0].decisions == runs[1].decisions)
        #expect(runs[0].buffer.statistics == runs[1].buffer.statistics)
    }

    @Test("every packet is decoded, discarded or waits", arguments: 0..<30 as Range<UInt64>)
    func conservation(seed: UInt64) {
        var call = SimulatedCall(seed: seed)
        call.duplication = 0.1
        call.frames = { $0 % 90 < 50 ? .speech : .quiet }
        call.network = { _, entropy in
            guard !entropy.chance(0.1) else { return nil }
            return entropy.chance(0.02) ? .milliseconds(900) : entropy.milliseconds(20...120)
        }
        call.run(frames: 1_500)
        let statistics = call.buffer.statistics
        let accounted = call.decoded.count + statistics.packetsDiscarded + call.buffer.count
        #expect(statistics.packetsReceived == accounted)
        let played = statistics.decodedSamples + statistics.concealedSamples
        let quiet = statistics.comfortNoiseSamples
        #expect(statistics.totalSamplesReceived == played + quiet)
        #expect(statistics.jitterBufferEmittedCount == statistics.decodedSamples)
    }
}
