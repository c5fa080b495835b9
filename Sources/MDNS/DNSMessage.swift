public import Wire

/// A DNS message as far as multicast DNS for addresses needs it (RFC 1035 §4.1, RFC 6762 §18).
///
/// ```swift
/// let query = DNSMessage(questions: [DNSQuestion(name, .a)])
/// let answer = try DNSMessage(parsing: datagram.span)
/// ```
public struct DNSMessage: Hashable, Sendable {
    /// Zero in multicast DNS, except between legacy programs.
    public var id: UInt16
    /// Whether it answers.
    public var isResponse: Bool
    /// Whether it is an ordinary message without an error, as all of multicast DNS are.
    public var isOrdinary: Bool
    /// What is asked.
    public var questions: [DNSQuestion]
    /// What is said; in a query, what the asker knows already (RFC 6762 §7.1).
    public var answers: [DNSRecord]
    /// What is said without having been asked for.
    public var additional: [DNSRecord]

    /// A message from its parts.
    public init(
        id: UInt16 = 0,
        isResponse: Bool = false,
        questions: [DNSQuestion] = [],
        answers: [DNSRecord] = [],
        additional: [DNSRecord] = []
    ) {
        self.id = id
        self.isResponse = isResponse
        isOrdinary = true
        self.questions = questions
        self.answers = answers
        self.additional = additional
    }

    /// Reads a message; at most 128 questions and records, others are not looked at.
    ///
    /// Records of other classes are left out, and those of other types have no content.
    public init(parsing message: Span<UInt8>) throws(ParseError) {
        var reader = ByteReader(message)
        id = try reader.read()
        let flags: UInt16 = try reader.read()
        isResponse = flags & 0x8000 != 0
        // RFC 6762 §18.3, §18.11: other operations and errors are ignored.
        isOrdinary = flags & 0x780F == 0
        let counts = try (
            questions: Int(reader.read(UInt16.self)), answers: Int(reader.read(UInt16.self)),
            authorities: Int(reader.read(UInt16.self)), additional: Int(reader.read(UInt16.self))
        )
        var cursor = DNSCursor(offset: reader.offset)
        questions = []
        for _ in 0..<counts.questions where cursor.budget > 0 {
            if let question = try cursor.readQuestion(in: message) { questions.append(question) }
        }
        answers = try cursor.readRecords(counts.answers, in: message)
        _ = try cursor.readRecords(counts.authorities, in: message)
        additional = try cursor.readRecords(counts.additional, in: message)
    }

    /// The message as it is sent; nothing is compressed.
    public func write() throws(WriteError) -> [UInt8] {
        var writer = ByteWriter(limit: maximumSize)
        try writer.write(id)
        // RFC 6762 §18.4: responses are authoritative.
        try writer.write(UInt16(isResponse ? 0x8400 : 0))
        for count in [questions.count, answers.count, 0, additional.count] {
            try writer.write(UInt16(clamping: count))
        }
        for question in questions {
            try writer.write(question.name.wire)
            try writer.write(question.type.rawValue)
            try writer.write(question.wantsUnicast ? classIN | topBit : classIN)
        }
        for record in answers { try record.write(to: &writer) }
        for record in additional { try record.write(to: &writer) }
        return writer.bytes
    }
}

/// Where in a message we are, and how much more of it is read.
private struct DNSCursor {
    var offset: Int
    /// A datagram of 9,000 bytes has room for more, but nobody has a reason to send more.
    var budget = 128

    init(offset: Int) { self.offset = offset }

    /// The next question; nil if it is of a class that means nothing here.
    mutating func readQuestion(in message: Span<UInt8>) throws(ParseError) -> DNSQuestion? {
        budget -= 1
        let name = try DNSName(in: message, at: &offset)
        let type = try number(in: message)
        let kind = try number(in: message)
        guard kind & ~topBit == classIN || kind & ~topBit == classAny else { return nil }
        return DNSQuestion(
            name,
            DNSRecordType(rawValue: type),
            wantsUnicast: kind & topBit != 0
        )
    }

