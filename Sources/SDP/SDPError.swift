/// Why a session description, or one attribute's value, could not be read: what was expected, where.
///
/// ```swift
/// do {
///     let offer = try SDPDescription(parsing: text)
/// } catch {
///     print(error)      // line 7, column 9: expected a port from 0 to 65535
/// }
/// ```
public struct SDPError: Error, Hashable, Sendable {
    /// What kind of rule was broken.
    public enum Reason: Hashable, Sendable {
        /// Something else stands where this was expected.
        case expected(Expectation)
        /// The input is larger than the caller's limits allow.
        case exceeded(SDPLimits.Kind)
    }

    /// What should have been there, named as the RFC names it.
    public struct Expectation: Hashable, Sendable, ExpressibleByStringLiteral {
        // Most expectations are met: a string is only made of the others.
        private let text: StaticString

        /// An expectation is always a constant of the source, never text of the input.
        public init(stringLiteral name: StaticString) { text = name }

        /// What should have been there.
        public var name: String { text.description }

        /// Whether both ask for the same.
        public static func == (left: Expectation, right: Expectation) -> Bool {
            left.name == right.name
        }

        /// Hashes the name.
        public func hash(into hasher: inout Hasher) { hasher.combine(name) }
    }

    /// What kind of rule was broken.
    public var reason: Reason
    /// The line, counted from 1; always 1 when a single attribute's value was parsed.
    public var line: Int
    /// The byte in the line, counted from 1; of a single attribute, the byte in its value.
    public var column: Int

    /// An error at a place of the input.
    public init(_ reason: Reason, line: Int, column: Int) {
        self.reason = reason
        self.line = line
        self.column = column
    }
}

extension SDPError: CustomStringConvertible {
    /// A sentence for people: place, and what was expected there.
    public var description: String {
        switch reason {
        case .expected(let expectation):
            "line \(line), column \(column): expected \(expectation.name)"
        case .exceeded(let kind):
            "line \(line), column \(column): exceeded the limit on \(kind.rawValue)"
        }
    }
}
