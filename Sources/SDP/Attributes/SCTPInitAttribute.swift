/// The first chunk of an SCTP association ahead of time: `a=sctp-init:<base64>`.
///
/// An experiment of browsers (draft-hancke-tsvwg-snap). It is kept when it comes and never echoed:
/// an answer that repeated it broke a browser.
public struct SCTPInitAttribute: SDPTypedAttribute {
    public static let name = "sctp-init"

    /// The INIT chunk in base64.
    public var value: String

    /// A chunk in base64, unchecked.
    public init(_ value: String) { self.value = value }

    public init(parsing value: String) throws(SDPError) {
        var scanner = FieldScanner(value)
        self.value = try scanner.base64("an INIT chunk in base64")
        try scanner.finish()
    }
}
