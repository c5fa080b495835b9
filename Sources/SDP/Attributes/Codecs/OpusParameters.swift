/// What the parameters of an Opus format say (RFC 7587 §6.1); missing ones have the RFC's defaults.
///
/// ```swift
/// var opus = OpusParameters()
/// opus.acceptsInbandFEC = true
/// media.append(opus.attribute(payloadType: 111))      // a=fmtp:111 useinbandfec=1
/// ```
public struct OpusParameters: SDPCodecParameters {
    public static let encoding = "opus"

    /// Samples a second that the receiver can play; more is wasted.
    public var maximumPlaybackRate = 48_000
    /// Samples a second that the sender is likely to capture.
    public var maximumCaptureRate = 48_000
    /// The shortest packet the receiver likes.
    public var minimumPacketTime: Duration?
    /// Bits a second that the receiver wants on average at most.
    public var maximumAverageBitrate: Int?
    /// Whether the receiver prefers stereo.
    public var prefersStereo = false
    /// Whether the sender is likely to send stereo.
    public var sendsStereo = false
    /// Whether the receiver prefers a constant bit rate.
    public var prefersConstantBitrate = false
    /// Whether the receiver can use forward error correction.
    public var acceptsInbandFEC = false
    /// Whether the receiver prefers that silence is not sent.
    public var prefersDTX = false
    /// Parameters this type does not know.
    public var others: [FormatParametersAttribute.Parameter] = []

    /// The RFC's defaults.
    public init() {}

    /// Reads the parameters of an Opus format; a malformed one counts as missing.
    public init(_ attribute: FormatParametersAttribute) {
        for parameter in attribute.parameters {
            let text = parameter.value ?? ""
            let number = Int(digits: text.utf8)
            switch parameter.name.lowercased() {
            case "maxplaybackrate": maximumPlaybackRate = number ?? maximumPlaybackRate
            case "sprop-maxcapturerate": maximumCaptureRate = number ?? maximumCaptureRate
            case "minptime": minimumPacketTime = number.map { .milliseconds(min($0, 1_000)) }
            case "maxaveragebitrate": maximumAverageBitrate = number
            case "stereo": prefersStereo = number == 1
            case "sprop-stereo": sendsStereo = number == 1
            case "cbr": prefersConstantBitrate = number == 1
            case "useinbandfec": acceptsInbandFEC = number == 1
            case "usedtx": prefersDTX = number == 1
            default: others.append(parameter)
            }
        }
    }

    public var parameters: [FormatParametersAttribute.Parameter] {
        var list: [FormatParametersAttribute.Parameter] = []
        list.append("maxplaybackrate", maximumPlaybackRate == 48_000 ? nil : maximumPlaybackRate)
        list.append("sprop-maxcapturerate", maximumCaptureRate == 48_000 ? nil : maximumCaptureRate)
        list.append("minptime", minimumPacketTime.map { $0.wholeMilliseconds })
        list.append("maxaveragebitrate", maximumAverageBitrate)
        list.append("stereo", prefersStereo ? 1 : nil)
        list.append("sprop-stereo", sendsStereo ? 1 : nil)
        list.append("cbr", prefersConstantBitrate ? 1 : nil)
        list.append("useinbandfec", acceptsInbandFEC ? 1 : nil)
        list.append("usedtx", prefersDTX ? 1 : nil)
        return list + others
    }

    /// RFC 7587 §7: each parameter is about one direction only.
    public func isSameFormat(as other: OpusParameters) -> Bool { true }
}
