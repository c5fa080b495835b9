public import Wire

/// Whom a ``TURNServer`` serves, with what, and how much of it.
public struct TURNServerConfiguration: Hashable, Sendable {
    /// The realm that users belong to.
    public var realm: String
    /// Passwords by user name (RFC 8489 §9.2).
    public var users: [String: String] = [:]
    /// The secret shared with whoever hands out time-limited credentials.
    ///
    /// See `RESTCredentials` of the module `STUN`.
    public var sharedSecret: String?
    /// Where relays are opened: one address of each family that is served.
    public var relays: [RelayAddress]
    /// The ports of relays (RFC 8656 §7.2).
    public var ports: ClosedRange<UInt16> = 49_152...65_535
    /// To which addresses packets may go.
    public var peers = PeerAddressPolicy()
    /// Where the server listens, to which it never relays.
    public var listening: [SocketAddress] = []
    /// Where clients are sent instead (300), while this server is to be emptied.
    public var alternate: SocketAddress?
    /// Bounds on what clients can take.
    public var limits = TURNServerLimits()

    /// An address that relays are opened on, and what clients are told it is.
    public struct RelayAddress: Hashable, Sendable {
        /// The address of this machine.
        public var local: IPAddress
        /// The address that peers send to, where a NAT stands in front of this machine.
        public var external: IPAddress

        /// `local`, known outside as `external` or as it is.
        public init(_ local: IPAddress, external: IPAddress? = nil) {
            self.local = local
            self.external = external ?? local
        }
    }

    /// A server that relays from `relays`; it serves nobody until there are users or a secret.
    public init(realm: String, relays: [RelayAddress]) {
        self.realm = realm
        self.relays = relays
    }
}

/// Bounds on what the clients of a ``TURNServer`` can take.
public struct TURNServerLimits: Hashable, Sendable {
    /// Allocations altogether.
    public var allocations = 1_000
    /// Allocations of one user.
    public var allocationsPerUser = 20
    /// Peers an allocation may permit at a time.
    public var permissions = 128
    /// Channels an allocation may bind at a time.
    public var channels = 64
    /// Bytes a second that an allocation relays in each direction; nil for no limit.
    public var bytesPerSecond: Int?
    /// How long an allocation lives when its client says nothing.
    public var defaultLifetime = Duration.seconds(600)
    /// How long an allocation lives at most without a refresh.
    public var maximumLifetime = Duration.seconds(3_600)
    /// How long a nonce is good for.
    public var nonceLifetime = Duration.seconds(600)
    /// Answers a second to requests of one address that are not signed.
    public var strangerAnswersPerSecond = 50

    /// What suits a small deployment.
    public init() {}
}
