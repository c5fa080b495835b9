/// Why bytes from the network could not be understood, and where.
public enum ParseError: Error, Hashable, Sendable {
    /// The bytes end before a field does: `need` more were wanted at offset `at`.
    case truncated(at: Int, need: Int)
    /// A field holds a value that its specification does not allow.
    case invalid(Field, at: Int)

    /// The field that broke a rule, named as the RFC names it.
    public struct Field: Hashable, Sendable, ExpressibleByStringLiteral {
        // A static string: building the error on a hostile packet costs no allocation.
        private let literal: StaticString

        /// The field's name.
        public var name: String { literal.description }

        public init(stringLiteral name: StaticString) { literal = name }

        public static func == (left: Field, right: Field) -> Bool { left.name == right.name }

        public func hash(into hasher: inout Hasher) { hasher.combine(name) }
    }

    /// Where the fault lies, in bytes from the start of what was parsed.
    public var offset: Int {
        switch self {
        case .truncated(let offset, _), .invalid(_, let offset): offset
        }
    }
}

extension ParseError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .truncated(let offset, let need):
            "ends too early: \(need) more bytes wanted at offset \(offset)"
        case .invalid(let field, let offset): "invalid \(field.name) at offset \(offset)"
        }
    }
}
