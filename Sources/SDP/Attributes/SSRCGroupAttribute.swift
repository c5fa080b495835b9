/// Sources that belong together: `a=ssrc-group:<semantics> <ssrc> …` (RFC 5576 §4.2).
public struct SSRCGroupAttribute: SDPTypedAttribute {
    public static let name = "ssrc-group"
    /// The second source retransmits the first (RFC 4588 §8.8).
    public static let retransmission = "FID"
    /// The second source repairs the first (RFC 5956 §4.3).
    public static let repair = "FEC-FR"
    /// The sources are simulcast encodings of one picture.
    public static let simulcast = "SIM"

    /// Why they belong together.
    public var semantics: String
    /// The sources.
    public var ssrcs: [UInt32]

    /// A group from its fields.
    public init(semantics: String, ssrcs: [UInt32]) {
        self.semantics = semantics
        self.ssrcs = ssrcs
    }

    public init(parsing value: String) throws(SDPError) {
        var scanner = FieldScanner(value)
        semantics = try scanner.field("the group's semantics")
        ssrcs = []
        while !scanner.isAtEnd {
            ssrcs.append(try scanner.number(in: 0...UInt32.max, "a synchronization source"))
        }
    }

    public var value: String {
        ([semantics] + ssrcs.map { String($0) }).joined(separator: " ")
    }
}
