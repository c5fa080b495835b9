public import Wire

extension STUNWriter {
    /// Writes an attribute that is text in UTF-8, such as USERNAME.
    public static func append(
        _ type: STUNAttributeType,
        text: String,
        to writer: inout SpanWriter
    ) throws(WriteError) {
        let bytes = [UInt8](text.utf8)
        try append(type, bytes.span, to: &writer)
    }

    /// Writes an attribute that is a list of 16-bit numbers, such as UNKNOWN-ATTRIBUTES.
    public static func append(
        _ type: STUNAttributeType,
        numbers: [UInt16],
        to writer: inout SpanWriter
    ) throws(WriteError) {
        guard let length = UInt16(exactly: numbers.count &* 2) else {
            throw .lengthOverflow(at: writer.offset, length: numbers.count &* 2)
        }
        try writer.write(type.rawValue)
        try writer.write(length)
        for number in numbers { try writer.write(number) }
        try writer.write(repeating: 0, count: -Int(length) & 3)
    }

    /// Writes UNKNOWN-ATTRIBUTES (RFC 8489 §14.13).
    public static func append(
        unknown types: [STUNAttributeType],
        to writer: inout SpanWriter
    ) throws(WriteError) {
        try append(.unknownAttributes, numbers: types.map(\.rawValue), to: &writer)
    }

    /// Writes an address as it is, such as ALTERNATE-SERVER (RFC 8489 §14.1).
    public static func append(
        _ type: STUNAttributeType,
        _ address: SocketAddress,
        to writer: inout SpanWriter
    ) throws(WriteError) {
        let length: UInt32 = address.address.family == .v4 ? 8 : 20
        try writer.write(UInt32(type.rawValue) << 16 | length)
        try XORAddress.write(address, to: &writer)
    }

    /// Writes an address under the mask, such as XOR-PEER-ADDRESS (RFC 8489 §14.2); `id` is the
    /// message's own identifier.
    public static func append(
        _ type: STUNAttributeType,
        masked address: SocketAddress,
        id: STUNTransactionID,
        to writer: inout SpanWriter
    ) throws(WriteError) {
        try append(type, XORAddress.masked(address, id), to: &writer)
    }

    /// Writes XOR-MAPPED-ADDRESS (RFC 8489 §14.2); `id` is the message's own identifier.
    public static func appendMapped(
        _ address: SocketAddress,
        id: STUNTransactionID,
        to writer: inout SpanWriter
    ) throws(WriteError) {
        try append(.xorMappedAddress, masked: address, id: id, to: &writer)
    }

    /// Writes ERROR-CODE without a phrase (RFC 8489 §14.8).
    public static func append(
        _ error: STUNErrorCode,
        to writer: inout SpanWriter
    ) throws(WriteError) {
        try append(.errorCode, error.field, to: &writer)
    }

    /// Writes ERROR-CODE with a phrase for people (RFC 8489 §14.8).
    public static func append(
        _ error: STUNErrorCode,
        reason: String,
        to writer: inout SpanWriter
    ) throws(WriteError) {
        try append(.errorCode, error.field, reason: reason, to: &writer)
    }

    static func append(
        _ type: STUNAttributeType,
        _ field: UInt32,
        reason: String,
        to writer: inout SpanWriter
    ) throws(WriteError) {
        let bytes = [UInt8](reason.utf8)
        guard let length = UInt16(exactly: bytes.count &+ 4) else {
            throw .lengthOverflow(at: writer.offset, length: bytes.count)
        }
        try writer.write(type.rawValue)
        try writer.write(length)
        try writer.write(field)
        try writer.write(bytes.span)
        try writer.write(repeating: 0, count: -bytes.count & 3)
    }

    /// Writes any attribute as a value; allocates, unlike the others.
    public static func append(
        _ attribute: STUNAttribute,
        id: STUNTransactionID,
        to writer: inout SpanWriter
    ) throws(WriteError) {
        try attribute.write(id: id, to: &writer)
    }
}

extension STUNWriter {
    /// Ends an answer that is not signed: with FINGERPRINT if the request had one, which says that
    /// the client tells STUN from other packets by it (RFC 8489 §7).
    public static func close(
        answerTo request: STUNPacket,
        to writer: inout SpanWriter
    ) throws(WriteError) {
        if request.hasFingerprint {
            try addFingerprint(to: &writer)
        } else {
            try finishPlain(to: &writer)
        }
    }

    /// Writes the whole answer 420 to a request with unknown attributes (RFC 8489 §6.3.1).
    ///
    /// Sign it instead of closing it plainly by passing the signature of the request.
    public static func writeUnknownAttributes(
        _ types: [STUNAttributeType],
        answerTo request: STUNPacket,
        signature: STUNSignature? = nil,
        to writer: inout SpanWriter
    ) throws(WriteError) {
        try begin(.error, request.method, id: request.transactionID, to: &writer)
        try append(.unknownAttribute, to: &writer)
        try append(unknown: types, to: &writer)
        guard let signature else { return try close(answerTo: request, to: &writer) }
        try signature.finish(withFingerprint: request.hasFingerprint, to: &writer)
    }
}
