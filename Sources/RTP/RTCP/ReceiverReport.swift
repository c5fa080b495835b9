import Wire

/// A report by someone who only receives (RFC 3550 §6.4.2).
///
///     |V=2|P|    RC   |   PT=RR=201   |             length            |
///     |                     SSRC of packet sender                     |
///     |                       report blocks …                         |
public struct ReceiverReport: Hashable, Sendable {
    /// Who reports.
    public var ssrc: UInt32
    /// At most 31; more are not written.
    public var reportBlocks: [ReportBlock]

    public init(ssrc: UInt32, reportBlocks: [ReportBlock] = []) {
        self.ssrc = ssrc
        self.reportBlocks = reportBlocks
    }

    init(from reader: inout ByteReader, count: Int) throws(ParseError) {
        ssrc = try reader.read()
        reportBlocks = try ReportBlock.readBlocks(from: &reader, count: count)
    }

    func writeBody(to writer: inout SpanWriter) throws(WriteError) {
        try writer.write(ssrc)
        for block in reportBlocks.prefix(31) { try block.write(to: &writer) }
    }
}
