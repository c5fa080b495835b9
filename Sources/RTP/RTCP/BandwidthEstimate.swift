import Wire

/// The bit rate a receiver believes it can take, "REMB" (draft-alvestrand-rmcat-remb-03 §2.2).
///
///     |                  SSRC of packet sender                        |
///     |                  SSRC of media source (0)                     |
///     |  'R' 'E' 'M' 'B'                                              |
///     |  Num SSRC     | BR Exp    |  BR Mantissa                      |
///     |   SSRC feedback …                                             |
public struct BandwidthEstimate: Hashable, Sendable {
    public var sender: UInt32
    /// Bits a second; written with the 18 significant bits the format has, rounded down.
    public var bitrate: UInt64
    /// The sources that share the bit rate, at most 255.
    public var sources: [UInt32]

    public init(sender: UInt32, bitrate: UInt64, sources: [UInt32]) {
        self.sender = sender
        self.bitrate = bitrate
        self.sources = sources
    }

    /// Nil for other application-layer feedback, which shares the packet type and format.
    init?(from reader: inout ByteReader) throws(ParseError) {
        sender = try reader.read()
        try reader.skip(4)
        guard reader.remaining >= 8, try reader.read(UInt32.self) == identifier else { return nil }
        let count: UInt8 = try reader.read()
        let rate = try reader.readUInt24()
        let (value, exponent) = (UInt64(rate & 0x3_FFFF), UInt64(rate >> 18))
        bitrate = exponent > UInt64(value.leadingZeroBitCount) ? .max : value << exponent
        guard reader.remaining == 4 * Int(count) else {
            throw .invalid("Num SSRC", at: reader.offset - 4)
        }
        sources = []
        for _ in 0..<count { sources.append(try reader.read()) }
    }

    func writeBody(to writer: inout SpanWriter) throws(WriteError) {
        guard let count = UInt8(exactly: sources.count) else {
            throw .lengthOverflow(at: writer.offset, length: sources.count)
        }
        try writer.write(sender)
        try writer.write(UInt32(0))
        try writer.write(identifier)
        let exponent = max(0, 64 - bitrate.leadingZeroBitCount - 18)
        let mantissa = UInt32(truncatingIfNeeded: bitrate >> UInt64(exponent))
        try writer.write(UInt32(count) << 24 | UInt32(exponent) << 18 | mantissa)
        for source in sources { try writer.write(source) }
    }
}

/// "REMB" in ASCII.
private let identifier: UInt32 = 0x5245_4D42
