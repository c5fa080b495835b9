import Digests
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

    /// Writes XOR-MAPPED-ADDRESS (RFC 8489 §14.2); `id` is the message's own identifier.
    public static func appendMapped(
        _ address: SocketAddress,
        id: STUNTransactionID,
        to writer: inout SpanWriter
    ) throws(WriteError) {
        let length: UInt32 = address.address.family == .v4 ? 8 : 20
        try writer.write(UInt32(STUNAttributeType.xorMappedAddress.rawValue) << 16 | length)
        try XORAddress.write(XORAddress.masked(address, id), to: &writer)
    }

    /// Writes ERROR-CODE without a phrase (RFC 8489 §14.8).
    public static func append(
        _ error: STUNErrorCode,
        to writer: inout SpanWriter
    ) throws(WriteError) {
        try append(.errorCode, error.field, to: &writer)
    }

    /// Writes UNKNOWN-ATTRIBUTES (RFC 8489 §14.13).
    public static func append(
        unknown types: [STUNAttributeType],
        to writer: inout SpanWriter
    ) throws(WriteError) {
        let length = UInt32(truncatingIfNeeded: types.count * 2)
        try writer.write(UInt32(STUNAttributeType.unknownAttributes.rawValue) << 16 | length)
        for type in types { try writer.write(type.rawValue) }
        if types.count % 2 == 1 { try writer.write(UInt16(0)) }
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
    public static func signStrongly(
        with key: STUNKey,
        to writer: inout SpanWriter
    ) throws(WriteError) {
        try setLength(addition: 36, in: &writer)
        let code = key.strong.code(of: writer.written)
        try append(.messageIntegritySHA256, code.span, to: &writer)
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
