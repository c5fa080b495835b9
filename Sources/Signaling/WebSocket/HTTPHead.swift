import Wire

/// The first line and the fields of an HTTP/1.1 message (RFC 9112 §2.1).
public struct HTTPHead: Hashable, Sendable {
    /// One header field.
    public struct Field: Hashable, Sendable {
        public var name: String
        public var value: String

        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }

    /// The request line or the status line.
    public var startLine: String
    /// The fields in the order they came.
    public var fields: [Field]

    public init(startLine: String, fields: [Field]) {
        self.startLine = startLine
        self.fields = fields
    }

    /// All values of the field called `name`, whatever its case.
    public func values(of name: String) -> [String] {
        let wanted = name.lowercased()
        return fields.filter { $0.name.lowercased() == wanted }.map(\.value)
    }

    /// Whether the comma-separated list in the field called `name` holds `token`.
    public func lists(_ token: String, in name: String) -> Bool {
        let wanted = token.lowercased()
        return values(of: name).contains { value in
            value.split(separator: ",").contains { item in
                item.trimmed.lowercased() == wanted
            }
        }
    }

    /// The head as it is sent, with the empty line that ends it.
    public var bytes: [UInt8] {
        var text = startLine + "\r\n"
        for field in fields { text += "\(field.name): \(field.value)\r\n" }
        return Array((text + "\r\n").utf8)
    }
}

/// Why an HTTP head could not be read.
public enum HTTPHeadError: Error, Hashable, Sendable {
    /// More than this many bytes without an end.
    case tooLarge(limit: Int)
    /// More than this many fields.
    case tooManyFields(limit: Int)
    /// A line, counted from 0, that is no field.
    case malformedLine(Int)
}

/// Collects bytes until the head of an HTTP message is complete.
package struct HTTPHeadReader: Sendable {
    private var buffer: [UInt8] = []
    private var scanned = 0
    private let limit: Int

    package init(limit: Int = 16 * 1_024) { self.limit = limit }

    /// What has arrived that is not part of the head; valid once a head was returned.
    package private(set) var rest: [UInt8] = []

    /// Takes in bytes; returns the head once its end has come.
    package mutating func append(_ bytes: Span<UInt8>) throws(HTTPHeadError) -> HTTPHead? {
        buffer.append(copying: bytes)
        // A TLS hello has no end that could be waited for: say at once that it is no HTTP.
        if let first = buffer.first, !(33...126 ~= first) { throw .malformedLine(0) }
        guard let end = findEnd() else {
            guard buffer.count <= limit else { throw .tooLarge(limit: limit) }
            return nil
        }
        guard end <= limit else { throw .tooLarge(limit: limit) }
        rest = Array(buffer[end...])
        let head = try HTTPHead(parsing: buffer[..<(end - 4)])
        buffer = []
        return head
    }

    /// The offset behind the empty line; remembers how far it looked.
    private mutating func findEnd() -> Int? {
        while scanned + 4 <= buffer.count {
            if buffer[scanned..<scanned + 4].elementsEqual(emptyLine) { return scanned + 4 }
            scanned += 1
        }
        return nil
    }
}

extension HTTPHead {
    fileprivate init(parsing bytes: ArraySlice<UInt8>) throws(HTTPHeadError) {
        var lines = Self.lines(of: bytes)
        guard lines.count <= maximumFields + 1 else { throw .tooManyFields(limit: maximumFields) }
        let first = lines.removeFirst()
        guard first.allSatisfy(Self.isVisible) else { throw .malformedLine(0) }
        startLine = String(decoding: first, as: UTF8.self)
        fields = []
        for (index, line) in lines.enumerated() {
            // RFC 9112 §5.1: no white space before the colon; §5.2: folded lines are refused.
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")),
                colon > line.startIndex,
                line[..<colon].allSatisfy(Self.isTokenCharacter),
                line[colon...].allSatisfy(Self.isVisible)
            else { throw .malformedLine(index + 1) }
            let name = String(decoding: line[..<colon], as: UTF8.self)
            let value = Substring(String(decoding: line[(colon + 1)...], as: UTF8.self))
            fields.append(Field(name, String(value.trimmed)))
        }
    }

    private static func lines(of bytes: ArraySlice<UInt8>) -> [ArraySlice<UInt8>] {
        var lines: [ArraySlice<UInt8>] = []
        var start = bytes.startIndex
        var index = start
        while index < bytes.endIndex {
            if bytes[index] == 13, index + 1 < bytes.endIndex, bytes[index + 1] == 10 {
                lines.append(bytes[start..<index])
                start = index + 2
                index = start
            } else {
                index += 1
            }
        }
        lines.append(bytes[start...])
        return lines
    }

    private static func isVisible(_ byte: UInt8) -> Bool {
        byte == 9 || (byte >= 32 && byte != 127)
    }

    /// RFC 9110 §5.6.2.
    private static func isTokenCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "a")...UInt8(ascii: "z"):
            true
        default: tokenPunctuation.contains(byte)
        }
    }
}

extension StringProtocol {
    /// Without the spaces and tabs at both ends.
    package var trimmed: SubSequence {
        func isSpace(_ character: Character) -> Bool { character == " " || character == "\t" }
        guard let first = firstIndex(where: { !isSpace($0) }),
            let last = lastIndex(where: { !isSpace($0) })
        else { return self[startIndex..<startIndex] }
        return self[first...last]
    }
}

private let emptyLine: [UInt8] = [13, 10, 13, 10]
private let maximumFields = 100
private let tokenPunctuation = Array("!#$%&'*+-.^_`|~".utf8)
