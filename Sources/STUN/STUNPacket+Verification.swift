public import Digests
import Wire

extension STUNPacket {
    /// Whether MESSAGE-INTEGRITY is there and was made with `key` (RFC 8489 §14.5).
    ///
    /// Takes the same time for every wrong code.
    public func isAuthentic(under key: STUNKey, in bytes: Span<UInt8>) -> Bool {
        guard integrityOffset != 0, bytes.count == count else { return false }
        var part = key.hmac.message()
        let head = header(of: bytes, endingAt: integrityOffset &+ 24)
        part.append(head.span)
        part.append(bytes.extracting(4..<integrityOffset))
        var code = InlineArray<20, UInt8>(repeating: 0)
        var span = code.mutableSpan
        part.finish(into: &span)
        let claimed = bytes.extracting(integrityOffset &+ 4..<integrityOffset &+ 24)
        return code.span.isEqualInConstantTime(to: claimed)
    }

    /// Whether MESSAGE-INTEGRITY-SHA256 is there and was made with `key` (RFC 8489 §14.6).
    ///
    /// The code must be whole unless the usage says that it may be cut short: then pass the least
    /// length it allows, 16 or more.
    public func isStronglyAuthentic(
        under key: STUNKey,
        in bytes: Span<UInt8>,
        notShorterThan minimumLength: Int = HMACSHA256.codeLength
    ) -> Bool {
        guard strongIntegrityOffset != 0, bytes.count == count else { return false }
        let start = strongIntegrityOffset + 4
        let end = start + Int(bytes.number16(at: strongIntegrityOffset + 2))
        guard end - start >= minimumLength else { return false }
        let head = header(of: bytes, endingAt: end)
        var part = key.strong.message()
        part.append(head.span)
        part.append(bytes.extracting(4..<strongIntegrityOffset))
        var code = InlineArray<32, UInt8>(repeating: 0)
        var span = code.mutableSpan
        part.finish(into: &span)
        return code.span.extracting(0..<end - start)
            .isEqualInConstantTime(to: bytes.extracting(start..<end))
    }

    /// Whether FINGERPRINT is there and right (RFC 8489 §14.7).
    public func hasValidFingerprint(in bytes: Span<UInt8>) -> Bool {
        guard fingerprintOffset != 0, bytes.count == count else { return false }
        let checksum = CRC32.checksum(bytes.extracting(0..<fingerprintOffset))
        return checksum ^ fingerprintMask == bytes.number32(at: fingerprintOffset &+ 4)
    }

    /// Type and length as they were when the code was made: the length ends with the code's own
    /// attribute, whatever follows it.
    private func header(of bytes: Span<UInt8>, endingAt end: Int) -> InlineArray<4, UInt8> {
        let length = end &- headerLength
        return [
            bytes[0], bytes[1], UInt8(truncatingIfNeeded: length >> 8),
            UInt8(truncatingIfNeeded: length),
        ]
    }
}

/// RFC 8489 §14.7: "STUN", so that a CRC of another protocol does not match.
let fingerprintMask: UInt32 = 0x5354_554E
