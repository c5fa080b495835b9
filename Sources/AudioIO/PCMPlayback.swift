/// Plays on a sound device from a thread of its own, at the pace of the device.
///
/// ```swift
/// let speaker = try PCMPlayback(device: "default") { samples in ring.read(into: &samples) }
/// speaker.stop()
/// ```
public final class PCMPlayback: Sendable {
    private let thread: PCMThread

    /// Opens `device` and begins to play; `render` is called on the device's thread whenever a
    /// period more is needed, and fills all of the interleaved samples it is given.
    public init(
        device: String = "default",
        configuration: PCMConfiguration = .init(),
        render: @escaping @Sendable (inout MutableSpan<Int16>) -> Void
    ) throws(AudioError) {
        let handle = try PCMHandle(
            name: device,
            direction: .playback,
            configuration: configuration
        )
        let box = PCMHandleBox(handle)
        thread = try PCMThread { thread throws(AudioError) in
            try Self.play(box, configuration, render, thread)
        }
    }

    deinit { thread.stop() }

    /// Why playing ended by itself; nil while all is well.
    public var failure: AudioError? { thread.failure }

    /// Ends playing, closes the device and returns when both are done.
    ///
    /// Idempotent.
    public func stop() { thread.stop() }

    private static func play(
        _ box: PCMHandleBox,
        _ configuration: PCMConfiguration,
        _ render: (inout MutableSpan<Int16>) -> Void,
        _ thread: PCMThread
    ) throws(AudioError) {
        let frames = configuration.periodFrames
        var samples = [Int16](repeating: 0, count: frames * configuration.channels)
        var pace = Pace(
            sampleRate: configuration.sampleRate,
            slack: configuration.latencyFrames
        )
        while !thread.isStopping {
            var span = samples.mutableSpan
            render(&span)
            var played = 0
            while played < frames, !thread.isStopping {
                try box.handle.wait()
                played += try box.handle.write(samples, from: played, frames: frames - played)
            }
            pace.note(frames)
        }
    }
}
