public import Wire

/// How an authenticated exchange is signed: the key, and which of the two codes is used.
///
/// A server answers with the code that the request had (RFC 8489 §9.2.4).
public struct STUNSignature: Sendable {
    /// The key of the exchange.
    public var key: STUNKey
    /// Whether MESSAGE-INTEGRITY-SHA256 is used, or else MESSAGE-INTEGRITY.
    public var isStrong: Bool

    /// Signing with `key`.
    public init(key: STUNKey, isStrong: Bool) {
        self.key = key
        self.isStrong = isStrong
    }

    /// Adds the code, then FINGERPRINT if asked for, and fills in the length.
    public func finish(
        withFingerprint: Bool = true,
        to writer: inout SpanWriter
    ) throws(WriteError) {
        if isStrong {
            try STUNWriter.signStrongly(with: key, to: &writer)
        } else {
            try STUNWriter.sign(with: key, to: &writer)
        }
        if withFingerprint { try STUNWriter.addFingerprint(to: &writer) }
    }

    /// Whether the message carries this signature.
    public func isValid(for packet: STUNPacket, in bytes: Span<UInt8>) -> Bool {
        isStrong
            ? packet.isStronglyAuthentic(under: key, in: bytes)
            : packet.isAuthentic(under: key, in: bytes)
    }
}
