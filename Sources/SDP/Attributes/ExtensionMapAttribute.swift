/// A header extension and its id: `a=extmap:<id>[/<direction>] <URI> [<attributes>]`.
///
/// RFC 8285 §5.
public struct ExtensionMapAttribute: SDPTypedAttribute {
    public static let name = "extmap"

    /// 1 to 14 in one-byte headers, to 255 in two-byte headers, from 4096 when still to be chosen.
    public var id: UInt16
    /// In which direction the extension is used; nil when not said, which means both.
    public var direction: MediaDirection?
    /// What the extension is.
    public var uri: String
    /// What follows the URI.
    public var extensionAttributes: String?

    /// A map from its fields.
    public init(
        id: UInt16,
        direction: MediaDirection? = nil,
        uri: String,
        extensionAttributes: String? = nil
    ) {
        self.id = id
        self.direction = direction
        self.uri = uri
        self.extensionAttributes = extensionAttributes
    }

    public init(parsing value: String) throws(SDPError) {
        var scanner = FieldScanner(value)
        let hasDirection = scanner.nextContains(slash)
        let start = scanner
        id = try scanner.number(until: slash, in: 1...4_351, "an extension id")
        // RFC 8285 §5: 256 to 4095 are reserved.
        guard id < 256 || id >= 4_096 else { throw start.failure("an extension id") }
        if hasDirection {
            direction = try scanner.choice("a direction") { MediaDirection(rawValue: $0) }
        }
        uri = try scanner.field("a URI")
        extensionAttributes = scanner.remainder()
    }

    public var value: String {
        let suffix = direction.map { "/\($0.rawValue)" } ?? ""
        return "\(id)\(suffix) \(uri)" + (extensionAttributes.map { " \($0)" } ?? "")
    }
}

extension ExtensionMapAttribute {
    /// Whether the id fits one-byte headers: 15 is reserved there (RFC 8285 §4.2).
    public var fitsOneByteHeader: Bool { 1...14 ~= id }
    /// Whether the id can stand in packets: one-byte or two-byte headers (RFC 8285 §4.3).
    public var fitsTwoByteHeader: Bool { 1...255 ~= id }
    /// Whether the id asks the answerer to choose one (RFC 8285 §7).
    public var isToBeChosen: Bool { id >= 4_096 }
    /// Whether the extension's elements are encrypted (RFC 6904 §4).
    public var isEncrypted: Bool { uri == "urn:ietf:params:rtp-hdrext:encrypt" }

    /// The audio level of a packet (RFC 6464 §4).
    public static let audioLevelURI = "urn:ietf:params:rtp-hdrext:ssrc-audio-level"
    /// The mid of the section a packet belongs to (RFC 9143 §15.2).
    public static let midURI = "urn:ietf:params:rtp-hdrext:sdes:mid"
    /// The restricted encoding a packet belongs to (RFC 8852 §3.1).
    public static let ridURI = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id"
    /// The restricted encoding whose packets a packet repairs (RFC 8852 §3.2).
    public static let repairedRIDURI = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id"
    /// A number of each packet on the transport (draft-holmer-rmcat-transport-wide-cc-extensions).
    public static let transportSequenceNumberURI =
        "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01"
    /// When a packet was sent, 24 bits.
    public static let absoluteSendTimeURI =
        "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time"
}
