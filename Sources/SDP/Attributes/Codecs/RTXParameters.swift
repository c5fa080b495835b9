/// What the parameters of a retransmission format say (RFC 4588 §8.6).
public struct RTXParameters: SDPCodecParameters {
    public static let encoding = "rtx"

    /// The payload type whose packets are sent again.
    public var associatedPayloadType: UInt8
    /// How long packets are kept to be sent again, in milliseconds.
    public var milliseconds: UInt32?
    /// Parameters this type does not know.
    public var others: [FormatParametersAttribute.Parameter] = []

    /// Retransmission of a payload type.
    public init(of payloadType: UInt8) { associatedPayloadType = payloadType }

    public init(_ attribute: FormatParametersAttribute) throws(SDPError) {
        var associated: UInt8?
        for place in attribute.placed {
            switch place.name {
            case "apt": associated = try place.number(in: 0...127, "a payload type")
            case "rtx-time": milliseconds = try place.number(in: 0...UInt32.max, "milliseconds")
            default: others.append(place.parameter)
            }
        }
        guard let associated else {
            let column = attribute.format.utf8.count + 2
            throw SDPError(.expected("apt="), line: 1, column: column)
        }
        associatedPayloadType = associated
    }

    public var parameters: [FormatParametersAttribute.Parameter] {
        var list: [FormatParametersAttribute.Parameter] = []
        list.append("apt", associatedPayloadType)
        list.append("rtx-time", milliseconds)
        return list + others
    }

    /// The numbers belong to one side's description: what they stand for must be compared instead.
    public func isSameFormat(as other: RTXParameters) -> Bool {
        associatedPayloadType == other.associatedPayloadType
    }
}
