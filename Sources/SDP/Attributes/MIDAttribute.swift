/// The name of a media section: `a=mid:<token>` (RFC 5888 §4).
public struct MIDAttribute: SDPTypedAttribute {
    public static let name = "mid"

    /// The name.
    public var mid: String

    /// A name, unchecked.
    public init(_ mid: String) { self.mid = mid }

    public init(parsing value: String) throws(SDPError) {
        var scanner = FieldScanner(value)
        mid = try scanner.token("a name without spaces")
        try scanner.finish()
    }

    public var value: String { mid }
}
