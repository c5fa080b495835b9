import Wire

extension STUNAttribute {
    init(_ type: STUNAttributeType, value: Span<UInt8>, id: STUNTransactionID) {
        self =
            Self.ofSTUN(type, value, id) ?? Self.ofICE(type, value)
            ?? Self.ofTURN(type, value, id) ?? Self.ofOthers(type, value)
            ?? .other(type, [UInt8](copying: value))
    }

    /// RFC 8489 §14.
    private static func ofSTUN(
        _ type: STUNAttributeType,
        _ value: Span<UInt8>,
        _ id: STUNTransactionID
    ) -> STUNAttribute? {
        switch type {
        case .mappedAddress: XORAddress.readPlain(value).map(Self.mappedAddress)
        case .xorMappedAddress: XORAddress.read(value, id).map(Self.xorMappedAddress)
        case .username: text(value).map(Self.username)
        case .userHash where value.count == 32: .userHash([UInt8](copying: value))
        case .realm: text(value).map(Self.realm)
        case .nonce: text(value).map(Self.nonce)
        case .passwordAlgorithms:
            STUNPasswordAlgorithm.decode(value).map(Self.passwordAlgorithms)
        case .passwordAlgorithm: algorithm(value)
        case .software: text(value).map(Self.software)
        case .errorCode: error(value)
        case .unknownAttributes:
            numbers(value).map {
                .unknownAttributes($0.map { STUNAttributeType(rawValue: $0) })
            }
        case .alternateServer: XORAddress.readPlain(value).map(Self.alternateServer)
        case .alternateDomain: text(value).map(Self.alternateDomain)
        case .messageIntegrity: .messageIntegrity([UInt8](copying: value))
        case .messageIntegritySHA256: .messageIntegritySHA256([UInt8](copying: value))
        case .fingerprint: number32(value).map(Self.fingerprint)
        default: nil
        }
    }

    /// RFC 8445 §16.1, renomination.
    private static func ofICE(_ type: STUNAttributeType, _ value: Span<UInt8>) -> STUNAttribute? {
        switch type {
        case .priority: number32(value).map(Self.priority)
        case .useCandidate where value.isEmpty: .useCandidate
        case .iceControlled where value.count == 8:
            .iceControlled(tieBreaker: value.number64(at: 0))
        case .iceControlling where value.count == 8:
            .iceControlling(tieBreaker: value.number64(at: 0))
        case .nomination: number32(value).map(Self.nomination)
        default: nil
        }
    }

    /// RFC 8656 §18.
    private static func ofTURN(
        _ type: STUNAttributeType,
        _ value: Span<UInt8>,
        _ id: STUNTransactionID
    ) -> STUNAttribute? {
        switch type {
        case .channelNumber where value.count == 4: .channelNumber(value.number16(at: 0))
        case .lifetime: number32(value).map(Self.lifetime)
        case .xorPeerAddress: XORAddress.read(value, id).map(Self.xorPeerAddress)
        case .data: .data([UInt8](copying: value))
        case .xorRelayedAddress: XORAddress.read(value, id).map(Self.xorRelayedAddress)
        case .requestedAddressFamily: family(value).map(Self.requestedAddressFamily)
        case .additionalAddressFamily: family(value).map(Self.additionalAddressFamily)
        case .evenPort where value.count == 1: .evenPort(reservesNext: value[0] & 0x80 != 0)
        case .requestedTransport where value.count == 4: .requestedTransport(value[0])
        case .dontFragment where value.isEmpty: .dontFragment
        case .reservationToken where value.count == 8: .reservationToken([UInt8](copying: value))
        case .addressErrorCode: addressError(value)
        case .icmp where value.count == 8: .icmp(STUNICMPReport(bits: value.number64(at: 0)))
        default: nil
        }
    }

    /// RFC 5780 §7, RFC 7982, libwebrtc.
    private static func ofOthers(
        _ type: STUNAttributeType,
        _ value: Span<UInt8>
    ) -> STUNAttribute? {
        switch type {
        case .changeRequest:
            number32(value).map { .changeRequest(STUNChangeRequest(rawValue: $0)) }
        case .responseOrigin: XORAddress.readPlain(value).map(Self.responseOrigin)
        case .otherAddress: XORAddress.readPlain(value).map(Self.otherAddress)
        case .responsePort where value.count == 4: .responsePort(value.number16(at: 0))
        case .padding: .padding([UInt8](copying: value))
        case .cacheTimeout: number32(value).map(Self.cacheTimeout)
        case .transactionTransmitCounter where value.count == 4:
            .transactionTransmitCounter(requests: value[0], responses: value[1])
        case .networkCost where value.count == 4:
            .networkCost(id: value.number16(at: 0), cost: value.number16(at: 2))
        case .miscellaneousInformation: numbers(value).map(Self.miscellaneousInformation)
        default: nil
        }
    }
}

extension STUNAttribute {
    static func text(_ value: Span<UInt8>) -> String? {
        String(validating: [UInt8](copying: value), as: UTF8.self)
    }

    private static func number32(_ value: Span<UInt8>) -> UInt32? {
        value.count == 4 ? value.number32(at: 0) : nil
    }

    private static func numbers(_ value: Span<UInt8>) -> [UInt16]? {
        guard value.count.isMultiple(of: 2) else { return nil }
        return stride(from: 0, to: value.count, by: 2).map { value.number16(at: $0) }
    }

    private static func family(_ value: Span<UInt8>) -> IPAddress.Family? {
        value.count == 4 ? IPAddress.Family(stunNumber: value[0]) : nil
    }

    private static func algorithm(_ value: Span<UInt8>) -> STUNAttribute? {
        guard let list = STUNPasswordAlgorithm.decode(value), list.count == 1 else { return nil }
        return .passwordAlgorithm(list[0])
    }

    private static func error(_ value: Span<UInt8>) -> STUNAttribute? {
        guard let code = STUNErrorCode(parsing: value),
            let reason = text(value.extracting(4..<value.count))
        else { return nil }
        return .errorCode(code, reason: reason)
    }

    private static func addressError(_ value: Span<UInt8>) -> STUNAttribute? {
        guard let code = STUNErrorCode(parsing: value),
            let family = IPAddress.Family(stunNumber: value[0]),
            let reason = text(value.extracting(4..<value.count))
        else { return nil }
        return .addressErrorCode(family, code, reason: reason)
    }
}
