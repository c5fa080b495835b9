import AudioIO
import Testing

@Suite("Comparing a recording with its original")
struct AudioComparisonTests {
    /// Three seconds of speech.
    static let speech: [Int16] = {
        let all = (try? WAVReader.load(path: Fixture.speechPath)) ?? []
        return [Int16](all.prefix(144_000))
    }()

    static func silence(_ count: Int) -> [Int16] { [Int16](repeating: 0, count: count) }

    @Test func aSignalIsFoundInItself() throws {
        let result = AudioComparison(original: Self.speech, recording: Self.speech)
        #expect(result.delay == .zero)
        #expect(result.heard == result.spoken && result.spoken > .seconds(1))
        #expect(result.correlation > 0.999)
        #expect(abs(result.gain - 1) < 0.001)
        #expect(result.signalToNoise > 60)
    }

    @Test("delay, gain and noise are measured", arguments: [7_777, 48_000])
    func delayed(delay: Int) throws {
        var noise: UInt32 = 1
        let quiet = Self.speech.map { sample -> Int16 in
            noise = noise &* 1_664_525 &+ 1_013_904_223
            return sample / 2 + Int16(noise >> 24) - 128
        }
        let result = AudioComparison(original: Self.speech, recording: Self.silence(delay) + quiet)
        let expected = Duration.nanoseconds(delay * 1_000_000_000 / 48_000)
        #expect(result.delay == expected)
        #expect(abs(result.gain - 0.5) < 0.01)
        #expect((15...40).contains(result.signalToNoise))
        #expect(result.heard == result.spoken)
    }

    @Test("what is missing from the recording is not heard")
    func half() {
        let cut = Self.speech.prefix(72_000) + Self.silence(72_000)
        let result = AudioComparison(original: Self.speech, recording: [Int16](cut))
        #expect((0.3...0.7).contains(result.heardShare))
    }

    @Test("a delay that changes on the way is followed")
    func changingDelay() throws {
        let recording =
            Self.silence(2_000) + Self.speech[..<70_000] + Self.silence(960)
            + Self.speech[70_000...]
        let result = AudioComparison(original: Self.speech, recording: [Int16](recording))
        #expect(result.heardShare > 0.85)
        let range = try #require(result.delayRange)
        #expect(range.lowerBound == .nanoseconds(2_000 * 1_000_000_000 / 48_000))
        #expect(range.upperBound == .nanoseconds(2_960 * 1_000_000_000 / 48_000))
    }

    @Test func anotherSoundIsNotTakenForTheOriginal() {
        var tone = Tone(frequency: 440)
        let result = AudioComparison(original: Self.speech, recording: tone.next(frames: 144_000))
        #expect(result.heardShare < 0.1)
        let nothing = AudioComparison(original: Self.speech, recording: [])
        #expect(nothing.heard == .zero && nothing.delay == nil)
        let silent = AudioComparison(original: Self.silence(48_000), recording: Self.speech)
        #expect(silent.spoken == .zero && silent.heardShare == 0)
    }
}
