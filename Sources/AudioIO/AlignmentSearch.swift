/// Finds where pieces of one signal lie in another, coarse to fine.
struct AlignmentSearch {
    private let original: [Float]
    private let recording: [Float]
    /// Both signals at an eighth of the sample rate, each value the mean of eight.
    private let coarseOriginal: [Float]
    private let coarseRecording: [Float]
    /// Loudness over 5 ms.
    private let originalEnvelope: [Float]
    private let recordingEnvelope: [Float]
    private let hop: Int
    private let sampleRate: Int

    init(original: [Int16], recording: [Int16], sampleRate: Int) {
        self.sampleRate = sampleRate
        hop = sampleRate / 200
        self.original = original.map { Float($0) }
        self.recording = recording.map { Float($0) }
        coarseOriginal = Self.means(of: self.original, over: decimation)
        coarseRecording = Self.means(of: self.recording, over: decimation)
        originalEnvelope = Self.envelope(of: self.original, hop)
        recordingEnvelope = Self.envelope(of: self.recording, hop)
    }

    /// The lag at which the loudness of both goes together best, in samples.
    func overallLag() -> Int {
        var best = (lag: 0, cross: -Float.infinity)
        for lag in -(originalEnvelope.count - 1)..<recordingEnvelope.count {
            let cross = Self.cross(originalEnvelope, recordingEnvelope, lag)
            if cross > best.cross { best = (lag, cross) }
        }
        return best.lag * hop
    }

    /// Where `range` of the original lies in the recording, near `lag` first and then farther away;
    /// nil if nothing there resembles it.
    func match(_ range: Range<Int>, near lag: Int) -> BlockMatch? {
        let near = fine(range, around: coarse(range, around: lag, reach: sampleRate / 1_000))
        if near.correlation > clearlyTheSame { return near }
        let far = fine(range, around: coarse(range, around: lag, reach: sampleRate / 6))
        let better = far.correlation > near.correlation ? far : near
        return better.correlation > stillTheSame ? better : nil
    }

    private func coarse(_ range: Range<Int>, around lag: Int, reach: Int) -> Int {
        let block = range.lowerBound / decimation..<range.upperBound / decimation
        let center = lag / decimation
        let reach = max(2, reach / decimation)
        var best = (lag: center, correlation: -1.0)
        for candidate in center - reach...center + reach {
            let match = Self.match(coarseOriginal, block, coarseRecording, candidate)
            if match.correlation > best.correlation { best = (candidate, match.correlation) }
        }
        return best.lag * decimation
    }

    private func fine(_ range: Range<Int>, around lag: Int) -> BlockMatch {
        var best = Self.match(original, range, recording, lag)
        for candidate in lag - decimation...lag + decimation where candidate != lag {
            let match = Self.match(original, range, recording, candidate)
            if match.correlation > best.correlation { best = match }
        }
        return best
    }

    private static func match(
        _ original: [Float],
        _ range: Range<Int>,
        _ recording: [Float],
        _ lag: Int
    ) -> BlockMatch {
        let inside = range.clamped(to: -lag..<max(-lag, recording.count - lag))
        var (cross, ours, theirs) = (0.0 as Float, 0.0 as Float, 0.0 as Float)
        for index in inside {
            let (a, b) = (original[index], recording[index + lag])
            cross += a * b
            ours += a * a
            theirs += b * b
        }
        // What lies outside of the recording was not heard.
        for index in range where !inside.contains(index) {
            ours += original[index] * original[index]
        }
        return BlockMatch(
            lag: lag,
            cross: Double(cross),
            original: Double(ours),
            recording: Double(theirs)
        )
    }

    private static func cross(_ original: [Float], _ recording: [Float], _ lag: Int) -> Float {
        var sum: Float = 0
        let first = max(0, -lag)
        let last = min(original.count, recording.count - lag)
        guard first < last else { return 0 }
        for index in first..<last { sum += original[index] * recording[index + lag] }
        return sum
    }

    private static func means(of samples: [Float], over count: Int) -> [Float] {
        stride(from: 0, to: samples.count - count + 1, by: count).map { start in
            samples[start..<start + count].reduce(0, +) / Float(count)
        }
    }

    /// The mean is taken away, or the lag of the greatest overlap would always win.
    private static func envelope(of samples: [Float], _ hop: Int) -> [Float] {
        let loudness = stride(from: 0, to: samples.count, by: hop).map { start in
            samples[start..<min(start + hop, samples.count)].reduce(0) { $0 + abs($1) }
        }
        let mean = loudness.reduce(0, +) / Float(max(1, loudness.count))
        return loudness.map { $0 - mean }
    }
}

private let decimation = 8
/// A block with this correlation need not be looked for elsewhere.
private let clearlyTheSame = 0.8
/// A block with less was not heard.
private let stillTheSame = 0.5
