public import Wire

/// How a candidate was found (RFC 8445 §5.1.1).
public enum CandidateKind: String, Hashable, Sendable {
    case host
    case serverReflexive = "srflx"
    case peerReflexive = "prflx"
    case relayed = "relay"

    /// RFC 8445 §5.1.2.2: the recommended type preference.
    public var typePreference: UInt8 { typePreference(over: .udp) }

    /// The type preference where UDP goes before TCP, whose losses delay what comes after them
    /// (RFC 6544 §4.2).
    public func typePreference(over transport: TransportProtocol) -> UInt8 {
        switch (self, transport) {
        case (.host, .udp): 126
        case (.peerReflexive, .udp): 110
        case (.serverReflexive, .udp): 100
        case (.host, .tcp): 90
        case (.peerReflexive, .tcp): 80
        case (.serverReflexive, .tcp): 70
        case (.relayed, .udp), (.relayed, .tcp): 0
        }
    }
}

/// What carries the packets of a candidate.
public enum CandidateTransport: Hashable, Sendable {
    case udp
    case tcp(TCPKind)

    /// Which side of a TCP connection a candidate is (RFC 6544 §4.5).
    public enum TCPKind: String, Hashable, Sendable {
        /// Opens connections; its port says nothing, 9 by convention.
        case active
        /// Accepts connections.
        case passive
        /// Both sides open at the same time.
        case simultaneousOpen = "so"
    }

    /// UDP or TCP.
    public var transportProtocol: TransportProtocol {
        switch self {
        case .udp: .udp
        case .tcp: .tcp
        }
    }

    /// Whether packets can pass between candidates of these two (RFC 6544 §6.2).
    func reaches(_ remote: CandidateTransport) -> Bool {
        switch (self, remote) {
        case (.udp, .udp): true
        case (.udp, .tcp), (.tcp, .udp): false
        case (.tcp(let ours), .tcp(let theirs)): theirs == ours.counterpart
        }
    }

    /// Whether the side that has a candidate of this kind waits to be connected to.
    var isPassive: Bool { self == .tcp(.passive) }
    /// Whether nothing can be sent to such a candidate before it has connected.
    var isActive: Bool { self == .tcp(.active) }
}

extension CandidateTransport.TCPKind {
    /// What the other end of a connection is.
    var counterpart: CandidateTransport.TCPKind {
        switch self {
        case .active: .passive
        case .passive: .active
        case .simultaneousOpen: .simultaneousOpen
        }
    }

    /// How likely a connection of this direction comes about (RFC 6544 §4.2).
    func directionPreference(of kind: CandidateKind) -> UInt32 {
        switch (kind, self) {
        case (.host, .active), (.relayed, .active): 6
        case (.host, .passive), (.relayed, .passive): 4
        case (.host, .simultaneousOpen), (.relayed, .simultaneousOpen): 2
        case (.serverReflexive, .simultaneousOpen), (.peerReflexive, .simultaneousOpen): 6
        case (.serverReflexive, .active), (.peerReflexive, .active): 4
        case (.serverReflexive, .passive), (.peerReflexive, .passive): 2
        }
    }
}
