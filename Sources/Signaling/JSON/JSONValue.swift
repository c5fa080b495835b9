/// A JSON value (RFC 8259) that prints what it read: order, duplicates and numbers are kept.
///
/// ```swift
/// let value = try JSONValue(parsing: #"{"type":"offer","extra":1.0}"#)
/// value.object?["type"]?.string       // "offer"
/// value.text                          // {"type":"offer","extra":1.0}
/// ```
public enum JSONValue: Hashable, Sendable {
    case null
    case boolean(Bool)
    /// A number as it is written, so that no digit is lost.
    case number(String)
    case string(String)
    case array([JSONValue])
    case object(JSONObject)

    /// The text of a string; nil for any other value.
    public var string: String? {
        switch self {
        case .string(let text): text
        case .null, .boolean, .number, .array, .object: nil
        }
    }

    /// The members of an object; nil for any other value.
    public var object: JSONObject? {
        switch self {
        case .object(let object): object
        case .null, .boolean, .number, .string, .array: nil
        }
    }

    /// The text of a string or of a number; nil for any other value.
    public var stringOrNumber: String? {
        switch self {
        case .string(let text), .number(let text): text
        case .null, .boolean, .array, .object: nil
        }
    }
}

/// The members of a JSON object in the order they were written.
public struct JSONObject: Hashable, Sendable {
    /// One name and its value.
    public struct Member: Hashable, Sendable {
        public var name: String
        public var value: JSONValue

        public init(name: String, value: JSONValue) {
            self.name = name
            self.value = value
        }
    }

    /// All members, duplicates included.
    public var members: [Member]

    public init(_ members: [Member] = []) { self.members = members }

    /// The value called `name`; the last one if there are several, as everyone else reads it.
    ///
    /// Setting it replaces the first, removes all others, and appends when there was none.
    public subscript(name: String) -> JSONValue? {
        get { members.last { $0.name == name }?.value }
        set {
            let index = members.firstIndex { $0.name == name } ?? members.endIndex
            members.removeAll { $0.name == name }
            guard let newValue else { return }
            members.insert(Member(name: name, value: newValue), at: index)
        }
    }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self.init(elements.map { Member(name: $0.0, value: $0.1) })
    }
}

extension JSONValue: ExpressibleByStringLiteral {
    public init(stringLiteral text: String) { self = .string(text) }
}

/// How large a JSON text may be, in each direction that memory or the stack can be spent.
public struct JSONLimits: Hashable, Sendable {
    /// Bytes of text.
    public var size = 1_024 * 1_024
    /// Arrays and objects inside each other.
    public var depth = 32
    /// Values of any kind: a byte of text can cost fifty of memory.
    public var values = 10_000

    public init() {}
}

/// Why a text is not JSON, and at which byte.
public enum JSONError: Error, Hashable, Sendable {
    case tooLarge(limit: Int)
    case tooDeep(limit: Int, at: Int)
    case tooManyValues(limit: Int, at: Int)
    case endsTooEarly(at: Int)
    case unexpectedCharacter(at: Int)
    case invalidNumber(at: Int)
    /// A backslash followed by nothing JSON knows, or half of a surrogate pair.
    case invalidEscape(at: Int)
    case invalidUTF8(at: Int)
}

extension JSONError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .tooLarge(let limit): "more than \(limit) bytes"
        case .tooDeep(let limit, let offset): "nested deeper than \(limit) at byte \(offset)"
        case .tooManyValues(let limit, let offset): "more than \(limit) values at byte \(offset)"
        case .endsTooEarly(let offset): "ends too early, at byte \(offset)"
        case .unexpectedCharacter(let offset): "unexpected character at byte \(offset)"
        case .invalidNumber(let offset): "invalid number at byte \(offset)"
        case .invalidEscape(let offset): "invalid escape at byte \(offset)"
        case .invalidUTF8(let offset): "invalid UTF-8 at byte \(offset)"
        }
    }
}
