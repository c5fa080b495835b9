/// The ICE user name fragment: `a=ice-ufrag:<4 to 256 ice-chars>` (RFC 8839 §5.4).
public struct ICEUfragAttribute: SDPTypedAttribute {
    public static let name = "ice-ufrag"

    /// The fragment.
    public var value: String

    /// A fragment, unchecked.
    public init(_ value: String) { self.value = value }

    public init(parsing value: String) throws(SDPError) {
        self.value = try iceCharacters(value, 4...256, "4 to 256 letters, digits, + or /")
    }
}

/// RFC 8839 §5.1: ice-char is a letter, a digit, `+` or `/`.
func iceCharacters(
    _ value: String,
    _ count: ClosedRange<Int>,
    _ expectation: SDPError.Expectation
) throws(SDPError) -> String {
    var scanner = FieldScanner(value)
    let start = scanner
    let text = try scanner.field(expectation)
    guard count.contains(text.utf8.count), text.utf8.allSatisfy(isICECharacter) else {
        throw start.failure(expectation)
    }
    try scanner.finish()
    return text
}

/// Whether a byte is an ice-char (RFC 8839 §5.1).
func isICECharacter(_ character: UInt8) -> Bool {
    switch character {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"): true
    case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), slash: true
    default: false
    }
}
