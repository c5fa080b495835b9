import Wire

extension Capture {
    /// All recorded datagrams as the contents of a `.pcap` file.
    ///
    /// Each is an IP packet (LINKTYPE_RAW) with right lengths and checksums; times are in nanoseconds
    /// from the start of the simulation, which readers show as 1970.
    public func pcap() -> [UInt8] {
        var file: [UInt8] = []
        file.reserveCapacity(packets.reduce(24) { $0 + 64 + $1.datagram.payload.count })
        file.append(little: UInt32(0xA1B2_3C4D))  // the magic of nanosecond files
        file.append(little: UInt16(2))
        file.append(little: UInt16(4))
        file.append(little: UInt32(0))  // offset of the time zone
        file.append(little: UInt32(0))  // accuracy of the times
        file.append(little: UInt32(262_144))  // the longest record
        file.append(little: UInt32(101))  // LINKTYPE_RAW
        for (number, packet) in packets.enumerated() {
            let size = packet.datagram.packetSize
            guard size <= 65_535 else { continue }
            let time = packet.time.nanoseconds
            file.append(little: UInt32(truncatingIfNeeded: time / 1_000_000_000))
            file.append(little: UInt32(truncatingIfNeeded: time % 1_000_000_000))
            file.append(little: UInt32(size))
            file.append(little: UInt32(size))
            file.append(packet.datagram, identification: UInt16(truncatingIfNeeded: number))
        }
        return file
    }
}

extension [UInt8] {
    fileprivate mutating func append(little value: some FixedWidthInteger) {
        for shift in stride(from: 0, to: value.bitWidth, by: 8) {
            append(UInt8(truncatingIfNeeded: value >> shift))
        }
    }

    fileprivate mutating func append(big value: UInt16) {
        append(UInt8(truncatingIfNeeded: value >> 8))
        append(UInt8(truncatingIfNeeded: value))
    }

    /// Appends `datagram` as an IP packet.
    fileprivate mutating func append(_ datagram: Datagram, identification: UInt16) {
        let source = datagram.source.address.bytes
        let destination = datagram.destination.address.bytes
        let length = UInt16(datagram.payload.count + 8)
        switch datagram.source.address.family {
        case .v4:
            var header: [UInt8] = [0x45, 0]
            header.append(big: length + 20)
            header.append(big: identification)
            // Not to be fragmented, 64 hops, UDP.
            header += [0x40, 0, 64, 17, 0, 0] + source + destination
            let checksum = ~fold(onesComplementSum(header))
            header[10] = UInt8(truncatingIfNeeded: checksum >> 8)
            header[11] = UInt8(truncatingIfNeeded: checksum)
            append(contentsOf: header)
        case .v6:
            append(contentsOf: [0x60, 0, 0, 0])
            append(big: length)
            append(contentsOf: [17, 64] + source + destination)
        }
        append(big: datagram.source.port)
        append(big: datagram.destination.port)
        append(big: length)
        append(big: checksum(of: datagram, addresses: source + destination, length: length))
        append(contentsOf: datagram.payload)
    }
}

/// RFC 768: over a pseudo header, the header and the payload; zero is sent as all ones.
private func checksum(of datagram: Datagram, addresses: [UInt8], length: UInt16) -> UInt16 {
    var sum = onesComplementSum(addresses) + 17 + UInt64(length)
    sum += UInt64(datagram.source.port) + UInt64(datagram.destination.port) + UInt64(length)
    let checksum = ~fold(sum + onesComplementSum(datagram.payload))
    return checksum == 0 ? 0xFFFF : checksum
}

/// RFC 1071 §1: the sum of the 16-bit words, a last odd byte being the upper half of one.
private func onesComplementSum(_ bytes: [UInt8]) -> UInt64 {
    let span = bytes.span
    var sum: UInt64 = 0
    var index = 0
    while index &+ 1 < span.count {
        sum &+= UInt64(span[index]) << 8 | UInt64(span[index &+ 1])
        index &+= 2
    }
    return index < span.count ? sum &+ UInt64(span[index]) << 8 : sum
}

private func fold(_ sum: UInt64) -> UInt16 {
    var sum = sum
    while sum > 0xFFFF { sum = sum >> 16 &+ sum & 0xFFFF }
    return UInt16(sum)
}
