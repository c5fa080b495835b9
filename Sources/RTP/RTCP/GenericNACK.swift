import Wire

/// Packets that a receiver misses (RFC 4585 §6.2.1).
///
///     |V=2|P| FMT=1   |   PT=RTPFB=205|             length            |
///     |                  SSRC of packet sender                        |
///     |                  SSRC of media source                         |
///     |            PID                |             BLP               |
public struct GenericNACK: Hashable, Sendable {
    public var sender: UInt32
    public var media: UInt32
    /// Pairs of a lost packet and a mask of the 16 that follow it.
    public var entries: [Entry]

    /// A lost packet and which of its 16 successors are lost too.
    public struct Entry: Hashable, Sendable {
        public var packetID: UInt16
        /// Bit 0 stands for the packet after ``packetID``.
        public var followingLost: UInt16

        public init(packetID: UInt16, followingLost: UInt16 = 0) {
            self.packetID = packetID
            self.followingLost = followingLost
        }
    }

    public init(sender: UInt32, media: UInt32, entries: [Entry]) {
        self.sender = sender
        self.media = media
        self.entries = entries
    }

    /// Packs `lost`, which must be in sending order, into as few entries as possible.
    public init(sender: UInt32, media: UInt32, lost: some Sequence<UInt16>) {
        self.init(sender: sender, media: media, entries: [])
        for number in lost {
            guard let last = entries.last else {
                entries.append(Entry(packetID: number))
                continue
            }
            let distance = number &- last.packetID
            if distance >= 1, distance <= 16 {
                entries[entries.count - 1].followingLost |= 1 << (distance - 1)
            } else if distance != 0 {
                entries.append(Entry(packetID: number))
            }
        }
    }

    /// The first `limit` sequence numbers asked for, so that one packet cannot ask for thousands.
    public func sequenceNumbers(limit: Int = 128) -> [UInt16] {
        var numbers: [UInt16] = []
        for entry in entries {
            guard numbers.count < limit else { break }
            numbers.append(entry.packetID)
            for bit in 0..<16 as Range<UInt16> where entry.followingLost >> bit & 1 != 0 {
                guard numbers.count < limit else { break }
                numbers.append(entry.packetID &+ bit &+ 1)
            }
        }
        return numbers
    }

    init(from reader: inout ByteReader) throws(ParseError) {
        sender = try reader.read()
        media = try reader.read()
        guard reader.remaining > 0 else { throw .truncated(at: reader.offset, need: 4) }
        entries = []
        entries.reserveCapacity(reader.remaining / 4)
        while reader.remaining > 0 {
            let packetID: UInt16 = try reader.read()
            entries.append(Entry(packetID: packetID, followingLost: try reader.read()))
        }
    }

    func writeBody(to writer: inout SpanWriter) throws(WriteError) {
        try writer.write(sender)
        try writer.write(media)
        for entry in entries {
            try writer.write(entry.packetID)
            try writer.write(entry.followingLost)
        }
    }
}
