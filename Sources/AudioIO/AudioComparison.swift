import Glibc

/// How much of an original can be found in a recording of it, and how late, how loud, how clean.
///
/// The recording is aligned block by block, so a receiver that changes its delay on the way does not
/// spoil the figures.
///
/// ```swift
/// let result = AudioComparison(original: spoken, recording: heard)
/// print("heard \(result.heard) of \(result.spoken), \(result.delay ?? .zero) late")
/// ```
public struct AudioComparison: Hashable, Sendable {
    /// How long the original is not silent.
    public private(set) var spoken = Duration.zero
    /// How much of that is in the recording.
    public private(set) var heard = Duration.zero
    /// How much later than in the original the sound lies in the recording: the median of the blocks
    /// that were found; nil if none was.
    public private(set) var delay: Duration?
    /// The least and the greatest delay of the blocks that were found.
    public private(set) var delayRange: ClosedRange<Duration>?
    /// The mean correlation of the blocks that were found, 0 to 1.
    public private(set) var correlation = 0.0
    /// What the recording's samples are multiplied with, compared with the original.
    public private(set) var gain = 0.0
    /// The original against what is left when it is taken from the recording, in decibels, over the
    /// blocks that were found.
    public private(set) var signalToNoise = 0.0

    /// The part of the original that was heard, 0 to 1.
    public var heardShare: Double { spoken > .zero ? heard / spoken : 0 }

    /// Compares two mono signals of the same sample rate.
    public init(original: [Int16], recording: [Int16], sampleRate: Int = 48_000) {
        let rate = max(1_000, sampleRate)
        let blockLength = rate / 5
        let blocks = Self.activeBlocks(of: original, length: blockLength)
        spoken = .nanoseconds(Int64(blocks.count) * 200_000_000)
        guard !blocks.isEmpty, !recording.isEmpty else { return }

        let search = AlignmentSearch(original: original, recording: recording, sampleRate: rate)
        var lag = search.overallLag()
        var found: [(lag: Int, match: BlockMatch)] = []
        for start in blocks {
            let range = start..<min(start + blockLength, original.count)
            guard let match = search.match(range, near: lag) else { continue }
            lag = match.lag
            found.append((match.lag, match))
        }
        guard !found.isEmpty else { return }
        summarize(found, rate)
    }

    private mutating func summarize(_ found: [(lag: Int, match: BlockMatch)], _ rate: Int) {
        heard = .nanoseconds(Int64(found.count) * 200_000_000)
        let lags = found.map(\.lag).sorted()
        let duration = { (lag: Int) in
            Duration.nanoseconds(Int64(lag) * 1_000_000_000 / Int64(rate))
        }
        delay = duration(lags[lags.count / 2])
        delayRange = duration(lags[0])...duration(lags[lags.count - 1])
        var total = BlockMatch(lag: 0, cross: 0, original: 0, recording: 0)
        for (_, match) in found {
            correlation += match.correlation / Double(found.count)
            total.cross += match.cross
            total.original += match.original
            total.recording += match.recording
        }
        gain = total.cross / total.original
        let signal = gain * gain * total.original
        let noise = max(total.recording - gain * total.cross, signal * 1e-10)
        signalToNoise = 10 * log10(signal / noise)
    }

    /// Where the blocks begin that are loud enough to be looked for.
    private static func activeBlocks(of samples: [Int16], length: Int) -> [Int] {
        let span = samples.span
        return stride(from: 0, to: samples.count - length / 2, by: length).filter { start in
            let block = span.extracting(start..<min(start + length, samples.count))
            return LevelMeter.decibels(of: block) > quietest
        }
    }
}

/// How one block of the original lies in the recording.
struct BlockMatch: Hashable, Sendable {
    var lag: Int
    /// The sums of the products and of the squares.
    var cross: Double
    var original: Double
    var recording: Double

    var correlation: Double {
        let power = original * recording
        return power > 0 ? max(0, cross / power.squareRoot()) : 0
    }
}

/// In dBov: softer blocks do not count as spoken.
private let quietest = -50.0
