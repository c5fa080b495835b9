public import Wire

/// The MID that says which media section a packet belongs to (RFC 9143 §15).
public struct MediaIdentification: Hashable, Sendable {
    public var mid: String

    public init(_ mid: String) { self.mid = mid }

    /// Reads the value of an extension element.
    ///
    /// A MID is an SDP token (RFC 5888 §4): anything but visible ASCII is refused.
    public init(parsing value: Span<UInt8>) throws(ParseError) {
        guard !value.isEmpty else { throw .truncated(at: 0, need: 1) }
        for index in value.indices where !(0x21...0x7E).contains(value[index]) {
            throw .invalid("mid", at: index)
        }
        mid = String(decoding: [UInt8](copying: value), as: UTF8.self)
    }

    /// Whether `value` spells this MID.
    ///
    /// Allocates nothing.
    public func matches(_ value: Span<UInt8>) -> Bool {
        let bytes = mid.utf8
        guard bytes.count == value.count else { return false }
        var index = 0
        for byte in bytes {
            guard byte == value[index] else { return false }
            index += 1
        }
        return true
    }
}
