extension JSONValue {
    /// Reads one JSON text; nothing but white space may follow it.
    public init(parsing text: String, limits: JSONLimits = .init()) throws(JSONError) {
        try self.init(parsing: Array(text.utf8), limits: limits)
    }

    /// Reads one JSON text in UTF-8; nothing but white space may follow it.
    public init(parsing bytes: [UInt8], limits: JSONLimits = .init()) throws(JSONError) {
        guard bytes.count <= limits.size else { throw .tooLarge(limit: limits.size) }
        var parser = JSONParser(bytes: bytes, limits: limits)
        self = try parser.parseText()
    }
}

/// A parser by recursive descent whose depth is bounded (RFC 8259).
private struct JSONParser {
    private let bytes: [UInt8]
    private let limits: JSONLimits
    private var position = 0
    private var depth = 0
    private var values = 0

    init(bytes: [UInt8], limits: JSONLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    mutating func parseText() throws(JSONError) -> JSONValue {
        let value = try parseValue()
        skipSpace()
        guard position == bytes.count else { throw .unexpectedCharacter(at: position) }
        return value
    }

    private mutating func parseValue() throws(JSONError) -> JSONValue {
        values += 1
        guard values <= limits.values else {
            throw .tooManyValues(limit: limits.values, at: position)
        }
        skipSpace()
        switch try peek() {
        case UInt8(ascii: "{"): return try nested(Self.parseObject)
        case UInt8(ascii: "["): return try nested(Self.parseArray)
        case UInt8(ascii: "\""): return .string(try parseString())
        case UInt8(ascii: "t"): return try literal("true", .boolean(true))
        case UInt8(ascii: "f"): return try literal("false", .boolean(false))
        case UInt8(ascii: "n"): return try literal("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return try parseNumber()
        default: throw .unexpectedCharacter(at: position)
        }
    }

    private mutating func nested(
        _ body: (inout JSONParser) throws(JSONError) -> JSONValue
    ) throws(JSONError) -> JSONValue {
        guard depth < limits.depth else { throw .tooDeep(limit: limits.depth, at: position) }
        depth += 1
        position += 1
        let value = try body(&self)
        depth -= 1
        return value
    }

    private static func parseObject(_ parser: inout JSONParser) throws(JSONError) -> JSONValue {
        var members: [JSONObject.Member] = []
        parser.skipSpace()
        if try parser.consume(UInt8(ascii: "}")) { return .object(JSONObject()) }
        while true {
            parser.skipSpace()
            guard try parser.peek() == UInt8(ascii: "\"") else {
                throw .unexpectedCharacter(at: parser.position)
            }
            let name = try parser.parseString()
            parser.skipSpace()
            guard try parser.consume(UInt8(ascii: ":")) else {
                throw .unexpectedCharacter(at: parser.position)
            }
            members.append(.init(name: name, value: try parser.parseValue()))
            parser.skipSpace()
            if try parser.consume(UInt8(ascii: "}")) { return .object(JSONObject(members)) }
            guard try parser.consume(UInt8(ascii: ",")) else {
                throw .unexpectedCharacter(at: parser.position)
            }
        }
    }

    private static func parseArray(_ parser: inout JSONParser) throws(JSONError) -> JSONValue {
        var elements: [JSONValue] = []
        parser.skipSpace()
        if try parser.consume(UInt8(ascii: "]")) { return .array([]) }
        while true {
            elements.append(try parser.parseValue())
            parser.skipSpace()
            if try parser.consume(UInt8(ascii: "]")) { return .array(elements) }
            guard try parser.consume(UInt8(ascii: ",")) else {
                throw .unexpectedCharacter(at: parser.position)
            }
        }
    }

    // MARK: Strings

    private mutating func parseString() throws(JSONError) -> String {
        let start = position
        position += 1
        var content: [UInt8] = []
        while true {
            let run = position
            while position < bytes.count, Self.isPlain(bytes[position]) { position += 1 }
            content.append(contentsOf: bytes[run..<position])
            switch try peek() {
            case UInt8(ascii: "\""):
                position += 1
                guard let text = String(validating: content, as: UTF8.self) else {
                    throw .invalidUTF8(at: start)
                }
                return text
            case UInt8(ascii: "\\"): try parseEscape(into: &content)
            // RFC 8259 §7: control characters must be escaped.
            default: throw .unexpectedCharacter(at: position)
            }
        }
    }

    private static func isPlain(_ byte: UInt8) -> Bool {
        byte >= 0x20 && byte != UInt8(ascii: "\"") && byte != UInt8(ascii: "\\")
    }

    private mutating func parseEscape(into content: inout [UInt8]) throws(JSONError) {
        let start = position
        position += 1
        let letter = try peek()
        position += 1
        switch letter {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): content.append(letter)
        case UInt8(ascii: "b"): content.append(0x08)
        case UInt8(ascii: "f"): content.append(0x0C)
        case UInt8(ascii: "n"): content.append(0x0A)
        case UInt8(ascii: "r"): content.append(0x0D)
        case UInt8(ascii: "t"): content.append(0x09)
        case UInt8(ascii: "u"):
            guard let scalar = try parseScalar() else { throw .invalidEscape(at: start) }
            content.append(contentsOf: Array(String(scalar).utf8))
        default: throw .invalidEscape(at: start)
        }
    }

    /// The character of `\uXXXX` or of a surrogate pair (RFC 8259 §7); nil for half a pair.
    private mutating func parseScalar() throws(JSONError) -> Unicode.Scalar? {
        guard let first = try parseHex() else { return nil }
        guard (0xD800...0xDBFF).contains(first) else { return Unicode.Scalar(first) }
        guard try consume(UInt8(ascii: "\\")), try consume(UInt8(ascii: "u")),
            let second = try parseHex(), (0xDC00...0xDFFF).contains(second)
        else { return nil }
        return Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
    }

    private mutating func parseHex() throws(JSONError) -> UInt32? {
        var value: UInt32 = 0
        for _ in 0..<4 {
            let digit = Unicode.Scalar(try peek())
            guard let number = Character(digit).hexDigitValue else { return nil }
            value = value << 4 | UInt32(number)
            position += 1
        }
        return value
    }

    // MARK: Numbers and words

    /// RFC 8259 §6: no leading zero, no lonely dot, an exponent with digits.
    private mutating func parseNumber() throws(JSONError) -> JSONValue {
        let start = position
        _ = skip { $0 == UInt8(ascii: "-") }
        let integer = position
        guard skipDigits() > 0 else { throw .invalidNumber(at: start) }
        guard bytes[integer] != UInt8(ascii: "0") || position == integer + 1 else {
            throw .invalidNumber(at: start)
        }
        if skip({ $0 == UInt8(ascii: ".") }), skipDigits() == 0 {
            throw .invalidNumber(at: start)
        }
        if skip({ $0 | 0x20 == UInt8(ascii: "e") }) {
            _ = skip { $0 == UInt8(ascii: "+") || $0 == UInt8(ascii: "-") }
            guard skipDigits() > 0 else { throw .invalidNumber(at: start) }
        }
        return .number(String(decoding: bytes[start..<position], as: UTF8.self))
    }

    private mutating func skipDigits() -> Int {
        let start = position
        while skip({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) {}
        return position - start
    }

    private mutating func skip(_ matches: (UInt8) -> Bool) -> Bool {
        guard position < bytes.count, matches(bytes[position]) else { return false }
        position += 1
        return true
    }

    private mutating func literal(
        _ word: StaticString,
        _ value: JSONValue
    ) throws(JSONError) -> JSONValue {
        for byte in word.description.utf8 {
            guard try consume(byte) else { throw .unexpectedCharacter(at: position) }
        }
        return value
    }

    private mutating func skipSpace() {
        while skip({ $0 == 0x20 || $0 == 0x0A || $0 == 0x0D || $0 == 0x09 }) {}
    }

    private mutating func consume(_ byte: UInt8) throws(JSONError) -> Bool {
        guard try peek() == byte else { return false }
        position += 1
        return true
    }

    private func peek() throws(JSONError) -> UInt8 {
        guard position < bytes.count else { throw .endsTooEarly(at: position) }
        return bytes[position]
    }
}
