/// How a sound device is used.
///
/// The defaults suit a voice call.
public struct PCMConfiguration: Hashable, Sendable {
    public var sampleRate = 48_000
    public var channels = 1
    /// How much is recorded or played at a time.
    public var period = Duration.milliseconds(10)
    /// How much the device holds: its part of the delay.
    public var latency = Duration.milliseconds(40)

    public init() {}

    /// Samples of each channel in a period.
    var periodFrames: Int { max(1, frames(in: period)) }

    var latencyFrames: Int { frames(in: latency) }

    private func frames(in duration: Duration) -> Int {
        let (seconds, attoseconds) = duration.components
        let nanoseconds = min(max(seconds, 0), 10) * 1_000_000_000 + attoseconds / 1_000_000_000
        return Int(nanoseconds) * sampleRate / 1_000_000_000
    }

    var latencyMicroseconds: UInt32 { UInt32(latencyFrames * 1_000_000 / max(1, sampleRate)) }
}
