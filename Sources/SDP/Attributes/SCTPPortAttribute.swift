/// The SCTP port inside DTLS: `a=sctp-port:<port>` (RFC 8841 §5).
public struct SCTPPortAttribute: SDPTypedAttribute {
    public static let name = "sctp-port"

    /// The port.
    public var port: UInt16

    /// A port.
    public init(_ port: UInt16) { self.port = port }

    public init(parsing value: String) throws(SDPError) {
        var scanner = FieldScanner(value)
        port = try scanner.number(in: 0...UInt16.max, "a port from 0 to 65535")
        try scanner.finish()
    }

    public var value: String { String(port) }
}
