/// The largest message the sender takes: `a=max-message-size:<bytes>` (RFC 8841 §6).
public struct MaximumMessageSizeAttribute: SDPTypedAttribute {
    public static let name = "max-message-size"

    /// Bytes; 0 means any size.
    public var bytes: UInt64

    /// A size.
    public init(_ bytes: UInt64) { self.bytes = bytes }

    public init(parsing value: String) throws(SDPError) {
        var scanner = FieldScanner(value)
        bytes = try scanner.number(in: 0...UInt64.max, "a number of bytes")
        try scanner.finish()
    }

    public var value: String { String(bytes) }
}
