import Wire

/// A decoder that has lost pictures and cannot say which (RFC 4585 §6.3.1).
///
///     |V=2|P| FMT=1   |   PT=PSFB=206 |          length=2             |
///     |                  SSRC of packet sender                        |
///     |                  SSRC of media source                         |
public struct PictureLoss: Hashable, Sendable {
    public var sender: UInt32
    public var media: UInt32

    public init(sender: UInt32, media: UInt32) {
        self.sender = sender
        self.media = media
    }

    init(from reader: inout ByteReader) throws(ParseError) {
        sender = try reader.read()
        media = try reader.read()
        // RFC 4585 §6.3.1.2: no feedback control information.
        guard reader.isAtEnd else { throw .invalid("length", at: reader.offset) }
    }

    func writeBody(to writer: inout SpanWriter) throws(WriteError) {
        try writer.write(sender)
        try writer.write(media)
    }
}
