public import Wire

extension STUNPacket {
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

    /// The address in XOR-MAPPED-ADDRESS (RFC 8489 §14.2); nil if it is missing or malformed.
    public func mappedAddress(in bytes: Span<UInt8>) -> SocketAddress? {
        guard let range = range(of: .xorMappedAddress, in: bytes) else { return nil }
        return XORAddress.read(bytes.extracting(range), transactionID)
    }

    /// The number in ERROR-CODE (RFC 8489 §14.8); nil if it is missing or malformed.
    public func errorCode(in bytes: Span<UInt8>) -> STUNErrorCode? {
        guard let range = range(of: .errorCode, in: bytes) else { return nil }
        return STUNErrorCode(parsing: bytes.extracting(range))
    }
}
