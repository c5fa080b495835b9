import Wire

/// How a WAV file holds its samples.
public struct WAVFormat: Hashable, Sendable {
    public enum Encoding: Hashable, Sendable {
        /// Eight bits, unsigned.
        case unsigned8
        case signed16, signed24, signed32
        case float32, float64

        var bytes: Int {
            switch self {
            case .unsigned8: 1
            case .signed16: 2
            case .signed24: 3
            case .signed32, .float32: 4
            case .float64: 8
            }
        }

        init?(tag: UInt16, bits: Int) {
            switch (tag, bits) {
            case (1, 8): self = .unsigned8
            case (1, 16): self = .signed16
            case (1, 24): self = .signed24
            case (1, 32): self = .signed32
            case (3, 32): self = .float32
            case (3, 64): self = .float64
            default: return nil
            }
        }
    }

    public var encoding: Encoding
    public var sampleRate: Int
    public var channels: Int

    public init(encoding: Encoding, sampleRate: Int, channels: Int) {
        self.encoding = encoding
        self.sampleRate = sampleRate
        self.channels = channels
    }

    /// Bytes of one sample of every channel.
    var frameBytes: Int { encoding.bytes * channels }
}

/// The fields of a `fmt ` chunk that matter.
struct WAVFormatChunk {
    var tag: UInt16
    var channels: Int
    var sampleRate: Int
    var bits: Int

    init(parsing chunk: [UInt8]) throws(ParseError) {
        guard chunk.count >= 16 else { throw .truncated(at: chunk.count, need: 16 - chunk.count) }
        tag = chunk.littleEndian(at: 0)
        channels = Int(chunk.littleEndian(at: 2) as UInt16)
        sampleRate = Int(chunk.littleEndian(at: 4) as UInt32)
        bits = Int(chunk.littleEndian(at: 14) as UInt16)
        // WAVE_FORMAT_EXTENSIBLE: the tag is the beginning of the subformat.
        if tag == 0xFFFE, chunk.count >= 26 { tag = chunk.littleEndian(at: 24) }
        guard (1...64).contains(channels) else { throw .invalid("channels", at: 2) }
        guard (1_000...768_000).contains(sampleRate) else { throw .invalid("sample rate", at: 4) }
    }
}

extension [UInt8] {
    /// The number at `offset`, which the caller has checked.
    func littleEndian<T: FixedWidthInteger>(at offset: Int) -> T {
        var value: T = 0
        for index in (0..<T.bitWidth / 8).reversed() {
            value = value << 8 | T(truncatingIfNeeded: self[offset + index])
        }
        return value
    }

    mutating func append<T: FixedWidthInteger>(littleEndian value: T) {
        for index in 0..<T.bitWidth / 8 {
            append(UInt8(truncatingIfNeeded: value >> T(8 * index)))
        }
    }
}
