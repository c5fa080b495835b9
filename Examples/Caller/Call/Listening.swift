import AudioIO
import Swiftlet
import Synchronization

/// What is heard: written to a file, played on a device, kept, and measured.
final class Listening: Sendable {
    /// All that was heard, and when the first sample was.
    struct Memory: Sendable {
        var samples: [Int16] = []
        var began: ContinuousClock.Instant?
    }

    private struct State: ~Copyable {
        var writer: WAVWriter?
        var meter = LevelMeter()
        var memory: Memory?
        var failure: AudioError?
    }

    private let state: Mutex<State>
    private let speaker: PCMPlayback?
    private let ring = SampleRing(capacity: ringCapacity)

    /// Opens the file and the device, where they are wanted.
    init(
        recording: String? = nil,
        speaker device: String? = nil,
        keepsAll: Bool = false
    ) throws(AudioError) {
        var writer: WAVWriter?
        if let recording { writer = try WAVWriter(path: recording) }
        state = Mutex(State(writer: writer.take(), memory: keepsAll ? Memory() : nil))
        speaker =
            if let device {
                try PCMPlayback(device: device) { [ring] in _ = ring.read(into: &$0) }
            } else { nil }
    }

    /// The loudness of what is heard at the moment, in dBFS.
    var level: Double { state.withLock { $0.meter.decibels } }

    /// What was kept.
    var memory: Memory { state.withLock { $0.memory } ?? Memory() }

    /// Takes frames of `track` until the call ends.
    func listen(to track: RemoteAudioTrack) async {
        for await frame in track.frames() { hear(frame.samples) }
    }

    private func hear(_ samples: [Int16]) {
        if speaker != nil { ring.write(samples.span) }
        state.withLock { state in
            state.meter.note(samples.span)
            if state.memory != nil {
                if state.memory?.began == nil { state.memory?.began = .now }
                state.memory?.samples += samples
            }
            do throws(AudioError) {
                try state.writer?.write(samples.span)
            } catch {
                state.failure = error
            }
        }
    }

    /// Finishes the file and gives the device back; throws the first thing that went wrong.
    func close() throws(AudioError) {
        let failure = state.withLock { state -> AudioError? in
            guard let writer = state.writer.take() else { return state.failure }
            do throws(AudioError) {
                try writer.close()
                return state.failure
            } catch {
                return state.failure ?? error
            }
        }
        speaker?.stop()
        if let failure = failure ?? speaker?.failure { throw failure }
    }
}
