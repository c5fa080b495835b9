/// Who the sender says to be: `a=identity:<base64> [<extension> …]` (RFC 8827 §5).
///
/// Nobody here verifies it: it is kept, and never echoed.
public struct IdentityAttribute: SDPTypedAttribute {
    public static let name = "identity"

    /// The assertion in base64.
    public var assertion: String
    /// What follows, kept as it was written.
    public var extensions: [String]

    /// An identity from its fields.
    public init(assertion: String, extensions: [String] = []) {
        self.assertion = assertion
        self.extensions = extensions
    }

    public init(parsing value: String) throws(SDPError) {
        var scanner = FieldScanner(value)
        assertion = try scanner.base64("an assertion in base64")
        extensions = []
        while let field = scanner.next() { extensions.append(field) }
    }

    public var value: String { ([assertion] + extensions).joined(separator: " ") }
}
