import Wire

/// Limits and aims of a jitter buffer.
///
/// The defaults suit a conversation over the internet.
public struct JitterBufferConfiguration: Sendable {
    /// The delay aimed for when the network does not jitter at all.
    public var minimumDelay = Duration.milliseconds(20)
    /// The delay aimed for is never larger, however bad the network is.
    public var maximumDelay = Duration.milliseconds(800)
    /// The delay before the first packet is played, while little is known of the network.
    public var initialDelay = Duration.milliseconds(40)
    /// The share of packets that should arrive before they are played.
    public var quantile = 0.97
    /// How many packets it takes to forget: the weight of a packet falls to 1/e after so many.
    public var memory = 500.0
    /// Packets kept at most, rounded up to a power of two.
    public var maximumPackets = 256
    /// How the number of samples in a packet is known.
    public var packetDuration = PacketDuration.opus
    /// Delay above the aim that is only taken back where it cannot be heard.
    public var toleratedExcess = Duration.milliseconds(100)
    /// Delay above the aim that is cut at once.
    public var intolerableExcess = Duration.milliseconds(400)
    /// Concealment longer than this turns into silence.
    public var maximumConcealment = Duration.milliseconds(400)

    public init() {}
}

/// The delays of a configuration in nanoseconds.
struct Limits: Sendable {
    let minimumDelay: Int64
    let maximumDelay: Int64
    let initialDelay: Int64
    let toleratedExcess: Int64
    let intolerableExcess: Int64
    let maximumConcealment: Int64

    init(_ configuration: JitterBufferConfiguration) {
        minimumDelay = Self.nanoseconds(configuration.minimumDelay)
        maximumDelay = Self.nanoseconds(configuration.maximumDelay)
        initialDelay = Self.nanoseconds(configuration.initialDelay)
        toleratedExcess = Self.nanoseconds(configuration.toleratedExcess)
        intolerableExcess = Self.nanoseconds(configuration.intolerableExcess)
        maximumConcealment = Self.nanoseconds(configuration.maximumConcealment)
    }

    private static func nanoseconds(_ duration: Duration) -> Int64 {
        max(0, min(duration.nanoseconds, 3_600_000_000_000))
    }
}

/// How the number of samples in a packet is known.
public enum PacketDuration: Hashable, Sendable {
    /// From the first bytes of an Opus packet (RFC 6716 §3.1).
    case opus
    /// Always the same.
    case fixed(samples: Int)

    /// Samples of a 48 kHz clock in `payload`; nil if the payload does not say.
    func samples(in payload: Span<UInt8>) -> Int? {
        switch self {
        case .fixed(let samples): max(1, samples)
        case .opus: Self.opusSamples(in: payload)
        }
    }

    private static func opusSamples(in payload: Span<UInt8>) -> Int? {
        guard !payload.isEmpty else { return nil }
        let configuration = Int(payload[0] >> 3)
        let frame: Int
        switch configuration {
        case 0..<12: frame = [480, 960, 1_920, 2_880][configuration & 3]
        case 12..<16: frame = 480 << (configuration & 1)
        default: frame = 120 << (configuration & 3)
        }
        switch payload[0] & 3 {
        case 0: return frame
        case 1, 2: return 2 * frame
        default:
            guard payload.count > 1 else { return nil }
            let samples = frame * Int(payload[1] & 0x3F)
            // RFC 6716 §3.2.5: at least one frame, at most 120 ms.
            return (frame...5_760).contains(samples) ? samples : nil
        }
    }
}
