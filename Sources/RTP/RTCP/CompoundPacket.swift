public import Wire

/// Several RTCP packets in one datagram (RFC 3550 §6.1).
///
/// ```swift
/// for packet in try CompoundPacket.parse(datagram.span) { session.receive(packet) }
/// let length = try CompoundPacket.write([.receiverReport(report), description], into: &span)
/// ```
public enum CompoundPacket {
    /// Reads all packets of a datagram.
    ///
    /// A datagram may begin with something else than a report (RFC 5506 §3.4.2), and one bad packet
    /// makes the whole datagram bad.
    public static func parse(_ datagram: Span<UInt8>) throws(ParseError) -> [RTCPPacket] {
        guard !datagram.isEmpty else { throw .truncated(at: 0, need: 4) }
        var packets: [RTCPPacket] = []
        var reader = ByteReader(datagram)
        while reader.remaining > 0 {
            guard packets.count < maximumPackets else {
                throw .invalid("packet count", at: reader.offset)
            }
            packets.append(try next(from: &reader))
        }
        return packets
    }

    private static func next(from reader: inout ByteReader) throws(ParseError) -> RTCPPacket {
        let start = reader.offset
        let flags: UInt8 = try reader.read()
        guard flags >> 6 == 2 else { throw .invalid("version", at: start) }
        let type: UInt8 = try reader.read()
        let words: UInt16 = try reader.read()
        let body = try reader.read(count: 4 * Int(words))
        let padding = try paddingCount(flags, body, at: start)
        do throws(ParseError) {
            let content = body.extracting(0..<body.count - padding)
            return try RTCPPacket(type: type, format: flags & 0x1F, body: content)
        } catch {
            throw error.moved(by: start + 4)
        }
    }

    /// RFC 3550 §6.4.1 wants a multiple of four, in the last packet only.
    ///
    /// Browsers' transport feedback has counts of one to three, so all that a packet can hold is
    /// accepted.
    private static func paddingCount(
        _ flags: UInt8,
        _ body: Span<UInt8>,
        at start: Int
    ) throws(ParseError) -> Int {
        guard flags & 0x20 != 0 else { return 0 }
        guard !body.isEmpty else { throw .truncated(at: start + 4, need: 1) }
        let count = Int(body[body.count - 1])
        guard count > 0, count <= body.count else {
            throw .invalid("padding count", at: start + 3 + body.count)
        }
        return count
    }

    /// Writes `packets` behind each other to the start of `datagram` and returns the length.
    public static func write(
        _ packets: [RTCPPacket],
        into datagram: inout MutableSpan<UInt8>
    ) throws(WriteError) -> Int {
        var writer = SpanWriter(datagram._mutatingExtracting(0..<datagram.count))
        for packet in packets { try packet.write(to: &writer) }
        return writer.offset
    }

    /// The datagram in an array of its own, of at most `limit` bytes.
    public static func write(
        _ packets: [RTCPPacket],
        limit: Int = 1_500
    ) throws(WriteError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: limit)
        var span = bytes.mutableSpan
        let length = try write(packets, into: &span)
        bytes.removeLast(bytes.count - length)
        return bytes
    }
}

extension ParseError {
    /// The same error in a larger piece that begins `distance` bytes earlier.
    fileprivate func moved(by distance: Int) -> ParseError {
        switch self {
        case .truncated(let offset, let need): .truncated(at: offset + distance, need: need)
        case .invalid(let field, let offset): .invalid(field, at: offset + distance)
        }
    }
}

/// Far more than fit a datagram in earnest: a full one of empty packets would hold thousands.
private let maximumPackets = 128
