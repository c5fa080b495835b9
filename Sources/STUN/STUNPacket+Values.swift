public import Wire

extension STUNPacket {
    /// The first byte of a four-byte attribute, such as REQUESTED-TRANSPORT; nil if it is missing
    /// or has another length.
    public func shortNumber(_ type: STUNAttributeType, in bytes: Span<UInt8>) -> UInt8? {
        number(type, in: bytes).map { UInt8(truncatingIfNeeded: $0 >> 24) }
    }

    /// The first two bytes of a four-byte attribute, such as CHANNEL-NUMBER; nil if it is missing
    /// or has another length.
    public func halfNumber(_ type: STUNAttributeType, in bytes: Span<UInt8>) -> UInt16? {
        number(type, in: bytes).map { UInt16(truncatingIfNeeded: $0 >> 16) }
    }

    /// The 32-bit number in the attribute of `type`; nil if it is missing or has another length.
    public func number(_ type: STUNAttributeType, in bytes: Span<UInt8>) -> UInt32? {
        guard let range = range(of: type, in: bytes), range.count == 4 else { return nil }
        return bytes.number32(at: range.lowerBound)
    }

    /// The 64-bit number in the attribute of `type`; nil if it is missing or has another length.
    public func longNumber(_ type: STUNAttributeType, in bytes: Span<UInt8>) -> UInt64? {
        guard let range = range(of: type, in: bytes), range.count == 8 else { return nil }
        return bytes.number64(at: range.lowerBound)
    }

    /// The text in the attribute of `type`; nil if it is missing or no UTF-8.
    public func text(_ type: STUNAttributeType, in bytes: Span<UInt8>) -> String? {
        guard let range = range(of: type, in: bytes) else { return nil }
        return STUNAttribute.text(bytes.extracting(range))
    }

    /// The address in an attribute such as ALTERNATE-SERVER; nil if it is missing or malformed.
    public func address(_ type: STUNAttributeType, in bytes: Span<UInt8>) -> SocketAddress? {
        guard let range = range(of: type, in: bytes) else { return nil }
        return XORAddress.readPlain(bytes.extracting(range))
    }

    /// The address in an attribute such as XOR-PEER-ADDRESS, its mask taken off; nil if it is
    /// missing or malformed.
    public func maskedAddress(_ type: STUNAttributeType, in bytes: Span<UInt8>) -> SocketAddress? {
        guard let range = range(of: type, in: bytes) else { return nil }
        return XORAddress.read(bytes.extracting(range), transactionID)
    }

    /// The address in an attribute whose value lies at `range`, its mask taken off, for messages
    /// that have several of a type; nil if it is malformed.
    public func maskedAddress(at range: Range<Int>, in bytes: Span<UInt8>) -> SocketAddress? {
        guard range.lowerBound >= 0, range.upperBound <= bytes.count else { return nil }
        return XORAddress.read(bytes.extracting(range), transactionID)
    }

    /// The address in XOR-MAPPED-ADDRESS (RFC 8489 §14.2); nil if it is missing or malformed.
    public func mappedAddress(in bytes: Span<UInt8>) -> SocketAddress? {
        maskedAddress(.xorMappedAddress, in: bytes)
    }

    /// The number in ERROR-CODE (RFC 8489 §14.8); nil if it is missing or malformed.
    public func errorCode(in bytes: Span<UInt8>) -> STUNErrorCode? {
        guard let range = range(of: .errorCode, in: bytes) else { return nil }
        return STUNErrorCode(parsing: bytes.extracting(range))
    }

    /// The phrase in ERROR-CODE (RFC 8489 §14.8), for people; empty if there is none.
    public func errorReason(in bytes: Span<UInt8>) -> String {
        guard let range = range(of: .errorCode, in: bytes), range.count > 4 else { return "" }
        return STUNAttribute.text(bytes.extracting(range).extracting(4..<range.count)) ?? ""
    }
}
