import RTP
import Testing
import Wire

@Suite("RTP reception, RFC 3550 A.1, A.3 and A.8")
struct RTPReceiverTests {
    static func header(_ sequence: UInt16, _ timestamp: UInt32 = 0) -> RTPHeader? {
        let packet = RTPPacket(
            payloadType: 111,
            sequenceNumber: sequence,
            timestamp: timestamp,
            ssrc: 7,
            payload: [1, 2, 3]
        )
        guard let written = try? packet.write() else { return nil }
        return try? RTPTests.header(of: written)
    }

    static func receive(
        _ numbers: [UInt16],
        probation: Int = 1
    ) -> (receiver: RTPReceiver, arrivals: [RTPReceiver.Arrival]) {
        var receiver = RTPReceiver(ssrc: 7, clockRate: 48_000, probation: probation)
        let arrivals = numbers.compactMap(header(_:)).map { receiver.receive($0, at: .zero) }
        return (receiver, arrivals)
    }

    private static func header(_ sequence: UInt16) -> RTPHeader? { header(sequence, 0) }

    static func accepted(_ sequence: Int64) -> RTPReceiver.Arrival {
        .accepted(extendedSequence: sequence, extendedTimestamp: 0)
    }

    @Test func numbersAreUnwrapped() {
        let (receiver, arrivals) = Self.receive([65_534, 65_535, 1, 0])
        #expect(arrivals == [65_534, 65_535, 65_537, 65_536].map(Self.accepted))
        #expect(receiver.packetsExpected == 4 && receiver.packetsLost == 0)
        #expect(receiver.highestSequence == 65_537)
    }

    @Test("A.1: a source is valid after MIN_SEQUENTIAL packets in sequence")
    func probation() {
        let (_, arrivals) = Self.receive([5, 9, 10, 11], probation: 2)
        #expect(arrivals == [.probation, .probation, Self.accepted(10), Self.accepted(11)])
    }

    @Test func duplicatesAreKnown() {
        let (receiver, arrivals) = Self.receive([5, 6, 6, 5, 8, 7, 7])
        let duplicates = arrivals.filter { $0 == .duplicate }.count
        #expect(duplicates == 3)
        // RFC 3550 §6.4.1: packets received include late ones and duplicates.
        #expect(receiver.packetsLost == -3)
        #expect(receiver.duplicatePackets == 3)
    }

    @Test("A.1: one packet far away is implausible, two in sequence begin the stream anew")
    func restart() {
        let (receiver, arrivals) = Self.receive([100, 20_000, 101, 30_000, 30_001, 30_002])
        let cycle: Int64 = 65_536
        #expect(
            arrivals == [
                Self.accepted(100), .implausible, Self.accepted(101), .implausible,
                Self.accepted(cycle + 30_001), Self.accepted(cycle + 30_002),
            ]
        )
        #expect(receiver.restarts == 1 && receiver.implausiblePackets == 2)
        #expect(receiver.packetsLost == 0)
    }

    @Test("A.3: loss since the last report and since the beginning")
    func loss() {
        var (receiver, _) = Self.receive([1, 2, 4, 5])
        var block = receiver.reportBlock(at: .zero)
        #expect(block.packetsLost == 1)
        #expect(block.fractionLost == 51)
        #expect(block.highestSequenceNumber == 5)
        #expect(receiver.fractionLost == 51.0 / 256)
        for number in [6, 7] as [UInt16] {
            _ = Self.header(number).map { receiver.receive($0, at: .zero) }
        }
        block = receiver.reportBlock(at: .zero)
        #expect(block.packetsLost == 1)
        #expect(block.fractionLost == 0)
    }

    @Test("A.8: jitter approaches the mean difference and ignores a step of the clock")
    func jitter() throws {
        var receiver = RTPReceiver(ssrc: 7, clockRate: 48_000)
        for index in 0..<400 as Range<Int64> {
            let wobble: Int64 = index.isMultiple(of: 2) ? 0 : 4_000_000
            let header = try #require(Self.header(UInt16(index), UInt32(960 * index)))
            let now = Instant(nanoseconds: index * 20_000_000 + wobble)
            _ = receiver.receive(header, at: now)
        }
        #expect(abs(receiver.jitter - 0.004) < 0.000_1)
        #expect((190...193).contains(receiver.reportBlock(at: .zero).jitter))
        let jumped = try #require(Self.header(400, 3_000_000_000))
        _ = receiver.receive(jumped, at: Instant(nanoseconds: 8_000_000_000))
        #expect(receiver.jitter < 0.004_1)
    }

    @Test("§6.4.1: the last sender report and the delay since")
    func lastSenderReport() {
        var (receiver, _) = Self.receive([1])
        let report = SenderReport(
            ssrc: 7,
            ntp: NTPTime(rawValue: 0x0001_0002_0003_0004),
            rtpTimestamp: 0,
            packetCount: 0,
            octetCount: 0
        )
        #expect(receiver.reportBlock(at: .zero).lastSenderReport == 0)
        receiver.receive(report, at: .zero)
        let block = receiver.reportBlock(at: Instant(nanoseconds: 1_500_000_000))
        #expect(block.lastSenderReport == 0x0002_0003)
        #expect(block.delaySinceLastSenderReport == 98_304)
    }

    @Test("any order of any numbers and times is judged without a trap", arguments: 0..<20)
    func anything(seed: Int) throws {
        var entropy = SplitMix64(seed: UInt64(seed))
        var receiver = RTPReceiver(ssrc: 7, clockRate: 48_000)
        var highest: Int64 = .min
        for _ in 0..<2_000 {
            let number = UInt16(truncatingIfNeeded: entropy.next() % 300 * (entropy.next() % 300))
            let header = try #require(
                Self.header(number, UInt32(truncatingIfNeeded: entropy.next()))
            )
            let now = Instant(nanoseconds: Int64(bitPattern: entropy.next()))
            _ = receiver.receive(header, at: now)
            let newest = try #require(receiver.highestSequence)
            #expect(newest >= highest)
            highest = newest
            _ = receiver.reportBlock(at: now)
        }
    }
}
