import AudioIO
import Glibc
import Testing

@Suite("Resampling, tones, levels and the sample ring")
struct SignalTests {
    static func sine(_ frequency: Double, _ rate: Int, _ count: Int) -> [Double] {
        (0..<count).map { 10_000 * sin(2 * .pi * frequency * Double($0) / Double(rate)) }
    }

    /// What is left of `samples` when the best sine of `frequency` is taken away, in dB.
    static func signalToNoise(
        _ samples: ArraySlice<Int16>,
        _ frequency: Double,
        _ rate: Int
    ) -> Double {
        var (sine, cosine, total) = (0.0, 0.0, 0.0)
        for (index, sample) in samples.enumerated() {
            let angle = 2 * .pi * frequency * Double(index) / Double(rate)
            sine += Double(sample) * sin(angle)
            cosine += Double(sample) * cos(angle)
            total += Double(sample) * Double(sample)
        }
        let signal = 2 * (sine * sine + cosine * cosine) / Double(samples.count)
        return 10 * log10(signal / max(1e-3, total - signal))
    }

    @Test(
        "a tone stays a tone at 48 kHz",
        arguments: [8_000, 11_025, 16_000, 22_050, 44_100, 96_000]
    )
    func resampling(rate: Int) {
        let input = Self.sine(1_000, rate, rate).map { Int16($0) }
        var resampler = Resampler(from: rate, to: 48_000, channels: 1)
        var output: [Int16] = []
        for start in stride(from: 0, to: input.count, by: 777) {
            output += resampler.process([Int16](input[start..<min(start + 777, input.count)]))
        }
        output += resampler.finish()
        #expect(abs(output.count - 48_000) <= 2)
        #expect(Self.signalToNoise(output[4_800..<43_200], 1_000, 48_000) > 60)
        let peak = output[4_800..<43_200].max() ?? 0
        #expect((9_900...10_100).contains(peak))
    }

    @Test("what the lower rate cannot hold is cut off")
    func aliasing() {
        let input = Self.sine(6_000, 48_000, 48_000).map { Int16($0) }
        var resampler = Resampler(from: 48_000, to: 8_000, channels: 1)
        let output = resampler.process(input)
        #expect(LevelMeter.decibels(of: output.span.extracting(100..<7_000)) < -70)
    }

    @Test func channelsStayApart() {
        let input = (0..<4_410).flatMap { _ in [1_000, -2_000] as [Int16] }
        var resampler = Resampler(from: 44_100, to: 48_000, channels: 2)
        let output = resampler.process(input)
        let middle = output[2_000..<6_000]
        #expect(
            middle.enumerated().allSatisfy { abs(Int($1) - ($0 % 2 == 0 ? 1_000 : -2_000)) <= 1 }
        )
    }

    @Test(
        "RFC 6464 §3: a full square wave is 0, a full sine 3 below",
        arguments: [-30.0, -3.02, -50]
    )
    func toneLevels(level: Double) {
        var tone = Tone(frequency: 1_000, level: level)
        let samples = tone.next(frames: 4_800)
        #expect(abs(LevelMeter.decibels(of: samples.span) - level) < 0.1)
        #expect(LevelMeter.level(of: samples.span) == UInt8(-level.rounded()))
    }

    @Test func extremesOfTheLevel() {
        let square = (0..<960).map { $0 % 2 == 0 ? Int16.max : Int16.min }
        let silence = [Int16](repeating: 0, count: 960)
        #expect(LevelMeter.level(of: square.span) == 0)
        #expect(LevelMeter.level(of: silence.span) == 127)
        #expect(LevelMeter.level(of: [Int16]().span) == 127)
        var meter = LevelMeter(rate: 50)
        meter.note(square.span)
        meter.note(silence.span)
        #expect(abs(meter.decibels - -0.4) < 0.01)
    }

    @Test func theRingKeepsTheNewestAndFillsUpWithSilence() {
        let ring = SampleRing(capacity: 5)
        let (first, second): ([Int16], [Int16]) = ([1, 2, 3], [4, 5, 6, 7])
        ring.write(first.span)
        ring.write(second.span)
        #expect(ring.count == 5 && ring.droppedSamples == 2)
        var output = [Int16](repeating: 9, count: 4)
        var span = output.mutableSpan
        #expect(ring.read(into: &span) == 4)
        #expect(output == [3, 4, 5, 6])
        var rest = output.mutableSpan
        #expect(ring.read(into: &rest) == 1)
        #expect(output == [7, 0, 0, 0])
        #expect(ring.missingSamples == 3)
        let long = (0..<12).map { Int16($0) }
        ring.write(long.span)
        #expect(ring.take(9) == [7, 8, 9, 10, 11])
    }
}
