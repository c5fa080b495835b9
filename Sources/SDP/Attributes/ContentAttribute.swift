/// What a medium shows: `a=content:<kind>,…` (RFC 4796 §5).
public struct ContentAttribute: SDPTypedAttribute {
    public static let name = "content"
    /// A presentation.
    public static let slides = "slides"
    /// The speaker.
    public static let speaker = "speaker"
    /// Sign language.
    public static let signLanguage = "sl"
    /// The main medium.
    public static let main = "main"
    /// Another, less important medium.
    public static let alternative = "alt"

    /// What is shown, in lower case or as it was written.
    public var kinds: [String]

    /// Kinds in order.
    public init(_ kinds: [String]) { self.kinds = kinds }

    public init(parsing value: String) throws(SDPError) {
        var scanner = FieldScanner(value)
        kinds = []
        repeat {
            kinds.append(try scanner.token("a kind of content"))
        } while scanner.take(UInt8(ascii: ","))
        try scanner.finish()
    }

    public var value: String { kinds.joined(separator: ",") }
}
