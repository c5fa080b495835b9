/// A piece of audio: 16-bit samples at 48 kHz, channels interleaved.
public struct AudioFrame: Hashable, Sendable {
    /// The samples, channel by channel for each point in time.
    public var samples: [Int16]
    /// 1 for mono, 2 for stereo.
    public var channels: Int

    /// All frames have 48,000 samples a second and channel.
    public static let sampleRate = 48_000

    /// A frame of `samples`.
    public init(samples: [Int16], channels: Int = 1) {
        self.samples = samples
        self.channels = channels
    }

    /// A frame of silence.
    public static func silence(samples count: Int, channels: Int = 1) -> AudioFrame {
        AudioFrame(samples: [Int16](repeating: 0, count: count * channels), channels: channels)
    }

    /// How long the frame lasts.
    public var duration: Duration {
        .nanoseconds(Int64(samples.count / max(channels, 1)) * 1_000_000_000 / 48_000)
    }
}
