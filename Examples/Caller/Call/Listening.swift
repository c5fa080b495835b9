import AudioIO
import Swiftlet
import Synchronization

/// What is heard: written to a file, played on a device, and measured.
final class Listening: Sendable {
    private struct State: ~Copyable {
        var writer: WAVWriter?
        var meter = LevelMeter()
        var failure: AudioError?
    }

    private let state: Mutex<State>
    private let speaker: PCMPlayback?

    /// Opens the file and the device, where they are wanted.
    init(recording: String?, speaker device: String?) throws(AudioError) {
        var writer: WAVWriter?
        if let recording { writer = try WAVWriter(path: recording) }
        state = Mutex(State(writer: writer.take()))
        speaker = if let device { try PCMPlayback(device: device) } else { nil }
    }

    /// The loudness of what is heard at the moment, in dBFS.
    var level: Double { state.withLock { $0.meter.decibels } }

    /// Takes frames of `track` until the call ends.
    func listen(to track: RemoteAudioTrack) async {
        for await frame in track.frames() { hear(frame.samples) }
    }

    private func hear(_ samples: [Int16]) {
        speaker?.play(samples)
        state.withLock { state in
            state.meter.note(samples.span)
            do throws(AudioError) {
                try state.writer?.write(samples.span)
            } catch {
                state.failure = error
            }
        }
    }

    /// Finishes the file; throws the first thing that went wrong with it.
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
        speaker?.close()
        if let failure { throw failure }
    }
}
