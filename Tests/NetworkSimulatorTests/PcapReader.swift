import Testing
import Wire

/// Reads back what a capture wrote, as strictly as a test should.
struct PcapReader {
    struct Packet: Hashable {
        var time: Instant
        var datagram: Datagram
        /// The checksums of IP, if it has one, and UDP, added up over what they cover.
        var checksums: [UInt16]
    }

    let packets: [Packet]

    init(_ file: [UInt8]) throws {
        var reader = ByteReader(file.span)
        // Written in little-endian order.
        try #require(try reader.read(UInt32.self) == UInt32(0xA1B2_3C4D).byteSwapped)
        try #require(try reader.read(UInt16.self) == UInt16(2).byteSwapped)
        try #require(try reader.read(UInt16.self) == UInt16(4).byteSwapped)
        try reader.skip(12)
        try #require(try reader.read(UInt32.self) == UInt32(101).byteSwapped)
        var packets: [Packet] = []
        while reader.remaining > 0 {
            let seconds = Int64(try reader.read(UInt32.self).byteSwapped)
            let nanoseconds = Int64(try reader.read(UInt32.self).byteSwapped)
            let captured = Int(try reader.read(UInt32.self).byteSwapped)
            try #require(try reader.read(UInt32.self).byteSwapped == captured)
            let bytes = [UInt8](copying: try reader.read(count: captured))
            let time = Instant(nanoseconds: seconds * 1_000_000_000 + nanoseconds)
            packets.append(try Self.parse(bytes, at: time))
        }
        self.packets = packets
    }

    private static func parse(_ bytes: [UInt8], at time: Instant) throws -> Packet {
        let isV4 = bytes[0] >> 4 == 4
        let addresses = isV4 ? [12..<16, 16..<20] : [8..<24, 24..<40]
        let header = isV4 ? 20 : 40
        let length = isV4 ? word(bytes, 2) - 20 : word(bytes, 4)
        try #require(bytes[isV4 ? 9 : 6] == 17)
        try #require(length == bytes.count - header)
        try #require(word(bytes, header + 4) == length)
        let pseudo =
            addresses.flatMap { Array(bytes[$0]) } + [0, 17] + bytes[header + 4..<header + 6]
        let udp = sum(pseudo + bytes[header...])
        let ends = try zip(addresses, [header, header + 2]).map { range, port in
            let field = Array(bytes[range])
            let parsed = IPAddress(bytes: field.span)
            let address = try #require(parsed)
            return SocketAddress(address, port: UInt16(word(bytes, port)))
        }
        return Packet(
            time: time,
            datagram: Datagram(from: ends[0], to: ends[1], payload: Array(bytes[(header + 8)...])),
            checksums: (isV4 ? [sum(Array(bytes[..<20]))] : []) + [udp]
        )
    }

    private static func word(_ bytes: [UInt8], _ offset: Int) -> Int {
        Int(bytes[offset]) << 8 | Int(bytes[offset + 1])
    }

    /// RFC 1071 §1: over bytes that include a right checksum this is all ones.
    private static func sum(_ bytes: [UInt8]) -> UInt16 {
        var sum = 0
        for (index, byte) in bytes.enumerated() {
            sum += Int(byte) << (index.isMultiple(of: 2) ? 8 : 0)
        }
        while sum > 0xFFFF { sum = sum >> 16 + sum & 0xFFFF }
        return UInt16(sum)
    }
}
