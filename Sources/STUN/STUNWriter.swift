public import Digests
public import Wire

/// Writes STUN messages into borrowed bytes, attribute by attribute, without an allocation.
///
/// The message begins where the writer's bytes begin.
///
/// ```swift
/// var writer = SpanWriter(packet.mutableSpan)
/// try STUNWriter.begin(.request, id: id, to: &writer)
/// try STUNWriter.append(.priority, priority, to: &writer)
/// try STUNWriter.finish(key: key, to: &writer)
/// ```
public enum STUNWriter {
    /// Writes the header; ``finish(key:to:)`` fills in its length.
    public static func begin(
        _ messageClass: STUNClass,
        _ method: STUNMethod = .binding,
        id: STUNTransactionID,
        to writer: inout SpanWriter
    ) throws(WriteError) {
        try writer.write(STUNMessageType.encode(messageClass, method))
        try writer.write(UInt16(0))
        try writer.write(magicCookie)
        try writer.write(id.high)
        try writer.write(id.low)
    }

    /// Writes an attribute of these bytes and its padding.
    public static func append(
        _ type: STUNAttributeType,
        _ value: Span<UInt8>,
        to writer: inout SpanWriter
    ) throws(WriteError) {
        guard let length = UInt16(exactly: value.count) else {
            throw .lengthOverflow(at: writer.offset, length: value.count)
        }
        try writer.write(type.rawValue)
        try writer.write(length)
        try writer.write(value)
        try writer.write(repeating: 0, count: -value.count & 3)
    }

    /// Writes an attribute without a value, such as USE-CANDIDATE.
    public static func append(
        _ type: STUNAttributeType,
        to writer: inout SpanWriter
    ) throws(WriteError) {
        try writer.write(UInt32(type.rawValue) << 16)
    }

    /// Writes an attribute that is a 32-bit number, such as PRIORITY.
    public static func append(
        _ type: STUNAttributeType,
        _ number: UInt32,
        to writer: inout SpanWriter
    ) throws(WriteError) {
        try writer.write(UInt32(type.rawValue) << 16 | 4)
        try writer.write(number)
    }

    /// Writes an attribute that is a 64-bit number, such as a tie-breaker.
    public static func append(
        _ type: STUNAttributeType,
        _ number: UInt64,
        to writer: inout SpanWriter
    ) throws(WriteError) {
        try writer.write(UInt32(type.rawValue) << 16 | 8)
        try writer.write(number)
    }

    /// Signs the message if there is a key, adds FINGERPRINT and fills in the length.
    public static func finish(key: STUNKey?, to writer: inout SpanWriter) throws(WriteError) {
        if let key { try sign(with: key, to: &writer) }
        try addFingerprint(to: &writer)
    }

    /// Adds MESSAGE-INTEGRITY (RFC 8489 §14.5).
    public static func sign(
        with key: STUNKey,
        to writer: inout SpanWriter
    ) throws(WriteError) {
        try setLength(addition: 24, in: &writer)
        var code = InlineArray<20, UInt8>(repeating: 0)
        var span = code.mutableSpan
        key.hmac.write(codeOf: writer.written, to: &span)
        try append(.messageIntegrity, code.span, to: &writer)
    }

    /// Adds MESSAGE-INTEGRITY-SHA256 (RFC 8489 §14.6).
    ///
    /// A usage may allow that the code is cut to `length` bytes: 16 to 32, a multiple of four.
    public static func signStrongly(
        with key: STUNKey,
        length: Int = HMACSHA256.codeLength,
        to writer: inout SpanWriter
    ) throws(WriteError) {
        let length = min(max(length, 16), HMACSHA256.codeLength) & ~3
        try setLength(addition: 4 + length, in: &writer)
        var code = InlineArray<32, UInt8>(repeating: 0)
        var span = code.mutableSpan
        key.strong.write(codeOf: writer.written, to: &span)
        try append(.messageIntegritySHA256, code.span.extracting(0..<length), to: &writer)
    }

    /// Adds FINGERPRINT (RFC 8489 §14.7).
    public static func addFingerprint(to writer: inout SpanWriter) throws(WriteError) {
        try setLength(addition: 8, in: &writer)
        try append(.fingerprint, CRC32.checksum(writer.written) ^ fingerprintMask, to: &writer)
    }

    /// Fills in the length for a message that ends here.
    public static func finishPlain(to writer: inout SpanWriter) throws(WriteError) {
        try setLength(addition: 0, in: &writer)
    }

    private static func setLength(
        addition: Int,
        in writer: inout SpanWriter
    ) throws(WriteError) {
        let length = writer.offset - headerLength + addition
        guard let field = UInt16(exactly: length) else {
            throw .lengthOverflow(at: 2, length: length)
        }
        try writer.replace(at: 2, with: field)
    }
}
