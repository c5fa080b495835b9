/// What a payload type means: `a=rtpmap:<payload type> <encoding>/<clock rate>[/<channels>]`.
///
/// RFC 8866 §6.6.
public struct RTPMapAttribute: SDPTypedAttribute {
    public static let name = "rtpmap"

    /// 0 to 127.
    public var payloadType: UInt8
    /// The encoding's name; upper and lower case are the same.
    public var encoding: String
    /// Ticks of the RTP timestamp a second.
    public var clockRate: UInt32
    /// Audio channels; nil when not said, which means one.
    public var channels: Int?

    /// A map from its fields.
    public init(payloadType: UInt8, encoding: String, clockRate: UInt32, channels: Int? = nil) {
        self.payloadType = payloadType
        self.encoding = encoding
        self.clockRate = clockRate
        self.channels = channels
    }

    public init(parsing value: String) throws(SDPError) {
        var scanner = FieldScanner(value)
        payloadType = try scanner.number(in: 0...127, "a payload type from 0 to 127")
        encoding = try scanner.field(until: slash, "an encoding name")
        let hasChannels = scanner.nextContains(slash)
        clockRate = try scanner.number(until: slash, in: 1...UInt32.max, "a clock rate")
        if hasChannels { channels = try scanner.number(in: 1...255, "a number of channels") }
        try scanner.finish()
    }

    public var value: String {
        let suffix = channels.map { "/\($0)" } ?? ""
        return "\(payloadType) \(encoding)/\(clockRate)\(suffix)"
    }

    /// Whether two maps name the same format, whatever their payload types (RFC 3264 §6.1).
    public func isSameFormat(as other: RTPMapAttribute) -> Bool {
        clockRate == other.clockRate && (channels ?? 1) == (other.channels ?? 1)
            && encoding.lowercased() == other.encoding.lowercased()
    }
}
