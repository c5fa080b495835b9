public import Wire

/// An ICE candidate (RFC 8839 §5.1).
///
///     a=candidate:<foundation> <component> <transport> <priority> <address> <port> typ <kind>
///         [raddr <address>] [rport <port>] [tcptype <type>] [<extension name> <value>]…
///
/// What JavaScript calls a candidate has `candidate:` in front; that is passed over.
public struct CandidateAttribute: SDPTypedAttribute {
    public static let name = "candidate"

    /// Candidates of one base and kind have the same.
    public var foundation: String
    /// 1 for RTP, 2 for RTCP.
    public var component: UInt16
    /// How packets are carried.
    public var transport: Transport
    /// Higher is tried first.
    public var priority: UInt32
    /// The address, or a name that hides it.
    public var address: Address
    /// The port; 9 for TCP candidates that only open connections (RFC 6544 §4.5).
    public var port: UInt16
    /// How the candidate was learned.
    public var kind: Kind
    /// The address it was derived from.
    public var relatedAddress: Address?
    /// The port it was derived from.
    public var relatedPort: UInt16?
    /// What follows in pairs, such as `generation 0`.
    public var extensions: [Extension]

    /// A candidate from its fields.
    public init(
        foundation: String,
        component: UInt16 = 1,
        transport: Transport = .udp,
        priority: UInt32,
        address: Address,
        port: UInt16,
        kind: Kind,
        relatedAddress: Address? = nil,
        relatedPort: UInt16? = nil,
        extensions: [Extension] = []
    ) {
        self.foundation = foundation
        self.component = component
        self.transport = transport
        self.priority = priority
        self.address = address
        self.port = port
        self.kind = kind
        self.relatedAddress = relatedAddress
        self.relatedPort = relatedPort
        self.extensions = extensions
    }

    /// The address and port; nil when a name hides the address.
    public var socketAddress: SocketAddress? {
        address.ipAddress.map { SocketAddress($0, port: port) }
    }

    /// The related address and port, if both are known.
    public var relatedSocketAddress: SocketAddress? {
        guard let address = relatedAddress?.ipAddress, let relatedPort else { return nil }
        return SocketAddress(address, port: relatedPort)
    }

    /// The value of an extension.
    public func value(ofExtension name: String) -> String? {
        extensions.first { $0.name == name }?.value
    }
}

// MARK: - Fields

extension CandidateAttribute {
    /// How packets are carried.
    public enum Transport: Hashable, Sendable {
        case udp
        /// Nil for old programs that do not say who opens the connection.
        case tcp(TCPType?)
        /// Something else, kept as it was written.
        case other(String)
    }

    /// Who opens a TCP connection (RFC 6544 §4.5).
    public enum TCPType: String, Hashable, Sendable, CaseIterable {
        case active
        case passive
        case simultaneousOpen = "so"
    }

    /// How a candidate was learned (RFC 8445 §4).
    public enum Kind: Hashable, Sendable {
        case host
        case serverReflexive
        case peerReflexive
        case relayed
        /// Something else, kept as it was written.
        case other(String)
    }

    /// An address, or a name that hides it.
    public enum Address: Hashable, Sendable {
        case ip(IPAddress)
        /// A host name, for WebRTC one that ends in `.local`.
        case name(String)

        /// Reads an address or a name.
        public init(_ text: String) {
            self = IPAddress(text).map { .ip($0) } ?? .name(text)
        }

        /// The address; nil for a name.
        public var ipAddress: IPAddress? {
            switch self {
            case .ip(let address): address
            case .name: nil
            }
        }

        /// Whether multicast DNS has to be asked for the address.
        public var isMDNSName: Bool {
            switch self {
            case .ip: false
            case .name(let name): name.lowercased().hasSuffix(".local")
            }
        }

        /// The address or name as it is written.
        public var text: String {
            switch self {
            case .ip(let address): address.description
            case .name(let name): name
            }
        }
    }

    /// A name and a value that follow the fields every candidate has.
    public struct Extension: Hashable, Sendable {
        /// The name.
        public var name: String
        /// The value.
        public var value: String

        /// An extension from its parts.
        public init(_ name: String, _ value: String) {
            self.name = name
            self.value = value
        }
    }
}
