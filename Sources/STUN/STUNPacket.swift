public import Wire

/// A STUN message as it lies in a packet: checked once, read in place, never allocated.
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     |0 0|     STUN Message Type     |         Message Length        |
///     |                         Magic Cookie                          |
///     |                     Transaction ID (96 bits)                  |
///
/// It holds offsets into the packet, so its methods take the packet again. ``STUNMessage`` is its
/// owned sister.
///
/// ```swift
/// let packet = try STUNPacket(parsing: bytes.span)
/// guard packet.hasValidFingerprint(in: bytes.span) else { return }
/// let priority = packet.number(.priority, in: bytes.span)
/// ```
public struct STUNPacket: Sendable {
    /// What the message is for.
    public let messageClass: STUNClass
    /// Which procedure it belongs to.
    public let method: STUNMethod
    /// What ties request and response together.
    public let transactionID: STUNTransactionID
    /// How many bytes the message has, header included.
    public let count: Int

    // Type, offset and length of the first attributes, packed: what lies beyond is found by walking.
    private var table = InlineArray<16, UInt64>(repeating: 0)
    private var tableCount = 0
    private var attributeCount = 0
    /// Where the header of MESSAGE-INTEGRITY begins; 0 if there is none.
    let integrityOffset: Int
    /// Where the header of MESSAGE-INTEGRITY-SHA256 begins; 0 if there is none.
    let strongIntegrityOffset: Int
    /// Where the header of FINGERPRINT begins; 0 if there is none.
    let fingerprintOffset: Int

    /// Checks header and attribute lengths of `bytes`, which must be one whole message.
    public init(parsing bytes: Span<UInt8>) throws(ParseError) {
        guard bytes.count >= headerLength else {
            throw .truncated(at: bytes.count, need: headerLength - bytes.count)
        }
        let type = bytes.number16(at: 0)
        guard type & 0xC000 == 0 else { throw .invalid("message type", at: 0) }
        let length = Int(bytes.number16(at: 2))
        guard length % 4 == 0 else { throw .invalid("message length", at: 2) }
        guard length <= bytes.count - headerLength else {
            throw .truncated(at: bytes.count, need: length + headerLength - bytes.count)
        }
        guard length == bytes.count - headerLength else { throw .invalid("message length", at: 2) }
        guard bytes.number32(at: 4) == magicCookie else { throw .invalid("magic cookie", at: 4) }
        (messageClass, method) = STUNMessageType.decode(type)
        transactionID = STUNTransactionID(high: bytes.number32(at: 8), low: bytes.number64(at: 12))
        count = bytes.count

        var seals = Seals()
        var offset = headerLength
        while offset < bytes.count {
            let attribute = try AttributeHeader(at: offset, in: bytes)
            if try seals.admits(attribute) {
                if tableCount < 16 {
                    table[tableCount] = attribute.packed
                    tableCount &+= 1
                }
                attributeCount &+= 1
            }
            offset = attribute.next
        }
        integrityOffset = seals.integrity
        strongIntegrityOffset = seals.strongIntegrity
        fingerprintOffset = seals.fingerprint
    }

    /// Whether `bytes` look like STUN: two zero bits and the magic cookie (RFC 8489 §5).
    public static func isPlausible(_ bytes: Span<UInt8>) -> Bool {
        bytes.count >= headerLength && bytes[0] & 0xC0 == 0 && bytes.number32(at: 4) == magicCookie
    }

    /// Whether the message carries MESSAGE-INTEGRITY.
    public var hasIntegrity: Bool { integrityOffset != 0 }

    /// Whether the message carries MESSAGE-INTEGRITY-SHA256.
    public var hasStrongIntegrity: Bool { strongIntegrityOffset != 0 }

    /// Whether the message carries FINGERPRINT.
    public var hasFingerprint: Bool { fingerprintOffset != 0 }

    /// Where the value of the first attribute of `type` lies; nil if there is none.
    ///
    /// Attributes behind MESSAGE-INTEGRITY are not seen, except FINGERPRINT (RFC 8489 §14.5).
    public func range(of type: STUNAttributeType, in bytes: Span<UInt8>) -> Range<Int>? {
        guard bytes.count == count else { return nil }
        for index in 0..<tableCount where table[index] >> 48 == UInt64(type.rawValue) {
            let start = Int(table[index] >> 16 & 0xFFFF_FFFF)
            return start..<start &+ Int(table[index] & 0xFFFF)
        }
        guard attributeCount > tableCount else { return nil }
        var found: Range<Int>?
        forEachAttribute(in: bytes) { attribute, range in
            if attribute == type, found == nil { found = range }
        }
        return found
    }

