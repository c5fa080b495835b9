/// Where RTCP goes without multiplexing: `a=rtcp:<port> [<nettype> <addrtype> <address>]`.
///
/// RFC 3605 §2.1.
public struct RTCPAttribute: SDPTypedAttribute {
    public static let name = "rtcp"

    /// The port.
    public var port: UInt16
    /// The address; nil means that of the section.
    public var connection: ConnectionInformation?

    /// A destination from its fields.
    public init(port: UInt16, connection: ConnectionInformation? = nil) {
        self.port = port
        self.connection = connection
    }

    public init(parsing value: String) throws(SDPError) {
        var scanner = FieldScanner(value)
        port = try scanner.number(in: 0...UInt16.max, "a port from 0 to 65535")
        guard let networkType = scanner.next() else { return }
        connection = ConnectionInformation(
            networkType: networkType,
            addressType: try scanner.field("an address type"),
            address: try scanner.field("an address")
        )
        try scanner.finish()
    }

    public var value: String { String(port) + (connection.map { " \($0.text)" } ?? "") }
}
