import JitterBuffer
import Testing
import Wire

@Suite("Audio jitter buffer: jumps, limits and hostile numbers")
struct JitterBufferLimitsTests {
    static let frame = [0x98] + [UInt8](repeating: 0, count: 50)

    static func insert(
        _ sequence: Int64,
        _ timestamp: Int64,
        at milliseconds: Int64,
        into buffer: inout AudioJitterBuffer,
        payload: [UInt8] = frame
    ) {
        buffer.insert(
            payload.span,
            sequence: sequence,
            timestamp: timestamp,
            hasMarker: false,
            at: Instant(nanoseconds: milliseconds * 1_000_000)
        )
    }

    static func next(_ buffer: inout AudioJitterBuffer, at milliseconds: Int64) -> PlayoutDecision {
        buffer.next(at: Instant(nanoseconds: milliseconds * 1_000_000))
    }

    /// A buffer that has played 100 packets, the last of them at 2,020 ms.
    static func playing() -> AudioJitterBuffer {
        var buffer = AudioJitterBuffer()
        for index in 0..<100 as Range<Int64> {
            insert(index, 960 * index, at: 20 * index, into: &buffer)
            _ = next(&buffer, at: 20 * index)
        }
        return buffer
    }

    static func isDecoded(_ decision: PlayoutDecision, sequence: Int64) -> Bool {
        switch decision {
        case .decode(let packet): packet.sequence == sequence
        case .recover, .conceal, .silence: false
        }
    }

    @Test func beforeTheFirstPacketThereIsSilence() {
        var buffer = AudioJitterBuffer()
        #expect(Self.next(&buffer, at: 0) == .silence(samples: 960))
        #expect(buffer.statistics.totalSamplesReceived == 0)
        #expect(buffer.currentDelay == .zero)
    }

    @Test("the first packet waits for the initial delay")
    func initialDelay() {
        var buffer = AudioJitterBuffer()
        Self.insert(5, 0, at: 100, into: &buffer)
        #expect(Self.next(&buffer, at: 120) == .silence(samples: 960))
        #expect(Self.isDecoded(Self.next(&buffer, at: 140), sequence: 5))
    }

    @Test("packets that came in a heap before the start are not all played")
    func heap() {
        var buffer = AudioJitterBuffer()
        for index in 0..<20 as Range<Int64> {
            Self.insert(index, 960 * index, at: 400, into: &buffer)
        }
        #expect(Self.isDecoded(Self.next(&buffer, at: 400), sequence: 17))
        #expect(buffer.statistics.cutPackets == 17)
    }

    @Test(
        "a timestamp that jumps begins a new stream",
        arguments: [(500_000_000, true), (-500_000_000, true), (-2_000, true), (96_000, false)]
    )
    func timestampJump(jump: Int, isReset: Bool) {
        var buffer = Self.playing()
        for index in 100..<120 as Range<Int64> {
            Self.insert(index, 960 * index + Int64(jump), at: 20 * index, into: &buffer)
        }
        #expect((buffer.statistics.resets == 1) == isReset)
        let decisions = (100..<104 as Range<Int64>).map { Self.next(&buffer, at: 2_380 + 20 * $0) }
        #expect(decisions.contains { $0.samples == 960 })
        #expect(buffer.statistics.decodedSamples > 95 * 960)
    }

    @Test("a sequence number that jumps begins a new stream", arguments: [70_000, -60_000])
    func sequenceJump(jump: Int64) {
        var buffer = Self.playing()
        Self.insert(100 + jump, 96_000, at: 2_000, into: &buffer)
        #expect(buffer.statistics.resets == 1)
        #expect(Self.isDecoded(Self.next(&buffer, at: 2_040), sequence: 100 + jump))
    }

    @Test("the oldest packets give way when the buffer is full")
    func bounded() {
        var configuration = JitterBufferConfiguration()
        configuration.maximumPackets = 32
        var buffer = AudioJitterBuffer(configuration: configuration)
        for index in 0..<200 as Range<Int64> {
            Self.insert(index, 960 * index, at: index / 10, into: &buffer)
            #expect(buffer.count <= 32)
        }
        #expect(buffer.statistics.crowdedOut == 168)
    }

    @Test(
        "RFC 6716 §3.1: a packet says itself how long it is",
        arguments: [
            ([0x00], 480), ([0x18], 2_880), ([0x60], 480), ([0x68], 960), ([0x80], 120),
            ([0x98], 960), ([0x99], 1_920), ([0x9B, 0x03], 2_880), ([0x9B, 0x00], 960),
            ([0x9B], 960), ([], 960),
        ] as [([UInt8], Int)]
    )
    func durations(payload: [UInt8], samples: Int) {
        var buffer = AudioJitterBuffer()
        Self.insert(1, 0, at: 0, into: &buffer, payload: payload)
        #expect(Self.next(&buffer, at: 60).samples == samples)
    }

    @Test(
        "any numbers at any times never trap and never pile up",
        arguments: 0..<50 as Range<UInt64>
    )
    func anything(seed: UInt64) {
        var entropy = SplitMix64(seed: seed)
        var buffer = AudioJitterBuffer()
        let scale = seed % 5
        for _ in 0..<2_000 {
            let bits = Int64(bitPattern: entropy.next())
            let (sequence, timestamp, now): (Int64, Int64, Int64)
            switch scale {
            case 0: (sequence, timestamp, now) = (bits, bits &* 7, bits &* 31)
            case 1: (sequence, timestamp, now) = (bits % 1_000, bits % 1_000_000, bits % 1_000_000)
            case 2: (sequence, timestamp, now) = (bits % 10, bits % 9_600, bits % 10_000_000_000)
            case 3: (sequence, timestamp, now) = (.max, .min, bits)
            default: (sequence, timestamp, now) = (.min, .max, .max)
            }
            let payload = entropy.chance(0.5) ? Self.frame : [0x98]
            buffer.insert(
                payload.span,
                sequence: sequence,
                timestamp: timestamp,
                hasMarker: false,
                at: Instant(nanoseconds: now)
            )
            let decision = buffer.next(at: Instant(nanoseconds: now))
            #expect((1...5_760).contains(decision.samples))
            #expect(buffer.count <= 256)
        }
    }

    @Test("a recorded stream with jitter and losses is played in order")
    func recordedStream() {
        var configuration = JitterBufferConfiguration()
        // Stereo PCMU, two bytes a sample, 8 kHz.
        configuration.packetDuration = .fixed(samples: 160)
        var buffer = AudioJitterBuffer(configuration: configuration, clockRate: 8_000)
        var decoded: [Int64] = []
        var now: Int64 = 0
        let recording = Recordings.arrivals(in: "pcmu-jitter.txt")
        #expect(recording.count == 1_000)
        for packet in recording {
            while now < packet.milliseconds {
                let decision = Self.next(&buffer, at: now)
                if case .decode(let packet) = decision { decoded.append(packet.sequence) }
                now += 20
            }
            Self.insert(packet.sequence, packet.timestamp, at: packet.milliseconds, into: &buffer)
        }
        #expect(decoded == decoded.sorted() && decoded.count > 900)
        #expect(buffer.statistics.resets == 0)
        #expect((.milliseconds(20) ... .milliseconds(200)).contains(buffer.targetDelay))
    }
}
