public import Wire

/// How a candidate was found (RFC 8445 §5.1.1).
public enum CandidateKind: String, Hashable, Sendable {
    case host
    case serverReflexive = "srflx"
    case peerReflexive = "prflx"
    case relayed = "relay"

    /// RFC 8445 §5.1.2.2: the recommended type preference.
    public var typePreference: UInt8 {
        switch self {
        case .host: 126
        case .peerReflexive: 110
        case .serverReflexive: 100
        case .relayed: 0
        }
    }
}

/// What carries the packets of a candidate.
public enum CandidateTransport: Hashable, Sendable {
    case udp
    /// TCP (RFC 6544); kept for descriptions, the agent pairs UDP only.
    case tcp(TCPKind)

    /// Which side of a TCP connection a candidate is (RFC 6544 §4.5).
    public enum TCPKind: String, Hashable, Sendable {
        case active
        case passive
        case simultaneousOpen = "so"
    }
}

/// An address where one side can perhaps be reached (RFC 8445 §5.1).
///
/// ```swift
/// let candidate = Candidate.host(SocketAddress(address, port: 50_000))
/// agent.add(local: candidate, to: 0, at: now)
/// ```
public struct Candidate: Hashable, Sendable {
    /// Equal for candidates that will probably work or fail together (RFC 8445 §5.1.1.3).
    public var foundation: String
    /// Which component of its stream it serves.
    public var component: UInt8
    public var transport: CandidateTransport
    /// Its rank among the candidates of its side (RFC 8445 §5.1.2).
    public var priority: UInt32
    /// Where the other side sends to.
    public var address: SocketAddress
    public var kind: CandidateKind
    /// What a reflexive candidate is the outside of, or a relayed one's reflexive address.
    public var relatedAddress: SocketAddress?

    /// A candidate with all its parts, as signalled.
    public init(
        foundation: String,
        component: UInt8 = 1,
        transport: CandidateTransport = .udp,
        priority: UInt32,
        address: SocketAddress,
        kind: CandidateKind,
        relatedAddress: SocketAddress? = nil
    ) {
        self.foundation = foundation
        self.component = component
        self.transport = transport
        self.priority = priority
        self.address = address
        self.kind = kind
        self.relatedAddress = relatedAddress
    }

    /// The candidate of a socket of this host.
    public static func host(
        _ address: SocketAddress,
        component: UInt8 = 1,
        localPreference: UInt16 = 65_535
    ) -> Candidate {
        make(.host, address, base: nil, component: component, localPreference: localPreference)
    }

    /// The address a STUN server saw packets from `base` come from.
    public static func serverReflexive(
        _ address: SocketAddress,
        base: SocketAddress,
        component: UInt8 = 1,
        localPreference: UInt16 = 65_535
    ) -> Candidate {
        make(
            .serverReflexive,
            address,
            base: base,
            component: component,
            localPreference: localPreference
        )
    }

    /// An address that a TURN server lends us.
    public static func relayed(
        _ address: SocketAddress,
        relatedAddress: SocketAddress?,
        component: UInt8 = 1,
        localPreference: UInt16 = 65_535
    ) -> Candidate {
        make(
            .relayed,
            address,
            base: relatedAddress,
            component: component,
            localPreference: localPreference
        )
    }

    /// The local address that packets of this candidate leave from (RFC 8445 §5.1.1).
    public var base: SocketAddress {
        switch kind {
        case .host, .relayed: address
        case .serverReflexive, .peerReflexive: relatedAddress ?? address
        }
    }

    /// RFC 8445 §5.1.2.1: type preference, local preference and component in one number.
    public static func priority(
        of kind: CandidateKind,
        localPreference: UInt16,
        component: UInt8
    ) -> UInt32 {
        UInt32(kind.typePreference) << 24 | UInt32(localPreference) << 8
            | (256 &- UInt32(component)) & 0xFF
    }

    private static func make(
        _ kind: CandidateKind,
        _ address: SocketAddress,
        base: SocketAddress?,
        component: UInt8,
        localPreference: UInt16
    ) -> Candidate {
        let origin = (kind == .relayed ? nil : base)?.address ?? address.address
        return Candidate(
            foundation: foundation(of: kind, origin),
            component: component,
            priority: priority(of: kind, localPreference: localPreference, component: component),
            address: address,
            kind: kind,
            relatedAddress: base
        )
    }

    /// A name that depends on the kind and the base alone, so that it needs no table.
    static func foundation(of kind: CandidateKind, _ address: IPAddress) -> String {
        let bytes = [kind.typePreference] + address.bytes
        return String(CRC32.checksum(bytes.span))
    }
}

extension Candidate {
    /// What a check from this candidate says in PRIORITY: its rank if it turns out to be
    /// peer-reflexive (RFC 8445 §7.1.1).
    var peerReflexivePriority: UInt32 {
        UInt32(CandidateKind.peerReflexive.typePreference) << 24 | priority & 0xFF_FFFF
    }

    /// Whether the agent may send checks to this address at all.
    var isUsableRemote: Bool {
        transport == .udp && address.port != 0 && !address.address.isUnspecified
            && !address.address.isMulticast && component != 0
    }
}
