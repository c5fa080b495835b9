/// Media sections that belong together: `a=group:<semantics> <mid> …` (RFC 5888 §5).
public struct GroupAttribute: SDPTypedAttribute {
    public static let name = "group"
    /// Sections that share one transport (RFC 9143 §5).
    public static let bundle = "BUNDLE"
    /// Sections to be played in step (RFC 5888 §7).
    public static let lipSynchronization = "LS"

    /// Why they belong together.
    public var semantics: String
    /// The names of the sections.
    public var mids: [String]

    /// A group from its fields.
    public init(semantics: String = GroupAttribute.bundle, mids: [String]) {
        self.semantics = semantics
        self.mids = mids
    }

    public init(parsing value: String) throws(SDPError) {
        var scanner = FieldScanner(value)
        semantics = try scanner.field("the group's semantics")
        mids = []
        while let mid = scanner.next() { mids.append(mid) }
    }

    public var value: String { ([semantics] + mids).joined(separator: " ") }
}
