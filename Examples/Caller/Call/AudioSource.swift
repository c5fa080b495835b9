import AudioIO

/// What is sent: 20 ms of mono samples at a time, from a file, a tone or a microphone.
enum AudioSource: Sendable {
    case silence
    case file([Int16], position: Int)
    case tone(Tone)
    case microphone(PCMCapture, SampleRing)

    /// Opens what the options name.
    init(_ source: SoundSource) throws(AudioError) {
        switch source {
        case .silence: self = .silence
        case .file(let path): self = .file(try WAVReader.load(path: path), position: 0)
        case .tone(let hertz): self = .tone(Tone(frequency: hertz))
        case .microphone(let device):
            let ring = SampleRing(capacity: ringCapacity)
            self = .microphone(try PCMCapture(device: device) { ring.write($0) }, ring)
        }
    }

    /// The next 20 ms; nil when there is nothing to say at the moment.
    mutating func next() -> [Int16]? {
        switch self {
        case .silence: return nil
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
        case .microphone(_, let ring):
            return ring.count >= samplesPerFrame ? ring.take(samplesPerFrame) : nil
        }
    }

    /// Whether all of a file has been said.
    var isAtEnd: Bool {
        switch self {
        case .file(let samples, let position): position >= samples.count
        case .silence, .tone, .microphone: false
        }
    }

    /// Gives a device back.
    func close() {
        switch self {
        case .microphone(let capture, _): capture.stop()
        case .silence, .file, .tone: break
        }
    }
}

/// 20 ms at 48 kHz.
let samplesPerFrame = 960
/// What a device may be ahead or behind: a fifth of a second.
let ringCapacity = 9_600
