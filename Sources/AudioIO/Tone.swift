import Glibc

/// A steady sine, for tests and for lines without a microphone.
///
/// ```swift
/// var tone = Tone(frequency: 440)
/// tone.fill(&samples)
/// ```
public struct Tone: Sendable {
    public let frequency: Double
    public let sampleRate: Int
    public let channels: Int
    private let amplitude: Double
    private var phase = 0.0

    /// `level` is in dBov: 0 is a full-scale square wave, which has 3 dB more than a sine can reach.
    public init(
        frequency: Double = 440,
        level: Double = -20,
        sampleRate: Int = 48_000,
        channels: Int = 1
    ) {
        self.frequency = frequency
        self.sampleRate = max(1, sampleRate)
        self.channels = max(1, channels)
        amplitude = min(32_767, 32_767 * pow(10, level / 20) * 2.0.squareRoot())
    }

    /// Overwrites all of `samples`, which are interleaved, with what follows.
    public mutating func fill(_ samples: inout MutableSpan<Int16>) {
        let step = 2 * Double.pi * frequency / Double(sampleRate)
        for frame in 0..<samples.count / channels {
            let value = Int16(amplitude * sin(phase))
            for channel in 0..<channels { samples[frame * channels + channel] = value }
            phase += step
            if phase > 2 * .pi { phase -= 2 * .pi }
        }
    }

    /// The next `frames` samples of each channel.
    public mutating func next(frames: Int) -> [Int16] {
        var samples = [Int16](repeating: 0, count: max(0, frames) * channels)
        var span = samples.mutableSpan
        fill(&span)
        return samples
    }
}
