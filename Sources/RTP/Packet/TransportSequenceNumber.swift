public import Wire

/// A packet's number among all packets of a transport
/// (draft-holmer-rmcat-transport-wide-cc-extensions-01 §2).
public struct TransportSequenceNumber: SerialNumber {
    public var rawValue: UInt16

    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// Reads the value of an extension element.
    public init(parsing value: Span<UInt8>) throws(ParseError) {
        var reader = ByteReader(value)
        rawValue = try reader.read()
    }
}
