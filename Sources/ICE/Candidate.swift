public import Wire

/// An address where one side can perhaps be reached (RFC 8445 §5.1).
///
/// ```swift
/// let candidate = Candidate.host(SocketAddress(address, port: 50_000))
/// agent.add(local: candidate, to: 0, at: now)
/// ```
public struct Candidate: Hashable, Sendable {
    /// Equal for candidates that will probably work or fail together (RFC 8445 §5.1.1.3).
    ///
    /// Ours are made of addresses, which can be computed from them. Where the peer is not to know
    /// these, tell it other names of the same groups, such as numbers; `Peer` does so.
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

    /// The local address that packets of this candidate leave from (RFC 8445 §5.1.1).
    ///
    /// The agent needs the true one. Hide a related address from the peer where the candidate is
    /// signalled, not here.
    public var base: SocketAddress {
        switch kind {
        case .host, .relayed: address
        case .serverReflexive, .peerReflexive: relatedAddress ?? address
        }
    }
}

// MARK: - Our own candidates

extension Candidate {
    /// The candidate of a socket of this host.
    ///
    /// One that opens TCP connections has port 9, as its real port is chosen later (RFC 6544 §4.5).
    public static func host(
        _ address: SocketAddress,
        component: UInt8 = 1,
        transport: CandidateTransport = .udp,
        localPreference: UInt16 = 65_535
    ) -> Candidate {
        make(
            Origin(kind: .host, address: address, transport: transport),
            related: nil,
            component: component,
            localPreference: localPreference
        )
    }

    /// The address a STUN server saw packets from `base` come from.
    ///
    /// Name the `server`, as candidates of different servers have different foundations.
    public static func serverReflexive(
        _ address: SocketAddress,
        base: SocketAddress,
        server: SocketAddress? = nil,
        component: UInt8 = 1,
        transport: CandidateTransport = .udp,
        localPreference: UInt16 = 65_535
    ) -> Candidate {
        make(
            Origin(
                kind: .serverReflexive,
                address: address,
                transport: transport,
                base: base,
                server: server
            ),
            related: base,
            component: component,
            localPreference: localPreference
        )
    }

    /// An address that a TURN server lends us; packets of it leave from that very address.
    ///
    /// `relatedAddress` is what the server saw us as. A relay that is reached by TCP or TLS deserves
    /// a lower `localPreference`.
    public static func relayed(
        _ address: SocketAddress,
        relatedAddress: SocketAddress?,
        server: SocketAddress? = nil,
        component: UInt8 = 1,
        localPreference: UInt16 = 65_535
    ) -> Candidate {
        make(
            Origin(kind: .relayed, address: address, server: server),
            related: relatedAddress,
            component: component,
            localPreference: localPreference
        )
    }

    /// RFC 8445 §5.1.2.1: type preference, local preference and component in one number.
    ///
    /// For TCP the upper bits of the local preference are the direction's (RFC 6544 §4.2).
    public static func priority(
        of kind: CandidateKind,
        transport: CandidateTransport = .udp,
        localPreference: UInt16,
        component: UInt8
    ) -> UInt32 {
        let type = UInt32(kind.typePreference(over: transport.transportProtocol))
        let preference =
            switch transport {
            case .udp: UInt32(localPreference)
            case .tcp(let direction):
                direction.directionPreference(of: kind) << 13 | UInt32(localPreference) >> 3
            }
        return type << 24 | preference << 8 | (256 &- UInt32(component)) & 0xFF
    }

    /// What a foundation is made of.
    private struct Origin {
        var kind: CandidateKind
        var address: SocketAddress
        var transport = CandidateTransport.udp
        var base: SocketAddress?
        var server: SocketAddress?
    }

    private static func make(
        _ origin: Origin,
        related: SocketAddress?,
        component: UInt8,
        localPreference: UInt16
    ) -> Candidate {
        Candidate(
            foundation: foundation(
                of: origin.kind,
                (origin.base ?? origin.address).address,
                over: origin.transport.transportProtocol,
                server: origin.server?.address
            ),
            component: component,
            transport: origin.transport,
            priority: priority(
                of: origin.kind,
                transport: origin.transport,
                localPreference: localPreference,
                component: component
            ),
            address: origin.address,
            kind: origin.kind,
            relatedAddress: related
        )
    }

    /// A name that depends on kind, base, server and transport alone, so that it needs no table
    /// (RFC 8445 §5.1.1.3).
    static func foundation(
        of kind: CandidateKind,
        _ base: IPAddress,
        over transport: TransportProtocol = .udp,
        server: IPAddress? = nil
    ) -> String {
        let bytes = [kind.typePreference(over: transport)] + base.bytes + (server?.bytes ?? [])
        return String(CRC32.checksum(bytes.span))
    }
}

extension Candidate {
    /// What a check from this candidate says in PRIORITY: its rank if it turns out to be
    /// peer-reflexive (RFC 8445 §7.1.1).
    var peerReflexivePriority: UInt32 {
        let type = UInt32(CandidateKind.peerReflexive.typePreference(over: transportProtocol))
        return switch transport {
        case .udp: type << 24 | priority & 0xFF_FFFF
        case .tcp(let direction):
            type << 24 | direction.directionPreference(of: .peerReflexive) << 21
                | priority & 0x1F_FFFF
        }
    }

    var transportProtocol: TransportProtocol { transport.transportProtocol }

    /// Whether both name the same place in the same way.
    func isSamePlace(as other: Candidate) -> Bool {
        component == other.component && transport == other.transport
            && address.isSame(as: other.address)
    }

    /// Whether this is where a packet that arrived over `transport` came from.
    func isSource(_ source: SocketAddress, over transport: TransportProtocol) -> Bool {
        transportProtocol == transport && address.isSame(as: source)
    }
}

extension SocketAddress {
    /// Whether both are the same place; signalled link-local addresses lack the interface.
    func isSame(as other: SocketAddress) -> Bool {
        self == other
            || port == other.port && address.scoped(to: 0) == other.address.scoped(to: 0)
    }
}
