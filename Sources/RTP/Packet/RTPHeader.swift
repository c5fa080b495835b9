public import Wire

/// The header of an RTP packet (RFC 3550 §5.1).
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     |V=2|P|X|  CC   |M|     PT      |       sequence number         |
///     |                           timestamp                           |
///     |           synchronization source (SSRC) identifier            |
///     |            contributing source (CSRC) identifiers …           |
///
/// Nothing is copied: the payload and the header extensions are ranges of the packet that was
/// parsed.
///
/// ```swift
/// let header = try RTPHeader(parsing: packet.span)
/// let payload = packet.span.extracting(header.payload)
/// ```
public struct RTPHeader: Hashable, Sendable {
    /// The M bit; in audio the first packet after a silence (RFC 3551 §4.1).
    public var hasMarker: Bool
    public var payloadType: UInt8
    public var sequenceNumber: UInt16
    /// The sampling instant of the first octet, in units of the media clock.
    public var timestamp: UInt32
    /// The synchronization source.
    public var ssrc: UInt32
    /// How many contributing sources follow the fixed header.
    public var csrcCount: Int
    /// The header extension, if there is one.
    public var extensions: HeaderExtensionBlock?
    /// Where the payload lies in the packet this header was parsed from, padding excluded.
    public var payload: Range<Int>

    /// Reads the header and finds the payload between it and the padding.
    @inlinable
    public init(parsing packet: Span<UInt8>) throws(ParseError) {
        var reader = ByteReader(packet)
        let flags: UInt8 = try reader.read()
        guard flags >> 6 == 2 else { throw .invalid("version", at: 0) }

        let markerAndType: UInt8 = try reader.read()
        hasMarker = markerAndType & 0x80 != 0
        payloadType = markerAndType & 0x7F
        sequenceNumber = try reader.read()
        timestamp = try reader.read()
        ssrc = try reader.read()
        csrcCount = Int(flags & 0x0F)
        try reader.skip(4 &* csrcCount)

        extensions = nil
        if flags & 0x10 != 0 {
            let profile: UInt16 = try reader.read()
            let words: UInt16 = try reader.read()
            let start = reader.offset
            try reader.skip(4 &* Int(words))
            extensions = HeaderExtensionBlock(profile: profile, range: start..<reader.offset)
        }

        let start = reader.offset
        guard flags & 0x20 != 0 else {
            payload = start..<packet.count
            return
        }
        guard reader.remaining > 0 else { throw .truncated(at: start, need: 1) }
        let padding = Int(packet[packet.count &- 1])
        guard padding >= 1, padding <= reader.remaining else {
            throw .invalid("padding count", at: packet.count &- 1)
        }
        payload = start..<packet.count &- padding
    }

    /// Where the value of the extension element `id` lies in `packet`, which must be the packet
    /// this header was parsed from; nil if it has none (RFC 8285 §4).
    @inlinable
    public func extensionRange(id: UInt8, in packet: Span<UInt8>) -> Range<Int>? {
        guard let extensions else { return nil }
        var cursor = HeaderExtensionCursor(extensions)
        while let element = cursor.next(in: packet) {
            if element.id == id { return element.range }
        }
        return nil
    }

    /// The contributing source number `index` of `packet`; nil if there are fewer.
    @inlinable
    public func contributingSource(at index: Int, in packet: Span<UInt8>) -> UInt32? {
        guard index >= 0, index < csrcCount, packet.count >= 16 &+ 4 &* index else { return nil }
        let start = 12 &+ 4 &* index
        return UInt32(packet[start]) << 24 | UInt32(packet[start &+ 1]) << 16
            | UInt32(packet[start &+ 2]) << 8 | UInt32(packet[start &+ 3])
    }
}
