import Wire

/// Sources that leave, and why (RFC 3550 §6.6).
///
///     |V=2|P|    SC   |   PT=BYE=203  |             length            |
///     |                           SSRC/CSRC …                         |
///     |     length    |               reason for leaving …            |
public struct Goodbye: Hashable, Sendable {
    /// At most 31; more are not written.
    public var sources: [UInt32]
    /// The reason, at most 255 bytes of UTF-8.
    public var reason: String?

    public init(sources: [UInt32], reason: String? = nil) {
        self.sources = sources
        self.reason = reason
    }

    init(from reader: inout ByteReader, count: Int) throws(ParseError) {
        sources = []
        for _ in 0..<count { sources.append(try reader.read()) }
        guard reader.remaining > 0 else { return }
        let length: UInt8 = try reader.read()
        let text = try reader.readArray(count: Int(length))
        reason = String(decoding: text, as: UTF8.self)
    }

    func writeBody(to writer: inout SpanWriter) throws(WriteError) {
        for source in sources.prefix(31) { try writer.write(source) }
        guard let reason else { return }
        let text = [UInt8](reason.utf8)
        guard let length = UInt8(exactly: text.count) else {
            throw .lengthOverflow(at: writer.offset, length: text.count)
        }
        try writer.write(length)
        try writer.write(text.span)
        try writer.write(repeating: 0, count: -(1 + text.count) & 3)
    }
}
