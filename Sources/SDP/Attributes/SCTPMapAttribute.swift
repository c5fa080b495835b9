/// The SCTP port and its use, as drafts before RFC 8841 wrote it: `a=sctpmap:<port> <use> [<streams>]`.
public struct SCTPMapAttribute: SDPTypedAttribute {
    public static let name = "sctpmap"
    /// The use that WebRTC has for SCTP.
    public static let dataChannel = "webrtc-datachannel"

    /// The SCTP port, which is also the format of the m= line.
    public var port: UInt16
    /// What the association carries.
    public var use: String
    /// How many streams there are in each direction.
    public var streams: UInt32?

    /// A map from its fields.
    public init(port: UInt16, use: String = SCTPMapAttribute.dataChannel, streams: UInt32? = nil) {
        self.port = port
        self.use = use
        self.streams = streams
    }

    public init(parsing value: String) throws(SDPError) {
        var scanner = FieldScanner(value)
        port = try scanner.number(in: 0...UInt16.max, "a port from 0 to 65535")
        use = try scanner.field("what the association carries")
        if !scanner.isAtEnd {
            streams = try scanner.number(in: 0...UInt32.max, "a number of streams")
        }
        try scanner.finish()
    }

    public var value: String { "\(port) \(use)" + (streams.map { " \($0)" } ?? "") }
}
