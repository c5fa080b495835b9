import SDP
import Testing

/// A value that must be refused, and why.
struct Malformed: Sendable, CustomTestStringConvertible {
    var value: String
    var column: Int
    var expectation: SDPError.Expectation

    var testDescription: String { "\"\(value)\"" }

    init(_ value: String, at column: Int, _ expectation: SDPError.Expectation) {
        self.value = value
        self.column = column
        self.expectation = expectation
    }
}

/// Expects that a value is read as `attribute` and written the same.
func expectRoundTrip<Attribute: SDPTypedAttribute>(
    _ value: String,
    _ attribute: Attribute,
    sourceLocation: SourceLocation = #_sourceLocation
) throws {
    #expect(try Attribute(parsing: value) == attribute, sourceLocation: sourceLocation)
    #expect(attribute.value == value, sourceLocation: sourceLocation)
    #expect(Attribute(attribute.attribute) == attribute, sourceLocation: sourceLocation)
    #expect(try Attribute(parsing: value + "  ") == attribute, sourceLocation: sourceLocation)
}

/// Expects that a value is refused at the right place with the right words.
func expectRefusal<Attribute: SDPTypedAttribute>(
    _: Attribute.Type,
    _ malformed: Malformed,
    sourceLocation: SourceLocation = #_sourceLocation
) {
    let error = SDPError(.expected(malformed.expectation), line: 1, column: malformed.column)
    #expect(throws: error, sourceLocation: sourceLocation) {
        try Attribute(parsing: malformed.value)
    }
    let attribute = SDPAttribute(Attribute.name, malformed.value)
    #expect(Attribute(attribute) == nil, sourceLocation: sourceLocation)
}
