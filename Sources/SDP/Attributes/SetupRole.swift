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
        let start = scanner
        let word = try scanner.field("active, passive, actpass or holdconn")
        guard let role = SetupRole(rawValue: word.lowercased()) else {
            throw start.failure("active, passive, actpass or holdconn")
        }
        self = role
        try scanner.finish()
    }

    public var value: String { rawValue }
}
