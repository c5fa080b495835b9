/// Records from a sound device on a thread of its own.
///
/// ```swift
/// let ring = SampleRing(capacity: 9_600)
/// let microphone = try PCMCapture(device: "default") { ring.write($0) }
/// // … ring.read(into: &frame) from elsewhere
/// microphone.stop()
/// ```
public final class PCMCapture: Sendable {
    private let thread: PCMThread

    /// Opens `device` and begins to record; `deliver` is called on the device's thread with each
    /// period of interleaved samples and should return at once.
    public init(
        device: String = "default",
        configuration: PCMConfiguration = .init(),
        deliver: @escaping @Sendable (Span<Int16>) -> Void
    ) throws(AudioError) {
        let handle = try PCMHandle(
            name: device,
            direction: .capture,
            configuration: configuration
        )
        let box = PCMHandleBox(handle)
        thread = try PCMThread { thread throws(AudioError) in
            try Self.record(box, configuration, deliver, thread)
        }
    }

    deinit { thread.stop() }

    /// Why recording ended by itself, for example because the device was unplugged; nil while all
    /// is well.
    public var failure: AudioError? { thread.failure }

    /// Ends recording, closes the device and returns when both are done.
    ///
    /// Idempotent.
    public func stop() { thread.stop() }

    private static func record(
        _ box: PCMHandleBox,
        _ configuration: PCMConfiguration,
        _ deliver: (Span<Int16>) -> Void,
        _ thread: PCMThread
    ) throws(AudioError) {
        let frames = configuration.periodFrames
        var samples = [Int16](repeating: 0, count: frames * configuration.channels)
        var pace = Pace(sampleRate: configuration.sampleRate, slack: 0)
        var filled = 0
        box.handle.start()
        while !thread.isStopping {
            try box.handle.wait()
            let count = try box.handle.read(
                into: &samples,
                from: filled,
                frames: frames - filled
            )
            filled += count
            guard filled == frames else { continue }
            deliver(samples.span)
            filled = 0
            pace.note(frames)
        }
    }
}

/// Carries the handle to its thread and closes it when the thread lets go.
final class PCMHandleBox: Sendable {
    let handle: PCMHandle
    init(_ handle: consuming PCMHandle) { self.handle = handle }
}
