public import Wire

/// An RTP packet that owns its parts (RFC 3550 §5.1).
///
/// For tools and tests; the packet path uses ``RTPHeader`` and ``RTPSender``, which copy nothing.
///
/// ```swift
/// var packet = try RTPPacket(parsing: bytes.span)
/// packet.sequenceNumber &+= 1
/// let changed = try packet.write()
/// ```
public struct RTPPacket: Hashable, Sendable {
    public var hasMarker = false
    public var payloadType: UInt8
    public var sequenceNumber: UInt16
    public var timestamp: UInt32
    public var ssrc: UInt32
    public var contributingSources: [UInt32] = []
    /// The elements of the header extension, if its profile is RFC 8285's.
    public var extensions: [HeaderExtension] = []
    public var payload: [UInt8]
    /// Bytes of padding behind the payload, the count itself included; 0 for none.
    public var paddingCount: UInt8 = 0

    public init(
        payloadType: UInt8,
        sequenceNumber: UInt16,
        timestamp: UInt32,
        ssrc: UInt32,
        payload: [UInt8] = []
    ) {
        self.payloadType = payloadType
        self.sequenceNumber = sequenceNumber
        self.timestamp = timestamp
        self.ssrc = ssrc
        self.payload = payload
    }

    /// Reads a packet and copies what it holds.
    public init(parsing packet: Span<UInt8>) throws(ParseError) {
        let header = try RTPHeader(parsing: packet)
        hasMarker = header.hasMarker
        payloadType = header.payloadType
        sequenceNumber = header.sequenceNumber
        timestamp = header.timestamp
        ssrc = header.ssrc
        for index in 0..<header.csrcCount {
            guard let source = header.contributingSource(at: index, in: packet) else { break }
            contributingSources.append(source)
        }
        if let block = header.extensions {
            var cursor = HeaderExtensionCursor(block)
            while let element = cursor.next(in: packet) {
                let value = [UInt8](copying: packet.extracting(element.range))
                extensions.append(HeaderExtension(id: element.id, value: value))
            }
        }
        payload = [UInt8](copying: packet.extracting(header.payload))
        paddingCount = UInt8(truncatingIfNeeded: packet.count - header.payload.upperBound)
    }

    /// Writes the packet to the start of `packet` and returns its length.
    public func write(into packet: inout MutableSpan<UInt8>) throws(WriteError) -> Int {
        var writer = SpanWriter(packet._mutatingExtracting(0..<packet.count))
        let elements = extensions.filter { $0.id != 0 }
        let flags = 0x80 | (paddingCount > 0 ? 0x20 : 0) | (elements.isEmpty ? 0 : 0x10)
        guard contributingSources.count <= 15 else {
            throw .lengthOverflow(at: 0, length: contributingSources.count)
        }
        try writer.write(UInt8(flags | contributingSources.count))
        try writer.write(payloadType & 0x7F | (hasMarker ? 0x80 : 0))
        try writer.write(sequenceNumber)
        try writer.write(timestamp)
        try writer.write(ssrc)
        for source in contributingSources { try writer.write(source) }
        if !elements.isEmpty { try Self.write(elements, to: &writer) }
        try writer.write(payload.span)
        if paddingCount > 0 {
            try writer.write(repeating: 0, count: Int(paddingCount) - 1)
            try writer.write(paddingCount)
        }
        return writer.offset
    }

    /// The packet in an array of its own.
    public func write() throws(WriteError) -> [UInt8] {
        let extensionBytes = extensions.reduce(8) { $0 + 2 + $1.value.count }
        let capacity = 12 + 60 + extensionBytes + payload.count + Int(paddingCount)
        var bytes = [UInt8](repeating: 0, count: capacity)
        var span = bytes.mutableSpan
        let length = try write(into: &span)
        bytes.removeLast(bytes.count - length)
        return bytes
    }

    private static func write(
        _ elements: [HeaderExtension],
        to writer: inout SpanWriter
    ) throws(WriteError) {
        // RFC 8285 §4.1.2: the two-byte form only where the one-byte form cannot say it.
        let isOneByte = elements.allSatisfy { $0.id < 15 && (1...16).contains($0.value.count) }
        let start = writer.offset
        try writer.write(UInt16(isOneByte ? 0xBEDE : 0x1000))
        try writer.write(UInt16(0))
        for element in elements {
            guard element.value.count <= 255 else {
                throw .lengthOverflow(at: writer.offset, length: element.value.count)
            }
            let length = UInt8(element.value.count)
            if isOneByte {
                try writer.write(element.id << 4 | (length - 1))
            } else {
                try writer.write(element.id)
                try writer.write(length)
            }
            try writer.write(element.value.span)
        }
        let content = writer.offset - start - 4
        try writer.write(repeating: 0, count: -content & 3)
        let words = (content + 3) / 4
        guard let count = UInt16(exactly: words) else {
            throw .lengthOverflow(at: start + 2, length: words)
        }
        try writer.replace(at: start + 2, with: count)
    }
}
