public import STUN
public import Wire

/// What a ``TURNClient`` asks for, and of whom.
public struct TURNClientConfiguration: Hashable, Sendable {
    /// The server that is asked first.
    public var server: SocketAddress
    /// How the client talks to it.
    public var transport: STUNTransport
    /// The user name and password the server knows.
    public var credentials: STUNCredentials
    /// Which kinds of relayed address are wanted.
    public var families = TURNAddressFamilies.ipv4
    /// How long an allocation lives without a refresh; the server may grant another time.
    public var lifetime = Duration.seconds(600)
    /// Whether the server shall forbid its network to cut datagrams apart (RFC 8656 §14).
    ///
    /// A server that cannot is asked again without.
    public var doesNotFragment = false
    /// The name of this program, sent to the server if given.
    public var software: String?
    /// The wait before a request over UDP is repeated for the first time (RFC 8489 §6.2.1).
    public var initialRTO = Duration.milliseconds(500)
    /// How often a request over UDP is sent before it is given up, Rc of RFC 8489 §6.2.1.
    public var maximumRequests = 7
    /// How many peers may be permitted at a time.
    public var maximumPeers = 256
    /// How long a path over UDP may be silent before a NAT on the way might forget it (RFC 8445 §11).
    public var keepaliveInterval = Duration.seconds(15)
    /// Whether an alternate server (300) may have an address of the other family.
    public var allowsOtherFamily = false

    /// One IPv4 relay from `server`.
    public init(
        server: SocketAddress,
        transport: STUNTransport = .datagram,
        credentials: STUNCredentials
    ) {
        self.server = server
        self.transport = transport
        self.credentials = credentials
    }
}
