package import NetworkSimulator

/// What stands between a peer and the internet.
package enum Access: String, Hashable, Sendable, CaseIterable {
    case open
    case fullCone = "full-cone"
    case addressRestricted = "address-restricted"
    case portRestricted = "port-restricted"
    case symmetric

    /// The NAT there; nil for none.
    package var kind: NAT.Kind? {
        switch self {
        case .open: nil
        case .fullCone: .fullCone
        case .addressRestricted: .addressRestricted
        case .portRestricted: .portRestricted
        case .symmetric: .symmetric
        }
    }

    /// Every one with every other, both ways around.
    package static let pairs: [(Access, Access)] = allCases.flatMap { one in
        allCases.map { (one, $0) }
    }

    /// The best way there can be (RFC 5128 §3.3).
    ///
    /// A symmetric NAT sends from a port that nobody could know beforehand: a NAT that looks at ports
    /// lets nothing in from it, and neither speaks first.
    package static func bestWay(_ one: Access, _ other: Access) -> Way {
        let looksAtPorts: Set<Access> = [.symmetric, .portRestricted]
        let isClosed =
            one == .symmetric && looksAtPorts.contains(other)
            || other == .symmetric && looksAtPorts.contains(one)
        return isClosed ? .relayed : .direct
    }
}

/// How packets travel between two peers.
package enum Way: Hashable, Sendable {
    case direct, relayed
}
