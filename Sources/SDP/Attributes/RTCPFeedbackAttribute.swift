/// RTCP feedback that may be sent: `a=rtcp-fb:<payload type> <kind> [<parameter>]`.
///
/// RFC 4585 §4.2, RFC 5104 §7.1.
public struct RTCPFeedbackAttribute: SDPTypedAttribute {
    public static let name = "rtcp-fb"

    /// The payload type; nil stands for `*`, all of them.
    public var payloadType: UInt8?
    /// What is fed back, such as `nack`, `ccm` or `transport-cc`.
    public var kind: String
    /// What follows the kind, such as the `pli` of `nack pli`.
    public var parameter: String?

    /// Feedback from its fields.
    public init(payloadType: UInt8?, kind: String, parameter: String? = nil) {
        self.payloadType = payloadType
        self.kind = kind
        self.parameter = parameter
    }

    public init(parsing value: String) throws(SDPError) {
        var scanner = FieldScanner(value)
        if scanner.takeField(UInt8(ascii: "*")) {
            payloadType = nil
        } else {
            payloadType = try scanner.number(in: 0...127, "a payload type or *")
        }
        kind = try scanner.field("a kind of feedback")
        parameter = scanner.remainder()
    }

    public var value: String {
        let format = payloadType.map { String($0) } ?? "*"
        return "\(format) \(kind)" + (parameter.map { " \($0)" } ?? "")
    }
}
