public import SDP

/// One codec a session can offer and accept: W3C's `RTCRtpCodec`, and what SDP says besides.
///
/// ```swift
/// let vp8 = CodecCapability("video/VP8", clockRate: 90_000, feedback: ["nack", "nack pli"])
/// ```
public struct CodecCapability: Hashable, Sendable {
    /// Kind and name, such as `video/VP8`; upper and lower case are the same.
    public var mimeType: String
    /// Ticks of the RTP timestamp a second.
    public var clockRate: UInt32
    /// Audio channels; nil where the format has no such number.
    public var channels: Int?
    /// The format's parameters, as the fmtp line has them.
    public var parameters: [FormatParametersAttribute.Parameter]
    /// RTCP feedback, each as behind the payload type of an rtcp-fb line.
    public var feedback: [String]
    /// The payload type in our own offers, while nothing else has it.
    public var payloadType: UInt8?

    /// A codec; `parameters` is what stands behind the payload type of an fmtp line.
    public init(
        _ mimeType: String,
        clockRate: UInt32,
        channels: Int? = nil,
        parameters: String = "",
        feedback: [String] = [],
        payloadType: UInt8? = nil
    ) {
        self.mimeType = mimeType
        self.clockRate = clockRate
        self.channels = channels
        self.parameters = FormatParametersAttribute.parameters(of: parameters)
        self.feedback = feedback
        self.payloadType = payloadType
    }

    /// What stands behind the slash.
    public var name: String {
        mimeType.split(separator: "/", maxSplits: 1).last.map { String($0) } ?? ""
    }

    /// What the format is for.
    public var purpose: Purpose { Purpose(encoding: name) }

    /// What formats of RTP are for.
    public enum Purpose: Hashable, Sendable {
        /// Sound or pictures.
        case media
        /// Repeats of another format's packets (RFC 4588).
        case retransmission
        /// Several frames in one packet (RFC 2198).
        case redundancy
        /// Repair of lost packets (RFC 5109, RFC 8627).
        case forwardErrorCorrection
        /// Key presses (RFC 4733).
        case telephoneEvent
        /// What silence sounds like (RFC 3389).
        case comfortNoise

        init(encoding: String) {
            switch encoding.lowercased() {
            case "rtx": self = .retransmission
            case "red": self = .redundancy
            case "ulpfec", "flexfec", "flexfec-03": self = .forwardErrorCorrection
            case "telephone-event": self = .telephoneEvent
            case "cn": self = .comfortNoise
            default: self = .media
            }
        }
    }
}

extension FormatParametersAttribute {
    /// The parameters of `text`, which has no format in front.
    static func parameters(of text: String) -> [Parameter] {
        guard !text.isEmpty else { return [] }
        do throws(SDPError) {
            return try FormatParametersAttribute(parsing: "0 " + text).parameters
        } catch {
            return []
        }
    }
}
