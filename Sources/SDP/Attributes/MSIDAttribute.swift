/// The stream and track of a section: `a=msid:<stream> [<track>]` (RFC 8830 §2).
public struct MSIDAttribute: SDPTypedAttribute {
    public static let name = "msid"
    /// The stream id that says: no stream (RFC 8830 §2).
    public static let noStream = "-"

    /// The stream's id; `-` for a track in no stream.
    public var streamID: String
    /// The track's id.
    public var trackID: String?

    /// An id from its fields.
    public init(streamID: String = MSIDAttribute.noStream, trackID: String? = nil) {
        self.streamID = streamID
        self.trackID = trackID
    }

    public init(parsing value: String) throws(SDPError) {
        var scanner = FieldScanner(value)
        streamID = try scanner.field("a stream id")
        trackID = scanner.next()
        try scanner.finish()
    }

    public var value: String { streamID + (trackID.map { " \($0)" } ?? "") }
}
