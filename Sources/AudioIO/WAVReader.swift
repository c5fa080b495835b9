import Wire

/// Reads a WAV file from front to back, whatever its form, as 16-bit samples.
///
/// ```swift
/// var reader = try WAVReader(path: "speech.wav", sampleRate: 48_000, channels: 1)
/// while let samples = try reader.read(frames: 960) { play(samples) }
/// ```
public struct WAVReader: ~Copyable {
    /// How the file holds its samples.
    public let format: WAVFormat
    /// The sample rate and the channels of what ``read(frames:)`` returns.
    public let sampleRate: Int
    public let channels: Int

    private var stream: FileStream
    private var bytesLeft: Int
    private var resampler: Resampler?
    private var ready: [Int16] = []
    private var isFinished = false

    /// Opens a file; its samples come at `sampleRate` and with `channels` (1 or 2), or as they are.
    public init(
        path: String,
        sampleRate: Int? = nil,
        channels: Int? = nil
    ) throws(AudioError) {
        var stream = try FileStream(path: path, mode: .read)
        let (format, length) = try Self.readHeader(&stream)
        self.format = format
        self.sampleRate = sampleRate ?? format.sampleRate
        self.channels = max(1, channels ?? format.channels)
        bytesLeft = length
        if self.sampleRate != format.sampleRate {
            resampler = Resampler(
                from: format.sampleRate,
                to: self.sampleRate,
                channels: self.channels
            )
        }
        self.stream = stream
    }

    /// The whole file at once.
    public static func load(
        path: String,
        sampleRate: Int = 48_000,
        channels: Int = 1
    ) throws(AudioError) -> [Int16] {
        var reader = try WAVReader(path: path, sampleRate: sampleRate, channels: channels)
        var samples: [Int16] = []
        while let part = try reader.read(frames: 48_000) { samples += part }
        return samples
    }

    /// The next `frames` samples of each channel, interleaved; fewer at the end, then nil.
    public mutating func read(frames: Int) throws(AudioError) -> [Int16]? {
        let wanted = max(1, frames) * channels
        while ready.count < wanted, !isFinished { try readMore() }
        guard !ready.isEmpty else { return nil }
        let part = [Int16](ready.prefix(wanted))
        ready.removeFirst(part.count)
        return part
    }

    private mutating func readMore() throws(AudioError) {
        let wanted = min(bytesLeft, chunkFrames * format.frameBytes)
        let bytes = wanted > 0 ? try stream.read(wanted) : []
        bytesLeft -= bytes.count
        let frames = bytes.count / format.frameBytes
        isFinished = bytes.count < chunkFrames * format.frameBytes
        let samples = convert(bytes, frames: frames)
        guard resampler != nil else {
            ready += samples
            return
        }
        ready += resampler?.process(samples) ?? []
        if isFinished { ready += resampler?.finish() ?? [] }
    }

    /// Mixes the file's channels to those asked for: all to one, or each to its place.
    private func convert(_ bytes: [UInt8], frames: Int) -> [Int16] {
        var samples: [Int16] = []
        samples.reserveCapacity(frames * channels)
        let width = format.encoding.bytes
        for frame in 0..<frames {
            let start = frame * format.frameBytes
            if channels == 1, format.channels > 1 {
                var sum = 0
                for channel in 0..<format.channels {
                    sum += Int(format.encoding.sample(in: bytes, at: start + channel * width))
                }
                samples.append(Int16(clamping: sum / format.channels))
                continue
            }
            for channel in 0..<channels {
                let source = min(channel, format.channels - 1)
                samples.append(format.encoding.sample(in: bytes, at: start + source * width))
            }
        }
        return samples
    }
}

// MARK: - Header

extension WAVReader {
    private static func readHeader(
        _ stream: inout FileStream
    ) throws(AudioError) -> (WAVFormat, length: Int) {
        let riff = try stream.read(12)
        guard riff.count == 12, riff.prefix(4).elementsEqual("RIFF".utf8),
            riff.suffix(4).elementsEqual("WAVE".utf8)
        else { throw .malformed(path: stream.path, .invalid("RIFF header", at: 0)) }
        var offset = 12
        var format: WAVFormat?
        while true {
            let header = try stream.read(8)
            guard header.count == 8 else {
                throw .malformed(path: stream.path, .truncated(at: offset, need: 8))
            }
            offset += 8
            let length = Int(header.littleEndian(at: 4) as UInt32)
            if header.prefix(4).elementsEqual("data".utf8) {
                guard let format else {
                    throw .malformed(path: stream.path, .invalid("order of chunks", at: offset))
                }
                // A writer that could not go back leaves zero or all ones: read to the end.
                let isOpen = length == 0 || length >= 0xFFFF_FF00
                return (format, isOpen ? Int.max : length)
            }
            if header.prefix(4).elementsEqual("fmt ".utf8) {
                format = try readFormat(&stream, length: length, at: offset)
            } else {
                try skip(length + length % 2, &stream)
            }
            offset += length + length % 2
        }
    }

    private static func readFormat(
        _ stream: inout FileStream,
        length: Int,
        at offset: Int
    ) throws(AudioError) -> WAVFormat {
        guard length <= 1_024 else {
            throw .malformed(path: stream.path, .invalid("format chunk length", at: offset))
        }
        let bytes = try stream.read(length + length % 2)
        let chunk: WAVFormatChunk
        do throws(ParseError) {
            chunk = try WAVFormatChunk(parsing: bytes)
        } catch {
            throw .malformed(path: stream.path, error)
        }
        guard let encoding = WAVFormat.Encoding(tag: chunk.tag, bits: chunk.bits) else {
            throw .unsupportedEncoding(path: stream.path, tag: chunk.tag, bits: chunk.bits)
        }
        return WAVFormat(
            encoding: encoding,
            sampleRate: chunk.sampleRate,
            channels: chunk.channels
        )
    }

    /// Reads on, so that a pipe can be read too.
    private static func skip(_ count: Int, _ stream: inout FileStream) throws(AudioError) {
        var left = count
        while left > 0 {
            let part = try stream.read(min(left, 65_536))
            guard !part.isEmpty else { return }
            left -= part.count
        }
    }
}

extension WAVFormat.Encoding {
    /// The sample at `offset`, rounded to 16 bits.
    fileprivate func sample(in bytes: [UInt8], at offset: Int) -> Int16 {
        switch self {
        case .unsigned8:
            return (Int16(bytes[offset]) - 128) << 8
        case .signed16:
            return bytes.littleEndian(at: offset)
        case .signed24:
            return [UInt8](bytes[offset + 1...offset + 2]).littleEndian(at: 0)
        case .signed32:
            return Int16((bytes.littleEndian(at: offset) as Int32) >> 16)
        case .float32:
            let value = Float(bitPattern: bytes.littleEndian(at: offset))
            return Int16(rounding: value * 32_768)
        case .float64:
            let value = Double(bitPattern: bytes.littleEndian(at: offset))
            return Int16(rounding: Float(value) * 32_768)
        }
    }
}

extension Int16 {
    /// The nearest value; what is no number becomes silence.
    init(rounding value: Float) {
        guard value == value else {
            self = 0
            return
        }
        self = Int16(Swift.max(-32_768, Swift.min(32_767, value.rounded())))
    }
}

private let chunkFrames = 4_096
