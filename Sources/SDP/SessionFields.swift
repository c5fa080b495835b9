public import Wire

extension SDPDescription {
    /// Who made a description, and which version of it this is (RFC 8866 §5.2).
    ///
    /// The numbers are kept as text, because the RFC sets no upper bound for them.
    public struct Origin: Hashable, Sendable {
        /// The user's login, or `-`.
        public var username: String
        /// The session's number, in decimal digits.
        public var sessionID: String
        /// How often the description was changed, in decimal digits.
        public var sessionVersion: String
        /// The address of the maker's machine.
        public var address: ConnectionInformation

        /// An origin; the default address is what WebRTC sends to hide the real one.
        public init(
            username: String = "-",
            sessionID: UInt64 = 0,
            sessionVersion: UInt64 = 1,
            address: ConnectionInformation = ConnectionInformation(.loopback4)
        ) {
            self.username = username
            self.sessionID = String(sessionID)
            self.sessionVersion = String(sessionVersion)
            self.address = address
        }

        /// The version as a number; nil beyond 64 bits.
        public var versionNumber: UInt64? { UInt64(sessionVersion) }
    }

    /// Where people can ask about a session (RFC 8866 §5.5, §5.6).
    public struct Contact: Hashable, Sendable {
        /// The u= line.
        public var uri: String?
        /// The e= lines.
        public var emails: [String]
        /// The p= lines.
        public var phones: [String]

        /// A contact from its parts.
        public init(uri: String? = nil, emails: [String] = [], phones: [String] = []) {
            self.uri = uri
            self.emails = emails
            self.phones = phones
        }
    }

    /// When a session is active (RFC 8866 §5.9); `0 0` means always.
    public struct TimeDescription: Hashable, Sendable {
        /// Seconds since 1900, or 0.
        public var start: UInt64
        /// Seconds since 1900, or 0.
        public var stop: UInt64
        /// The r= lines (§5.10).
        public var repeats: [String]
        /// The z= line (§5.11).
        public var zones: String?

        /// A time from its parts.
        public init(
            start: UInt64 = 0,
            stop: UInt64 = 0,
            repeats: [String] = [],
            zones: String? = nil
        ) {
            self.start = start
            self.stop = stop
            self.repeats = repeats
            self.zones = zones
        }
    }

    /// A line that no other field holds, kept to be written again.
    public struct ExtraLine: Hashable, Sendable {
        /// The whole line.
        public var text: String
        /// How many attributes of the same section stand before it.
        public var position: Int

        /// A line behind the first `position` attributes of its section.
        public init(_ text: String, position: Int) {
            self.text = text
            self.position = position
        }
    }
}

/// An address in a c= or o= line (RFC 8866 §5.7).
public struct ConnectionInformation: Hashable, Sendable {
    /// The network, `IN` for the internet.
    public var networkType: String
    /// `IP4` or `IP6`.
    public var addressType: String
    /// An address or a host name; a multicast address has its TTL and count behind a slash.
    public var address: String

    /// An address from its three fields.
    public init(networkType: String = "IN", addressType: String, address: String) {
        self.networkType = networkType
        self.addressType = addressType
        self.address = address
    }

    /// An address of the internet.
    public init(_ address: IPAddress) {
        networkType = "IN"
        addressType = address.family == .v4 ? "IP4" : "IP6"
        self.address = address.description
    }

    /// The address as a number; nil for a host name.
    public var ipAddress: IPAddress? {
        IPAddress(address.prefix { $0 != "/" })
    }
}
