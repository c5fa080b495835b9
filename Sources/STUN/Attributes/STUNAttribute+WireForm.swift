import Wire

/// A value as its bytes lie on the wire, whatever it means.
enum STUNValue {
    case nothing
    /// A byte alone.
    case byte(UInt8)
    /// A byte and three reserved ones.
    case number8(UInt8)
    /// Two bytes and two reserved ones.
    case number16(UInt16)
    case number32(UInt32)
    case number64(UInt64)
    case numbers([UInt16])
    case bytes([UInt8])
    case text(String)
    case address(SocketAddress)
    case maskedAddress(SocketAddress)
    /// An address family or nothing, a code and its reason.
    case error(IPAddress.Family?, STUNErrorCode, String)
    case algorithms([STUNPasswordAlgorithm])
}

extension STUNAttribute {
    /// The number and the value as they are written.
    var wireForm: (type: STUNAttributeType, value: STUNValue) {
        switch self {
        case .mappedAddress(let address): (.mappedAddress, .address(address))
        case .xorMappedAddress(let address): (.xorMappedAddress, .maskedAddress(address))
        case .username(let text): (.username, .text(text))
        case .userHash(let bytes): (.userHash, .bytes(bytes))
        case .realm(let text): (.realm, .text(text))
        case .nonce(let text): (.nonce, .text(text))
        case .passwordAlgorithms(let list): (.passwordAlgorithms, .algorithms(list))
        case .passwordAlgorithm(let one): (.passwordAlgorithm, .algorithms([one]))
        case .software(let text): (.software, .text(text))
        case .errorCode(let code, let reason): (.errorCode, .error(nil, code, reason))
        case .unknownAttributes(let types): (.unknownAttributes, .numbers(types.map(\.rawValue)))
        case .alternateServer(let address): (.alternateServer, .address(address))
        case .alternateDomain(let text): (.alternateDomain, .text(text))
        case .messageIntegrity(let bytes): (.messageIntegrity, .bytes(bytes))
        case .messageIntegritySHA256(let bytes): (.messageIntegritySHA256, .bytes(bytes))
        case .fingerprint(let number): (.fingerprint, .number32(number))
        case .priority(let number): (.priority, .number32(number))
        case .useCandidate: (.useCandidate, .nothing)
        case .iceControlled(let number): (.iceControlled, .number64(number))
        case .iceControlling(let number): (.iceControlling, .number64(number))
        case .nomination(let number): (.nomination, .number32(number))
        case .channelNumber(let number): (.channelNumber, .number16(number))
        case .lifetime(let seconds): (.lifetime, .number32(seconds))
        case .xorPeerAddress(let address): (.xorPeerAddress, .maskedAddress(address))
        case .data(let bytes): (.data, .bytes(bytes))
        case .xorRelayedAddress(let address): (.xorRelayedAddress, .maskedAddress(address))
        case .requestedAddressFamily(let family):
            (.requestedAddressFamily, .number8(family.stunNumber))
        case .additionalAddressFamily(let family):
            (.additionalAddressFamily, .number8(family.stunNumber))
        case .evenPort(let reservesNext): (.evenPort, .byte(reservesNext ? 0x80 : 0))
        case .requestedTransport(let number): (.requestedTransport, .number8(number))
        case .dontFragment: (.dontFragment, .nothing)
        case .reservationToken(let bytes): (.reservationToken, .bytes(bytes))
        case .addressErrorCode(let family, let code, let reason):
            (.addressErrorCode, .error(family, code, reason))
        case .icmp(let report): (.icmp, .number64(report.bits))
        case .changeRequest(let flags): (.changeRequest, .number32(flags.rawValue))
        case .responseOrigin(let address): (.responseOrigin, .address(address))
        case .otherAddress(let address): (.otherAddress, .address(address))
        case .responsePort(let port): (.responsePort, .number16(port))
        case .padding(let bytes): (.padding, .bytes(bytes))
        case .cacheTimeout(let seconds): (.cacheTimeout, .number32(seconds))
        case .transactionTransmitCounter(let requests, let responses):
            (.transactionTransmitCounter, .number16(UInt16(requests) << 8 | UInt16(responses)))
        case .networkCost(let id, let cost):
            (.networkCost, .number32(UInt32(id) << 16 | UInt32(cost)))
        case .miscellaneousInformation(let numbers): (.miscellaneousInformation, .numbers(numbers))
        case .other(let type, let bytes): (type, .bytes(bytes))
        }
    }

    func write(id: STUNTransactionID, to writer: inout SpanWriter) throws(WriteError) {
        let (type, value) = wireForm
        switch value {
        case .nothing: try STUNWriter.append(type, to: &writer)
        case .byte(let byte): try STUNWriter.append(type, [byte].span, to: &writer)
        case .number8(let number):
            try STUNWriter.append(type, UInt32(number) << 24, to: &writer)
        case .number16(let number):
            try STUNWriter.append(type, UInt32(number) << 16, to: &writer)
        case .number32(let number): try STUNWriter.append(type, number, to: &writer)
        case .number64(let number): try STUNWriter.append(type, number, to: &writer)
        case .numbers(let numbers): try STUNWriter.append(type, numbers: numbers, to: &writer)
        case .bytes(let bytes): try STUNWriter.append(type, bytes.span, to: &writer)
        case .text(let text): try STUNWriter.append(type, text: text, to: &writer)
        case .address(let address): try STUNWriter.append(type, address, to: &writer)
        case .maskedAddress(let address):
            try STUNWriter.append(type, masked: address, id: id, to: &writer)
        case .error(let family, let code, let reason):
            let first = UInt32(family?.stunNumber ?? 0) << 24
            try STUNWriter.append(type, first | code.field, reason: reason, to: &writer)
        case .algorithms(let list):
            let bytes = STUNPasswordAlgorithm.encode(list)
            try STUNWriter.append(type, bytes.span, to: &writer)
        }
    }
}

extension IPAddress.Family {
    /// RFC 8489 §14.1.
    var stunNumber: UInt8 {
        switch self {
        case .v4: 1
        case .v6: 2
        }
    }

    init?(stunNumber: UInt8) {
        switch stunNumber {
        case 1: self = .v4
        case 2: self = .v6
        default: return nil
        }
    }
}

extension STUNICMPReport {
    /// RFC 8656 §18.13: two reserved bytes, 7 bits of type, 9 bits of code, 4 bytes of data.
    var bits: UInt64 {
        UInt64(type & 0x7F) << 41 | UInt64(code & 0x1FF) << 32 | UInt64(data)
    }

    init(bits: UInt64) {
        self.init(
            type: UInt8(truncatingIfNeeded: bits >> 41) & 0x7F,
            code: UInt16(truncatingIfNeeded: bits >> 32) & 0x1FF,
            data: UInt32(truncatingIfNeeded: bits)
        )
    }
}
