import Glibc

/// Changes the sample rate of a stream by interpolation with a windowed sinc.
///
/// ```swift
/// var resampler = Resampler(from: 44_100, to: 48_000, channels: 2)
/// let converted = resampler.process(samples) + resampler.finish()
/// ```
public struct Resampler: Sendable {
    public let channels: Int
    private let step: Double
    private let halfWidth: Int
    /// One row of `2 * halfWidth` weights for each phase, and one more to interpolate towards.
    private let weights: [Float]
    private var history: [Float]
    /// Where the next output lies in `history`, in input samples.
    private var position: Double

    /// Both rates are in samples a second.
    public init(from inputRate: Int, to outputRate: Int, channels: Int) {
        self.channels = max(1, channels)
        step = Double(max(1, inputRate)) / Double(max(1, outputRate))
        // What the lower of the two rates cannot hold is cut off, a little below its limit.
        let cutoff = min(1, 1 / step) * 0.95
        halfWidth = Int((Double(zeroCrossings) / min(1, 1 / step)).rounded(.up))
        weights = Self.makeWeights(halfWidth: halfWidth, cutoff: cutoff)
        history = [Float](repeating: 0, count: self.channels * halfWidth)
        position = Double(halfWidth)
    }

    /// The output that follows from `samples`, interleaved; it lags a little behind.
    public mutating func process(_ samples: [Int16]) -> [Int16] {
        history.append(contentsOf: samples.lazy.map { Float($0) })
        return drain()
    }

    /// The rest of the output, after the last input.
    public mutating func finish() -> [Int16] {
        history.append(contentsOf: [Float](repeating: 0, count: channels * halfWidth))
        return drain()
    }

    private mutating func drain() -> [Int16] {
        let frames = history.count / channels
        var output: [Int16] = []
        while Int(position) + halfWidth < frames {
            let whole = Int(position)
            let phase = (position - Double(whole)) * Double(phases)
            for channel in 0..<channels {
                output.append(Int16(rounding: interpolate(whole, phase, channel)))
            }
            position += step
        }
        let used = max(0, Int(position) - halfWidth)
        history.removeFirst(used * channels)
        position -= Double(used)
        return output
    }

    private func interpolate(_ whole: Int, _ phase: Double, _ channel: Int) -> Float {
        let row = Int(phase)
        let share = Float(phase - Double(row))
        let width = 2 * halfWidth
        let (lower, upper) = (row * width, (row + 1) * width)
        var input = (whole - halfWidth + 1) * channels + channel
        var sum: Float = 0
        for tap in 0..<width {
            let weight = weights[lower + tap]
            sum += history[input] * (weight + share * (weights[upper + tap] - weight))
            input += channels
        }
        return sum
    }

    private static func makeWeights(halfWidth: Int, cutoff: Double) -> [Float] {
        var weights: [Float] = []
        weights.reserveCapacity((phases + 1) * 2 * halfWidth)
        for phase in 0...phases {
            let shift = Double(phase) / Double(phases)
            let row = (0..<2 * halfWidth).map { tap in
                weight(at: Double(tap - halfWidth + 1) - shift, halfWidth, cutoff)
            }
            // Each row lets a constant through unchanged.
            let sum = row.reduce(0, +)
            weights += row.map { Float($0 / sum) }
        }
        return weights
    }

    /// A sinc under a Blackman window.
    private static func weight(at distance: Double, _ halfWidth: Int, _ cutoff: Double) -> Double {
        let place = distance / Double(halfWidth)
        guard abs(place) < 1 else { return 0 }
        let window = 0.42 + 0.5 * cos(.pi * place) + 0.08 * cos(2 * .pi * place)
        let angle = .pi * distance * cutoff
        return (abs(angle) < 1e-9 ? 1 : sin(angle) / angle) * cutoff * window
    }
}

private let zeroCrossings = 24
private let phases = 256
