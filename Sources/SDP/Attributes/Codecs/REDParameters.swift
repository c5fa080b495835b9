/// What the parameters of a redundant audio format say (RFC 2198 §5): `111/111`.
public struct REDParameters: SDPCodecParameters {
    public static let encoding = "red"

    /// The payload types of the primary and the redundant encodings, in order.
    public var payloadTypes: [UInt8]

    /// Redundancy of payload types.
    public init(_ payloadTypes: [UInt8]) { self.payloadTypes = payloadTypes }

    public init(_ attribute: FormatParametersAttribute) throws(SDPError) {
        payloadTypes = []
        let places = attribute.placed
        guard let place = places.first, places.count == 1, place.parameter.value == nil else {
            let column = attribute.format.utf8.count + 2
            throw SDPError(.expected("payload types with slashes"), line: 1, column: column)
        }
        let parts = place.parameter.name.split(separator: "/", omittingEmptySubsequences: false)
        for part in parts {
            guard let type = UInt8(digits: part.utf8), type < 128 else {
                throw place.failure("payload types with slashes")
            }
            payloadTypes.append(type)
        }
    }

    public var parameters: [FormatParametersAttribute.Parameter] {
        payloadTypes.isEmpty
            ? [] : [.init(payloadTypes.map { String($0) }.joined(separator: "/"))]
    }

    /// The numbers belong to one side's description: what they stand for must be compared instead.
    public func isSameFormat(as other: REDParameters) -> Bool {
        payloadTypes == other.payloadTypes
    }
}
