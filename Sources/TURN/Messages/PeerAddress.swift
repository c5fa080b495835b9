import STUN
import Wire

/// The attributes that hold an address under the mask of the message (RFC 8656 §18.3, §18.5), with
/// the form of XOR-MAPPED-ADDRESS (RFC 8489 §14.2).
enum PeerAddress {
    static func append(
        _ type: STUNAttributeType,
        _ address: SocketAddress,
        id: STUNTransactionID,
        to writer: inout SpanWriter
    ) throws(WriteError) {
        try writer.write(type.rawValue)
        let port = address.port ^ UInt16(truncatingIfNeeded: magicCookie >> 16)
        if let number = address.address.v4Number {
            try writer.write(UInt16(8))
            try writer.write(UInt16(1))
            try writer.write(port)
            try writer.write(number ^ magicCookie)
        } else if let (high, low) = address.address.v6Halves {
            try writer.write(UInt16(20))
            try writer.write(UInt16(2))
            try writer.write(port)
            try writer.write(high ^ (UInt64(magicCookie) << 32 | UInt64(id.high)))
            try writer.write(low ^ id.low)
        }
    }

    /// Nil when the family is unknown or the length does not fit it.
    static func read(
        _ range: Range<Int>,
        of bytes: Span<UInt8>,
        id: STUNTransactionID
    ) -> SocketAddress? {
        guard let masked = readPlain(range, of: bytes) else { return nil }
        let port = masked.port ^ UInt16(truncatingIfNeeded: magicCookie >> 16)
        if let number = masked.address.v4Number {
            return SocketAddress(IPAddress(v4: number ^ magicCookie), port: port)
        }
        guard let (high, low) = masked.address.v6Halves else { return nil }
        let mask = UInt64(magicCookie) << 32 | UInt64(id.high)
        return SocketAddress(IPAddress(v6High: high ^ mask, low: low ^ id.low), port: port)
    }

    /// The same without the mask, as in ALTERNATE-SERVER (RFC 8489 §14.15).
    static func readPlain(_ range: Range<Int>, of bytes: Span<UInt8>) -> SocketAddress? {
        let value = bytes.extracting(range)
        guard value.count == 8 || value.count == 20,
            let address = IPAddress(bytes: value.extracting(4...))
        else { return nil }
        guard value[1] == (value.count == 8 ? 1 : 2) else { return nil }
        return SocketAddress(address, port: UInt16(value[2]) << 8 | UInt16(value[3]))
    }
}

extension STUNPacket {
    /// The address in the first attribute of `type`; nil if it is missing or malformed.
    func address(_ type: STUNAttributeType, in bytes: Span<UInt8>) -> SocketAddress? {
        guard let range = range(of: type, in: bytes) else { return nil }
        return PeerAddress.read(range, of: bytes, id: transactionID)
    }

    /// The addresses in all attributes of `type`, at most `limit`; nil if one is malformed or there
    /// are more.
    func addresses(
        _ type: STUNAttributeType,
        in bytes: Span<UInt8>,
        limit: Int
    ) -> [SocketAddress]? {
        var ranges: [Range<Int>] = []
        forEachAttribute(in: bytes) { found, range in
            if found == type, ranges.count <= limit { ranges.append(range) }
        }
        guard ranges.count <= limit else { return nil }
        var addresses: [SocketAddress] = []
        for range in ranges {
            guard let address = PeerAddress.read(range, of: bytes, id: transactionID) else {
                return nil
            }
            addresses.append(address)
        }
        return addresses
    }

    /// The seconds in LIFETIME (RFC 8656 §18.2); nil if it is missing or malformed.
    func lifetime(in bytes: Span<UInt8>) -> Duration? {
        number(.lifetime, in: bytes).map { .seconds(Int64($0)) }
    }

    /// The family in the attribute of `type`: its first byte, and three that are reserved.
    func family(_ type: STUNAttributeType, in bytes: Span<UInt8>) -> UInt8? {
        number(type, in: bytes).map { UInt8(truncatingIfNeeded: $0 >> 24) }
    }
}

/// RFC 8489 §5.
let magicCookie: UInt32 = 0x2112_A442
