/// Where a WebSocket server is (RFC 6455 §3).
///
/// ```swift
/// let url = try WebSocketURL("ws://127.0.0.1:3000/room")
/// url.port        // 3000
/// ```
public struct WebSocketURL: Hashable, Sendable {
    /// A name or an address, IPv6 without its brackets.
    public var host: String
    /// The port; 80 when the URL names none, or 443 for `wss:`.
    public var port: UInt16
    /// Path and query, never empty.
    public var path: String
    /// Whether the connection goes through TLS: `wss:` instead of `ws:`.
    public var isSecure: Bool

    /// A URL from its parts.
    public init(host: String, port: UInt16, path: String = "/", isSecure: Bool = false) {
        self.host = host
        self.port = port
        self.path = path
        self.isSecure = isSecure
    }

    /// Reads `ws://host:port/path` and `wss://host:port/path`.
    public init(_ text: String) throws(WebSocketURLError) {
        guard text.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) else { throw .invalidCharacter }
        guard let scheme = text.firstRange(of: "://") else { throw .missingScheme }
        switch text[..<scheme.lowerBound].lowercased() {
        case "ws": isSecure = false
        case "wss": isSecure = true
        default: throw .unknownScheme(String(text[..<scheme.lowerBound]))
        }
        let rest = text[scheme.upperBound...]
        guard !rest.contains("#") else { throw .fragment }
        let pathStart = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
        let authority = rest[..<pathStart]
        guard !authority.contains("@") else { throw .userInformation }
        (host, port) = try Self.split(authority, defaultPort: Self.defaultPort(isSecure))
        let pathAndQuery = String(rest[pathStart...])
        path = pathAndQuery.hasPrefix("/") ? pathAndQuery : "/" + pathAndQuery
    }

    /// The value of the Host field: the port is left out when it is the scheme's own.
    public var hostField: String {
        let name = host.contains(":") ? "[\(host)]" : host
        return port == Self.defaultPort(isSecure) ? name : "\(name):\(port)"
    }

    /// RFC 6455 §3.
    private static func defaultPort(_ isSecure: Bool) -> UInt16 { isSecure ? 443 : 80 }

    private static func split(
        _ authority: Substring,
        defaultPort: UInt16
    ) throws(WebSocketURLError) -> (String, UInt16) {
        var host = authority
        var portText: Substring?
        if authority.first == "[" {
            guard let bracket = authority.firstIndex(of: "]") else { throw .emptyHost }
            host = authority[authority.index(after: authority.startIndex)..<bracket]
            let rest = authority[authority.index(after: bracket)...]
            guard rest.isEmpty || rest.first == ":" else { throw .invalidPort(String(rest)) }
            portText = rest.isEmpty ? nil : rest.dropFirst()
        } else if let colon = authority.firstIndex(of: ":") {
            host = authority[..<colon]
            portText = authority[authority.index(after: colon)...]
        }
        guard !host.isEmpty else { throw .emptyHost }
        guard let portText else { return (String(host), defaultPort) }
        guard portText.utf8.allSatisfy({ (48...57).contains($0) }), let port = UInt16(portText),
            port > 0
        else { throw .invalidPort(String(portText)) }
        return (String(host), port)
    }
}

extension WebSocketURL: CustomStringConvertible {
    public var description: String { "\(isSecure ? "wss" : "ws")://\(hostField)\(path)" }
}

/// Why a text is no URL that a WebSocket can be opened to.
public enum WebSocketURLError: Error, Hashable, Sendable {
    case missingScheme
    case unknownScheme(String)
    case emptyHost
    case invalidPort(String)
    case userInformation
    case fragment
    case invalidCharacter
}

extension WebSocketURLError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .missingScheme: "the URL must begin with ws:// or wss://, as in ws://127.0.0.1:3000"
        case .unknownScheme(let scheme):
            "\(scheme):// is not a WebSocket; write ws:// or wss://, as in ws://127.0.0.1:3000"
        case .emptyHost: "the URL names no host; write ws://host:port"
        case .invalidPort(let text): "\"\(text)\" is no port; a port is a number from 1 to 65535"
        case .userInformation: "user names in the URL are not supported"
        case .fragment: "a WebSocket URL has no # part"
        case .invalidCharacter: "the URL contains white space or a character outside ASCII"
        }
    }
}