    mutating func readRecords(
        _ count: Int,
        in message: Span<UInt8>
    ) throws(ParseError) -> [DNSRecord] {
        var records: [DNSRecord] = []
        for _ in 0..<count where budget > 0 {
            if let record = try readRecord(in: message) { records.append(record) }
        }
        return records
    }

    private mutating func readRecord(in message: Span<UInt8>) throws(ParseError) -> DNSRecord? {
        budget -= 1
        let name = try DNSName(in: message, at: &offset)
        let type = DNSRecordType(rawValue: try number(in: message))
        let kind = try number(in: message)
        let timeToLive = UInt32(try number(in: message)) << 16 | UInt32(try number(in: message))
        let length = Int(try number(in: message))
        guard length <= message.count - offset else {
            throw .truncated(at: offset, need: length - (message.count - offset))
        }
        let start = offset
        offset += length
        guard kind & ~topBit == classIN else { return nil }
        return DNSRecord(
            name,
            try content(of: type, in: message, start..<start + length),
            timeToLive: timeToLive,
            flushesCache: kind & topBit != 0
        )
    }

    private func content(
        of type: DNSRecordType,
        in message: Span<UInt8>,
        _ range: Range<Int>
    ) throws(ParseError) -> DNSRecord.Content {
        switch type {
        case .a, .aaaa:
            let address = IPAddress(bytes: message.extracting(range))
            guard let address, (type == .a) == (address.family == .v4) else {
                throw .invalid("an address of the wrong length", at: range.lowerBound)
            }
            return .address(address)
        case .nsec: return .types(try types(in: message, range))
        default: return .other(type)
        }
    }

    /// The types of NSEC's first window (RFC 4034 §4.1.2), which has all those below 256.
    private func types(
        in message: Span<UInt8>,
        _ range: Range<Int>
    ) throws(ParseError) -> [DNSRecordType] {
        var position = range.lowerBound
        _ = try DNSName(in: message, at: &position)
        guard position <= range.upperBound - 2, message[position] == 0 else { return [] }
        let bits = position + 2..<position + 2 + Int(message[position + 1])
        guard bits.upperBound <= range.upperBound, bits.count <= 32 else {
            throw .invalid("a bitmap longer than its record", at: position)
        }
        var types: [DNSRecordType] = []
        for index in bits {
            for bit in 0..<8 where message[index] & (0x80 >> UInt8(bit)) != 0 {
                types.append(DNSRecordType(rawValue: UInt16((index - bits.lowerBound) * 8 + bit)))
            }
        }
        return types
    }

    private mutating func number(in message: Span<UInt8>) throws(ParseError) -> UInt16 {
        guard offset <= message.count - 2 else {
            throw .truncated(at: offset, need: offset + 2 - message.count)
        }
        defer { offset += 2 }
        return UInt16(message[offset]) << 8 | UInt16(message[offset + 1])
    }
}

extension DNSRecord {
    fileprivate func write(to writer: inout ByteWriter) throws(WriteError) {
        try writer.write(name.wire)
        try writer.write(type.rawValue)
        try writer.write(flushesCache ? classIN | topBit : classIN)
        try writer.write(timeToLive)
        let content: [UInt8]
        switch self.content {
        case .address(let address): content = address.bytes
        case .types(let types): content = name.wire + bitmap(of: types)
        case .other: content = []
        }
        try writer.writeLengthPrefixed { writer throws(WriteError) in try writer.write(content) }
    }

    private func bitmap(of types: [DNSRecordType]) -> [UInt8] {
        var bits = [UInt8](repeating: 0, count: 32)
        for type in types where type.rawValue < 256 {
            bits[Int(type.rawValue) / 8] |= 0x80 >> UInt8(type.rawValue % 8)
        }
        let used = (bits.lastIndex { $0 != 0 } ?? 0) + 1
        return [0, UInt8(used)] + bits[..<used]
    }
}

private let classIN: UInt16 = 1
private let classAny: UInt16 = 255
/// RFC 6762 §5.4, §10.2: the top bit of a class means something else.
private let topBit: UInt16 = 0x8000
/// RFC 6762 §17.
private let maximumSize = 9_000
