/// The streams of a description, as old browsers name them: `a=msid-semantic: WMS <stream> …`.
///
/// From drafts of RFC 8830; kept because browsers still write it. The space behind the colon is
/// theirs too.
public struct MSIDSemanticAttribute: SDPTypedAttribute {
    public static let name = "msid-semantic"
    /// WebRTC media streams.
    public static let mediaStreams = "WMS"

    /// What the names are.
    public var semantic: String
    /// The streams; `*` stands for all.
    public var streamIDs: [String]

    /// A semantic from its fields.
    public init(
        semantic: String = MSIDSemanticAttribute.mediaStreams,
        streamIDs: [String] = []
    ) {
        self.semantic = semantic
        self.streamIDs = streamIDs
    }

    public init(parsing value: String) throws(SDPError) {
        var scanner = FieldScanner(value)
        semantic = try scanner.field("WMS")
        streamIDs = []
        while let id = scanner.next() { streamIDs.append(id) }
    }

    public var value: String { " " + ([semantic] + streamIDs).joined(separator: " ") }
}
