import AudioIO
import Swiftlet

/// What is sent: 20 ms of mono samples at a time, from a file, a tone or a microphone.
enum AudioSource: ~Copyable {
    case silence
    case file([Int16], position: Int)
    case tone(Tone)
    case microphone(PCMCapture)

    /// Opens what the options name.
    init(_ source: SoundSource) throws(AudioError) {
        switch source {
        case .silence: self = .silence
        case .file(let path):
            let samples = try WAVReader.load(path: path, sampleRate: 48_000, channels: 1)
            self = .file(samples, position: 0)
        case .tone(let hertz): self = .tone(Tone(frequency: hertz))
        case .microphone(let device): self = .microphone(try PCMCapture(device: device))
        }
    }

    /// The next 20 ms; nil when there is nothing to say at the moment.
    mutating func next() -> [Int16]? {
        switch consume self {
        case .silence:
            self = .silence
            return nil
        case .file(let samples, let position):
            let end = min(position + samplesPerFrame, samples.count)
            self = .file(samples, position: end)
            guard position < end else { return nil }
            let missing = samplesPerFrame - (end - position)
            return samples[position..<end] + [Int16](repeating: 0, count: missing)
        case .tone(var tone):
            let samples = tone.next(frames: samplesPerFrame)
            self = .tone(tone)
            return samples
        case .microphone(let capture):
            let samples = capture.take(samplesPerFrame)
            self = .microphone(capture)
            return samples.count == samplesPerFrame ? samples : nil
        }
    }
}

/// 20 ms at 48 kHz.
let samplesPerFrame = 960
