import COpus

/// Why libopus refused.
public enum OpusError: Error, Hashable, Sendable {
    /// The sample rate is none of 8,000, 12,000, 16,000, 24,000 and 48,000.
    case unsupportedSampleRate(Int)
    /// The number of channels is neither 1 nor 2.
    case unsupportedChannelCount(Int)
    /// The samples make no frame of 2.5, 5, 10, 20, 40, 60, 80, 100 or 120 ms.
    case unsupportedFrameSize(samples: Int)
    /// The destination cannot hold what was to be written.
    case noRoom
    /// The packet is no Opus packet.
    case invalidPacket
    case outOfMemory
    /// Another error of libopus, by its code.
    case library(code: Int)

    init(code: CInt) {
        switch code {
        case OPUS_BUFFER_TOO_SMALL: self = .noRoom
        case OPUS_INVALID_PACKET: self = .invalidPacket
        case OPUS_ALLOC_FAIL: self = .outOfMemory
        default: self = .library(code: Int(code))
        }
    }
}

extension OpusError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unsupportedSampleRate(let rate):
            "Opus has no sample rate of \(rate) Hz: resample to 48000"
        case .unsupportedChannelCount(let count): "Opus has 1 or 2 channels, not \(count)"
        case .unsupportedFrameSize(let samples):
            "\(samples) samples are no Opus frame: give 20 ms at a time"
        case .noRoom: "the destination is too small"
        case .invalidPacket: "not an Opus packet"
        case .outOfMemory: "out of memory"
        case .library(let code): "libopus error \(code)"
        }
    }
}

/// The sample rates of RFC 6716 §2.1.1, as the coder knows them.
func requireSupported(sampleRate: Int, channels: Int) throws(OpusError) {
    guard [8_000, 12_000, 16_000, 24_000, 48_000].contains(sampleRate) else {
        throw .unsupportedSampleRate(sampleRate)
    }
    guard channels == 1 || channels == 2 else { throw .unsupportedChannelCount(channels) }
}
