import Wire

/// One packet of a compound RTCP packet (RFC 3550 §6.1).
///
/// What this library does not know is kept as ``unknown(_:)`` and can be written again.
public enum RTCPPacket: Hashable, Sendable {
    case senderReport(SenderReport)
    case receiverReport(ReceiverReport)
    case sourceDescription(SourceDescription)
    case goodbye(Goodbye)
    case genericNACK(GenericNACK)
    case pictureLoss(PictureLoss)
    case fullIntraRequest(FullIntraRequest)
    case bandwidthEstimate(BandwidthEstimate)
    case unknown(UnknownRTCPPacket)
}

/// An RTCP packet of a type or format this library does not read.
public struct UnknownRTCPPacket: Hashable, Sendable {
    public var type: UInt8
    /// The five bits of the first byte: a count or a feedback message type.
    public var format: UInt8
    /// Everything behind the first four bytes, padding excluded.
    public var body: [UInt8]

    public init(type: UInt8, format: UInt8, body: [UInt8]) {
        self.type = type
        self.format = format
        self.body = body
    }
}

extension RTCPPacket {
    /// The RTCP packet types that are read (RFC 3550 §12.1, RFC 4585 §6.1).
    enum WireType {
        static let senderReport: UInt8 = 200
        static let receiverReport: UInt8 = 201
        static let sourceDescription: UInt8 = 202
        static let goodbye: UInt8 = 203
        static let transportFeedback: UInt8 = 205
        static let payloadFeedback: UInt8 = 206
    }

    /// Reads the body of one packet; `format` is the count or feedback type of its first byte.
    init(type: UInt8, format: UInt8, body: Span<UInt8>) throws(ParseError) {
        var reader = ByteReader(body)
        switch (type, format) {
        case (WireType.senderReport, _):
            self = .senderReport(try SenderReport(from: &reader, count: Int(format)))
        case (WireType.receiverReport, _):
            self = .receiverReport(try ReceiverReport(from: &reader, count: Int(format)))
        case (WireType.sourceDescription, _):
            self = .sourceDescription(try SourceDescription(from: &reader, count: Int(format)))
        case (WireType.goodbye, _):
            self = .goodbye(try Goodbye(from: &reader, count: Int(format)))
        case (WireType.transportFeedback, 1):
            self = .genericNACK(try GenericNACK(from: &reader))
        case (WireType.payloadFeedback, 1):
            self = .pictureLoss(try PictureLoss(from: &reader))
        case (WireType.payloadFeedback, 4):
            self = .fullIntraRequest(try FullIntraRequest(from: &reader))
        case (WireType.payloadFeedback, 15):
            let estimate = try BandwidthEstimate(from: &reader)
            self = estimate.map { .bandwidthEstimate($0) } ?? Self.unread(type, format, body)
        default:
            // RFC 4585 §6.1: any feedback message names its sender and the media source.
            let isFeedback = type == WireType.transportFeedback || type == WireType.payloadFeedback
            if isFeedback { try reader.skip(8) }
            self = Self.unread(type, format, body)
        }
    }

    private static func unread(_ type: UInt8, _ format: UInt8, _ body: Span<UInt8>) -> RTCPPacket {
        let bytes = [UInt8](copying: body)
        return .unknown(UnknownRTCPPacket(type: type, format: format, body: bytes))
    }
}

extension RTCPPacket {
    func write(to writer: inout SpanWriter) throws(WriteError) {
        let start = writer.offset
        let (type, format) = typeAndFormat
        try writer.write(0x80 | format & 0x1F)
        try writer.write(type)
        try writer.write(UInt16(0))
        try writeBody(to: &writer)
        // Only packets that are not ours to understand end elsewhere than on a word.
        let padding = UInt8(-(writer.offset - start) & 3)
        if padding > 0 {
            try writer.write(repeating: 0, count: Int(padding) - 1)
            try writer.write(padding)
            try writer.replace(at: start, with: 0xA0 | format & 0x1F)
        }
        let words = (writer.offset - start) / 4 - 1
        guard let length = UInt16(exactly: words) else {
            throw .lengthOverflow(at: start + 2, length: words)
        }
        try writer.replace(at: start + 2, with: length)
    }

    private var typeAndFormat: (UInt8, UInt8) {
        switch self {
        case .senderReport(let report): (WireType.senderReport, count(report.reportBlocks))
        case .receiverReport(let report): (WireType.receiverReport, count(report.reportBlocks))
        case .sourceDescription(let text): (WireType.sourceDescription, count(text.chunks))
        case .goodbye(let goodbye): (WireType.goodbye, count(goodbye.sources))
        case .genericNACK: (WireType.transportFeedback, 1)
        case .pictureLoss: (WireType.payloadFeedback, 1)
        case .fullIntraRequest: (WireType.payloadFeedback, 4)
        case .bandwidthEstimate: (WireType.payloadFeedback, 15)
        case .unknown(let packet): (packet.type, packet.format)
        }
    }

    private func count(_ items: some Collection) -> UInt8 { UInt8(min(31, items.count)) }

    private func writeBody(to writer: inout SpanWriter) throws(WriteError) {
        switch self {
        case .senderReport(let report): try report.writeBody(to: &writer)
        case .receiverReport(let report): try report.writeBody(to: &writer)
        case .sourceDescription(let text): try text.writeBody(to: &writer)
        case .goodbye(let goodbye): try goodbye.writeBody(to: &writer)
        case .genericNACK(let nack): try nack.writeBody(to: &writer)
        case .pictureLoss(let loss): try loss.writeBody(to: &writer)
        case .fullIntraRequest(let request): try request.writeBody(to: &writer)
        case .bandwidthEstimate(let estimate): try estimate.writeBody(to: &writer)
        case .unknown(let packet): try writer.write(packet.body.span)
        }
    }
}
