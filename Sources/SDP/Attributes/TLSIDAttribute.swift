/// The name of a DTLS association: `a=tls-id:<20 to 255 characters>` (RFC 8842 §4).
///
/// A new one asks for a new association (RFC 8842 §3.1).
public struct TLSIDAttribute: SDPTypedAttribute {
    public static let name = "tls-id"

    /// The name.
    public var value: String

    /// A name, unchecked.
    public init(_ value: String) { self.value = value }

    public init(parsing value: String) throws(SDPError) {
        var scanner = FieldScanner(value)
        let place = scanner
        let text = try scanner.field("20 to 255 letters, digits, +, /, - or _")
        guard 20...255 ~= text.utf8.count, text.utf8.allSatisfy(isTLSIDCharacter) else {
            throw place.failure("20 to 255 letters, digits, +, /, - or _")
        }
        self.value = text
        try scanner.finish()
    }
}

private func isTLSIDCharacter(_ character: UInt8) -> Bool {
    isICECharacter(character) || character == UInt8(ascii: "-") || character == UInt8(ascii: "_")
}
