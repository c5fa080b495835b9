/// Who opens a connection: `a=setup:<role>` (RFC 4145 §4); for DTLS, who is the client.
public enum SetupRole: String, SDPTypedAttribute, CaseIterable {
    /// Opens the connection: the DTLS client.
    case active
    /// Waits for it: the DTLS server.
    case passive
    /// Does either, the answerer chooses; what an offer says.
    case actpass
    /// Wants no connection for now.
    case holdconn

    public static let name = "setup"

    public init(parsing value: String) throws(SDPError) {
        var scanner = FieldScanner(value)
        self = try scanner.choice("active, passive, actpass or holdconn") {
            SetupRole(rawValue: $0.lowercased())
        }
        try scanner.finish()
    }

    public var value: String { rawValue }
}
