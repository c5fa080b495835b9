import Wire

/// Texts that describe sources, above all their canonical name (RFC 3550 §6.5).
///
///     |V=2|P|    SC   |  PT=SDES=202  |             length            |
///     |                          SSRC/CSRC_1                          |
///     |  type, length, text … until a type of 0, padded to 32 bits    |
public struct SourceDescription: Hashable, Sendable {
    /// At most 31; more are not written.
    public var chunks: [Chunk]

    public init(chunks: [Chunk]) { self.chunks = chunks }

    /// The one description that must be sent: a source and its canonical name (RFC 3550 §6.5.1).
    public init(ssrc: UInt32, canonicalName: String) {
        let item = Item(.canonicalName, [UInt8](canonicalName.utf8))
        chunks = [Chunk(ssrc: ssrc, items: [item])]
    }

    /// What is said about one source.
    public struct Chunk: Hashable, Sendable {
        public var ssrc: UInt32
        public var items: [Item]

        public init(ssrc: UInt32, items: [Item]) {
            self.ssrc = ssrc
            self.items = items
        }

        /// The CNAME of the source, if it is given.
        public var canonicalName: String? { items.first { $0.kind == .canonicalName }?.text }
    }

    /// One text about a source.
    public struct Item: Hashable, Sendable {
        public var kind: Kind
        /// The text as it stands on the wire, at most 255 bytes.
        public var value: [UInt8]

        public init(_ kind: Kind, _ value: [UInt8]) {
            self.kind = kind
            self.value = value
        }

        /// The text; bytes that are no UTF-8 are replaced.
        public var text: String { String(decoding: value, as: UTF8.self) }
    }

    /// What an item says (RFC 3550 §6.5.1–6.5.8, RFC 9143 §15.2).
    public struct Kind: RawRepresentable, Hashable, Sendable {
        public var rawValue: UInt8

        public init(rawValue: UInt8) { self.rawValue = rawValue }

        public static let canonicalName = Kind(rawValue: 1)
        public static let name = Kind(rawValue: 2)
        public static let email = Kind(rawValue: 3)
        public static let phone = Kind(rawValue: 4)
        public static let location = Kind(rawValue: 5)
        public static let tool = Kind(rawValue: 6)
        public static let note = Kind(rawValue: 7)
        public static let privateExtension = Kind(rawValue: 8)
        public static let mediaIdentification = Kind(rawValue: 15)
    }

    init(from reader: inout ByteReader, count: Int) throws(ParseError) {
        chunks = []
        for _ in 0..<count { chunks.append(try Chunk(from: &reader)) }
    }

    func writeBody(to writer: inout SpanWriter) throws(WriteError) {
        for chunk in chunks.prefix(31) { try chunk.write(to: &writer) }
    }
}

extension SourceDescription.Chunk {
    fileprivate init(from reader: inout ByteReader) throws(ParseError) {
        let start = reader.offset
        ssrc = try reader.read()
        items = []
        while true {
            let kind: UInt8 = try reader.read()
            guard kind != 0 else { break }
            let length: UInt8 = try reader.read()
            let value = try reader.readArray(count: Int(length))
            items.append(.init(.init(rawValue: kind), value))
        }
        // RFC 3550 §6.5: the list ends with a zero and is filled up to the next 32-bit boundary.
        try reader.skip(-(reader.offset - start) & 3)
    }

    fileprivate func write(to writer: inout SpanWriter) throws(WriteError) {
        let start = writer.offset
        try writer.write(ssrc)
        for item in items where item.kind.rawValue != 0 {
            guard let length = UInt8(exactly: item.value.count) else {
                throw .lengthOverflow(at: writer.offset, length: item.value.count)
            }
            try writer.write(item.kind.rawValue)
            try writer.write(length)
            try writer.write(item.value.span)
        }
        let content = writer.offset - start
        try writer.write(repeating: 0, count: 4 - content & 3)
    }
}
