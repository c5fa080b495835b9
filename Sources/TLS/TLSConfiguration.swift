/// Limits of a TLS connection, and what it offers.
///
/// The defaults suit signaling and TURN.
public struct TLSConfiguration: Sendable {
    /// Protocols for ALPN (RFC 7301), best first; empty for a connection without it.
    public var applicationProtocols: [String] = []
    /// How long a handshake may take.
    public var handshakeTimeout = Duration.seconds(10)
    /// The most bytes a peer may send before the handshake is done.
    public var maximumHandshakeSize = 128 * 1_024
    /// The most bytes of data that wait for the end of the handshake.
    public var maximumEarlyData = 256 * 1_024
    /// The date certificates are checked at, in seconds since 1970; nil takes the system's clock.
    public var date: Int64?

    /// The defaults.
    public init() {}

    /// The list as ALPN writes it: each name behind its length (RFC 7301 §3.1).
    var protocolList: [UInt8]? {
        var list: [UInt8] = []
        for name in applicationProtocols {
            guard let length = UInt8(exactly: name.utf8.count), length > 0 else { return nil }
            list.append(length)
            list.append(contentsOf: name.utf8)
        }
        return list.count <= 0xFFFF ? list : nil
    }
}

/// What a handshake has agreed on.
public struct TLSSession: Hashable, Sendable {
    /// A version of TLS that is still safe to use.
    public enum Version: Hashable, Sendable {
        /// RFC 5246.
        case tls12
        /// RFC 8446.
        case tls13
    }

    /// Version 1.2 or 1.3.
    public var version: Version
    /// The cipher suite by its IANA name.
    public var cipherSuite: String
    /// The protocol chosen by ALPN, if any.
    public var applicationProtocol: String?
    /// On a server: the name the client asked for (RFC 6066 §3).
    public var requestedName: TLSServerName?

    /// A session from its parts.
    public init(
        version: Version,
        cipherSuite: String,
        applicationProtocol: String? = nil,
        requestedName: TLSServerName? = nil
    ) {
        self.version = version
        self.cipherSuite = cipherSuite
        self.applicationProtocol = applicationProtocol
        self.requestedName = requestedName
    }
}
