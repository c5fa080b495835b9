public import Wire

/// One attribute with its value (RFC 8489 §14, RFC 8445 §16.1).
public enum STUNAttribute: Hashable, Sendable {
    case mappedAddress(SocketAddress)
    case xorMappedAddress(SocketAddress)
    case username(String)
    case realm(String)
    case nonce(String)
    case software(String)
    case errorCode(STUNErrorCode, reason: String)
    case unknownAttributes([STUNAttributeType])
    case priority(UInt32)
    case useCandidate
    case iceControlled(tieBreaker: UInt64)
    case iceControlling(tieBreaker: UInt64)
    /// The code as received; ``STUNPacket/isAuthentic(under:in:)`` checks it.
    case messageIntegrity([UInt8])
    /// The code as received; ``STUNPacket/isStronglyAuthentic(under:in:)`` checks it.
    case messageIntegritySHA256([UInt8])
    /// The checksum as received; ``STUNPacket/hasValidFingerprint(in:)`` checks it.
    case fingerprint(UInt32)
    /// An attribute this module has no name for, or whose value has not the form of its type.
    case other(STUNAttributeType, [UInt8])

    /// The number on the wire.
    public var type: STUNAttributeType {
        switch self {
        case .mappedAddress: .mappedAddress
        case .xorMappedAddress: .xorMappedAddress
        case .username: .username
        case .realm: .realm
        case .nonce: .nonce
        case .software: .software
        case .errorCode: .errorCode
        case .unknownAttributes: .unknownAttributes
        case .priority: .priority
        case .useCandidate: .useCandidate
        case .iceControlled: .iceControlled
        case .iceControlling: .iceControlling
        case .messageIntegrity: .messageIntegrity
        case .messageIntegritySHA256: .messageIntegritySHA256
        case .fingerprint: .fingerprint
        case .other(let type, _): type
        }
    }

    init(_ type: STUNAttributeType, value: Span<UInt8>, id: STUNTransactionID) {
        self = Self.known(type, value, id) ?? .other(type, [UInt8](copying: value))
    }

    private static func known(
        _ type: STUNAttributeType,
        _ value: Span<UInt8>,
        _ id: STUNTransactionID
    ) -> STUNAttribute? {
        switch type {
        case .mappedAddress: XORAddress.readPlain(value).map(Self.mappedAddress)
        case .xorMappedAddress: XORAddress.read(value, id).map(Self.xorMappedAddress)
        case .username: text(value).map(Self.username)
        case .realm: text(value).map(Self.realm)
        case .nonce: text(value).map(Self.nonce)
        case .software: text(value).map(Self.software)
        case .errorCode: error(value)
        case .unknownAttributes where value.count % 2 == 0: .unknownAttributes(types(value))
        case .priority where value.count == 4: .priority(value.number32(at: 0))
        case .useCandidate where value.isEmpty: .useCandidate
        case .iceControlled where value.count == 8:
            .iceControlled(tieBreaker: value.number64(at: 0))
        case .iceControlling where value.count == 8:
            .iceControlling(tieBreaker: value.number64(at: 0))
        case .messageIntegrity: .messageIntegrity([UInt8](copying: value))
        case .messageIntegritySHA256: .messageIntegritySHA256([UInt8](copying: value))
        case .fingerprint where value.count == 4: .fingerprint(value.number32(at: 0))
        default: nil
        }
    }

    private static func text(_ value: Span<UInt8>) -> String? {
        String(validating: [UInt8](copying: value), as: UTF8.self)
    }

    private static func error(_ value: Span<UInt8>) -> STUNAttribute? {
        guard let code = STUNErrorCode(parsing: value),
            let reason = text(value.extracting(4..<value.count))
        else { return nil }
        return .errorCode(code, reason: reason)
    }

    private static func types(_ value: Span<UInt8>) -> [STUNAttributeType] {
        stride(from: 0, to: value.count, by: 2).map {
            STUNAttributeType(rawValue: UInt16(value[$0]) << 8 | UInt16(value[$0 + 1]))
        }
    }
}

extension STUNAttribute {
    func write(id: STUNTransactionID, to writer: inout SpanWriter) throws(WriteError) {
        switch self {
        case .mappedAddress(let address):
            let length: UInt32 = address.address.family == .v4 ? 8 : 20
            try writer.write(UInt32(type.rawValue) << 16 | length)
            try XORAddress.write(address, to: &writer)
        case .xorMappedAddress(let address):
            try STUNWriter.appendMapped(address, id: id, to: &writer)
        case .username(let text), .realm(let text), .nonce(let text), .software(let text):
            try STUNWriter.append(type, [UInt8](text.utf8).span, to: &writer)
        case .errorCode(let code, let reason):
            let field = code.field
            let bytes = [0, 0, UInt8(field >> 8), UInt8(field & 0xFF)] + [UInt8](reason.utf8)
            try STUNWriter.append(type, bytes.span, to: &writer)
        case .unknownAttributes(let types):
            try STUNWriter.append(unknown: types, to: &writer)
        case .priority(let number), .fingerprint(let number):
            try STUNWriter.append(type, number, to: &writer)
        case .useCandidate:
            try STUNWriter.append(type, to: &writer)
        case .iceControlled(let tieBreaker), .iceControlling(let tieBreaker):
            try STUNWriter.append(type, tieBreaker, to: &writer)
        case .messageIntegrity(let bytes), .messageIntegritySHA256(let bytes),
            .other(_, let bytes):
            try STUNWriter.append(type, bytes.span, to: &writer)
        }
    }
}
