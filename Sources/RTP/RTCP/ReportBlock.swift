import Wire

/// What a receiver says about one source (RFC 3550 §6.4.1).
///
///     |                 SSRC_1 (SSRC of first source)                 |
///     | fraction lost |       cumulative number of packets lost       |
///     |           extended highest sequence number received           |
///     |                      interarrival jitter                      |
///     |                         last SR (LSR)                         |
///     |                   delay since last SR (DLSR)                  |
public struct ReportBlock: Hashable, Sendable {
    /// The source this block is about.
    public var ssrc: UInt32
    /// Packets lost since the last report, in 256ths of those expected.
    public var fractionLost: UInt8 = 0
    /// Packets lost since the beginning, within ±2^23; negative when duplicates outnumber losses.
    public var packetsLost: Int32 = 0
    /// Cycles of the sequence number in the upper 16 bits, the highest number in the lower.
    public var highestSequenceNumber: UInt32 = 0
    /// The interarrival jitter in units of the media clock.
    public var jitter: UInt32 = 0
    /// The middle 32 bits of the last sender report's NTP time; 0 if none came.
    public var lastSenderReport: UInt32 = 0
    /// The time since that report, in 65,536ths of a second.
    public var delaySinceLastSenderReport: UInt32 = 0

    public init(ssrc: UInt32) { self.ssrc = ssrc }

    init(from reader: inout ByteReader) throws(ParseError) {
        ssrc = try reader.read()
        fractionLost = try reader.read()
        let lost = try reader.readUInt24()
        packetsLost = Int32(bitPattern: lost << 8) >> 8
        highestSequenceNumber = try reader.read()
        jitter = try reader.read()
        lastSenderReport = try reader.read()
        delaySinceLastSenderReport = try reader.read()
    }

    func write(to writer: inout SpanWriter) throws(WriteError) {
        try writer.write(ssrc)
        try writer.write(fractionLost)
        let lost = UInt32(bitPattern: max(-0x80_0000, min(packetsLost, 0x7F_FFFF)))
        try writer.write(UInt8(truncatingIfNeeded: lost >> 16))
        try writer.write(UInt16(truncatingIfNeeded: lost))
        try writer.write(highestSequenceNumber)
        try writer.write(jitter)
        try writer.write(lastSenderReport)
        try writer.write(delaySinceLastSenderReport)
    }
}
