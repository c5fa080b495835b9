import Wire

/// The command to send a decoder refresh point (RFC 5104 §4.3.1).
///
///     |                  SSRC of packet sender                        |
///     |                  SSRC of media source (unused, 0)             |
///     |                              SSRC                             |
///     | Seq nr.       |    Reserved                                   |
public struct FullIntraRequest: Hashable, Sendable {
    public var sender: UInt32
    public var entries: [Entry]

    /// One source that is asked, with the number of the command.
    public struct Entry: Hashable, Sendable {
        public var ssrc: UInt32
        /// Grows by one for a new command, stays for a repetition.
        public var sequenceNumber: UInt8

        public init(ssrc: UInt32, sequenceNumber: UInt8) {
            self.ssrc = ssrc
            self.sequenceNumber = sequenceNumber
        }
    }

    public init(sender: UInt32, entries: [Entry]) {
        self.sender = sender
        self.entries = entries
    }

    init(from reader: inout ByteReader) throws(ParseError) {
        sender = try reader.read()
        try reader.skip(4)
        guard reader.remaining > 0 else { throw .truncated(at: reader.offset, need: 8) }
        entries = []
        while reader.remaining > 0 {
            let ssrc: UInt32 = try reader.read()
            entries.append(Entry(ssrc: ssrc, sequenceNumber: try reader.read()))
            try reader.skip(3)
        }
    }

    func writeBody(to writer: inout SpanWriter) throws(WriteError) {
        try writer.write(sender)
        try writer.write(UInt32(0))
        for entry in entries {
            try writer.write(entry.ssrc)
            try writer.write(UInt32(entry.sequenceNumber) << 24)
        }
    }
}