    /// Whether there is an attribute of `type`.
    public func has(_ type: STUNAttributeType, in bytes: Span<UInt8>) -> Bool {
        range(of: type, in: bytes) != nil
    }

    /// Calls `body` for every attribute that counts, in order.
    public func forEachAttribute(
        in bytes: Span<UInt8>,
        _ body: (STUNAttributeType, Range<Int>) -> Void
    ) {
        guard bytes.count == count else { return }
        var seals = Seals()
        var offset = headerLength
        while offset < count {
            // The same bytes passed both checks when the packet was parsed.
            guard let attribute = try? AttributeHeader(at: offset, in: bytes),
                let isAdmitted = try? seals.admits(attribute)
            else { return }
            if isAdmitted { body(attribute.type, attribute.value) }
            offset = attribute.next
        }
    }

    /// The attributes that an agent of these usages does not understand though it must, in order (420).
    public func unknownRequiredAttributes(
        in bytes: Span<UInt8>,
        understanding usages: STUNUsage = [.binding, .connectivity]
    ) -> [STUNAttributeType] {
        var unknown: [STUNAttributeType] = []
        if attributeCount == tableCount {
            for index in 0..<tableCount {
                let type = STUNAttributeType(
                    rawValue: UInt16(truncatingIfNeeded: table[index] >> 48)
                )
                if !type.isUnderstood(in: usages) { unknown.append(type) }
            }
            return unknown
        }
        forEachAttribute(in: bytes) { type, _ in
            if !type.isUnderstood(in: usages), !unknown.contains(type), unknown.count < 32 {
                unknown.append(type)
            }
        }
        return unknown
    }
}

/// One attribute's header (RFC 8489 §14), its bounds checked.
private struct AttributeHeader {
    let type: STUNAttributeType
    let value: Range<Int>

    init(at offset: Int, in bytes: Span<UInt8>) throws(ParseError) {
        guard offset &+ 4 <= bytes.count else {
            throw .truncated(at: offset, need: offset + 4 - bytes.count)
        }
        type = STUNAttributeType(rawValue: bytes.number16(at: offset))
        let start = offset &+ 4
        let length = Int(bytes.number16(at: offset &+ 2))
        value = start..<start &+ length
        guard next <= bytes.count else { throw .truncated(at: start, need: next - bytes.count) }
    }

    var offset: Int { value.lowerBound &- 4 }

    /// The next attribute begins at a multiple of four.
    var next: Int { (value.upperBound &+ 3) & ~3 }

    var packed: UInt64 {
        UInt64(type.rawValue) << 48 | UInt64(value.lowerBound) << 16 | UInt64(value.count)
    }
}

/// The attributes that close a message, in the only order they may have (RFC 8489 §14.5–14.7).
private struct Seals {
    var integrity = 0
    var strongIntegrity = 0
    var fingerprint = 0

    /// Notes a closing attribute; says whether `attribute` counts at its place.
    mutating func admits(_ attribute: AttributeHeader) throws(ParseError) -> Bool {
        guard fingerprint == 0 else { throw .invalid("FINGERPRINT not last", at: fingerprint) }
        switch attribute.type {
        case .fingerprint:
            try require(attribute, attribute.value.count == 4)
            fingerprint = attribute.offset
            return true
        case .messageIntegrity where integrity == 0 && strongIntegrity == 0:
            try require(attribute, attribute.value.count == 20)
            integrity = attribute.offset
            return true
        case .messageIntegritySHA256 where strongIntegrity == 0:
            try require(
                attribute,
                16...32 ~= attribute.value.count && attribute.value.count % 4 == 0
            )
            strongIntegrity = attribute.offset
            return true
        default:
            return integrity == 0 && strongIntegrity == 0
        }
    }

    func require(_ attribute: AttributeHeader, _ isRight: Bool) throws(ParseError) {
        guard isRight else { throw .invalid("attribute length", at: attribute.offset &+ 2) }
    }
}

extension Span<UInt8> {
    @inline(__always)
    func number16(at offset: Int) -> UInt16 {
        UInt16(self[offset]) << 8 | UInt16(self[offset &+ 1])
    }

    @inline(__always)
    func number32(at offset: Int) -> UInt32 {
        UInt32(number16(at: offset)) << 16 | UInt32(number16(at: offset &+ 2))
    }

    @inline(__always)
    func number64(at offset: Int) -> UInt64 {
        UInt64(number32(at: offset)) << 32 | UInt64(number32(at: offset &+ 4))
    }
}
