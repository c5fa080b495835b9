import Wire

/// XOR-MAPPED-ADDRESS (RFC 8489 §14.2) and, without the mask, MAPPED-ADDRESS (§14.1).
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     |0 0 0 0 0 0 0 0|    Family     |         X-Port                |
///     |                X-Address (32 or 128 bits)                     |
enum XORAddress {
    /// Nil when the family is unknown or the length does not fit it.
    static func read(_ value: Span<UInt8>, _ id: STUNTransactionID) -> SocketAddress? {
        guard let plain = readPlain(value) else { return nil }
        return masked(plain, id)
    }

    static func readPlain(_ value: Span<UInt8>) -> SocketAddress? {
        guard value.count >= 8 else { return nil }
        let port = value.number16(at: 2)
        switch (value[1], value.count) {
        case (1, 8): return SocketAddress(IPAddress(v4: value.number32(at: 4)), port: port)
        case (2, 20):
            let address = IPAddress(v6High: value.number64(at: 4), low: value.number64(at: 12))
            return SocketAddress(address, port: port)
        default: return nil
        }
    }

    /// The same address under the mask; twice gives it back.
    static func masked(_ address: SocketAddress, _ id: STUNTransactionID) -> SocketAddress {
        let port = address.port ^ UInt16(truncatingIfNeeded: magicCookie >> 16)
        if let number = address.address.v4Number {
            return SocketAddress(IPAddress(v4: number ^ magicCookie), port: port)
        }
        guard let (high, low) = address.address.v6Halves else { return address }
        let mask = UInt64(magicCookie) << 32 | UInt64(id.high)
        return SocketAddress(IPAddress(v6High: high ^ mask, low: low ^ id.low), port: port)
    }

    static func write(
        _ address: SocketAddress,
        to writer: inout SpanWriter
    ) throws(WriteError) {
        if let number = address.address.v4Number {
            try writer.write(UInt16(1))
            try writer.write(address.port)
            try writer.write(number)
        } else if let (high, low) = address.address.v6Halves {
            try writer.write(UInt16(2))
            try writer.write(address.port)
            try writer.write(high)
            try writer.write(low)
        }
    }
}
