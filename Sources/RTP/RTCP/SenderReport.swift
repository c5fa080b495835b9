import Wire

/// A report by someone who has sent media since the last one (RFC 3550 §6.4.1).
///
///     |V=2|P|    RC   |   PT=SR=200   |             length            |
///     |                         SSRC of sender                        |
///     |              NTP timestamp, most significant word             |
///     |             NTP timestamp, least significant word             |
///     |                         RTP timestamp                         |
///     |                     sender's packet count                     |
///     |                      sender's octet count                     |
///     |                       report blocks …                         |
public struct SenderReport: Hashable, Sendable {
    public var ssrc: UInt32
    /// When the report was sent, by the sender's wall clock.
    public var ntp: NTPTime
    /// The same time by the media clock.
    public var rtpTimestamp: UInt32
    public var packetCount: UInt32
    /// Payload bytes sent, without headers and padding.
    public var octetCount: UInt32
    /// At most 31; more are not written.
    public var reportBlocks: [ReportBlock]

    public init(
        ssrc: UInt32,
        ntp: NTPTime,
        rtpTimestamp: UInt32,
        packetCount: UInt32,
        octetCount: UInt32,
        reportBlocks: [ReportBlock] = []
    ) {
        self.ssrc = ssrc
        self.ntp = ntp
        self.rtpTimestamp = rtpTimestamp
        self.packetCount = packetCount
        self.octetCount = octetCount
        self.reportBlocks = reportBlocks
    }

    init(from reader: inout ByteReader, count: Int) throws(ParseError) {
        ssrc = try reader.read()
        ntp = NTPTime(rawValue: try reader.read())
        rtpTimestamp = try reader.read()
        packetCount = try reader.read()
        octetCount = try reader.read()
        reportBlocks = try ReportBlock.readBlocks(from: &reader, count: count)
    }

    func writeBody(to writer: inout SpanWriter) throws(WriteError) {
        try writer.write(ssrc)
        try writer.write(ntp.rawValue)
        try writer.write(rtpTimestamp)
        try writer.write(packetCount)
        try writer.write(octetCount)
        for block in reportBlocks.prefix(31) { try block.write(to: &writer) }
    }
}

extension ReportBlock {
    /// Profile-specific extensions may follow the blocks (RFC 3550 §6.4.3); they stay unread.
    static func readBlocks(
        from reader: inout ByteReader,
        count: Int
    ) throws(ParseError) -> [ReportBlock] {
        guard reader.remaining >= 24 * count else {
            throw .truncated(at: reader.offset, need: 24 * count - reader.remaining)
        }
        var blocks: [ReportBlock] = []
        blocks.reserveCapacity(count)
        for _ in 0..<count { blocks.append(try ReportBlock(from: &reader)) }
        return blocks
    }
}
