/// ICE extensions that the sender knows: `a=ice-options:<option> …` (RFC 8839 §5.6).
public struct ICEOptionsAttribute: SDPTypedAttribute {
    public static let name = "ice-options"
    /// Candidates may come later (RFC 8840 §4.1.1).
    public static let trickle = "trickle"
    /// Conforms to RFC 8445 (RFC 8445 §10).
    public static let ice2 = "ice2"
    /// Candidates may be nominated again (draft-thatcher-ice-renomination).
    public static let renomination = "renomination"

    /// The options, in order.
    public var options: [String]

    /// Options in order.
    public init(_ options: [String]) { self.options = options }

    public init(parsing value: String) throws(SDPError) {
        // Some programs separate them by commas: a comma is no ice-char, so that is unambiguous.
        options = value.utf8.split { $0 == space || $0 == UInt8(ascii: ",") }
            .map { String(Substring($0)) }
        guard !options.isEmpty else { throw FieldScanner(value).failure("an ICE option") }
    }

    public var value: String { options.joined(separator: " ") }
}
