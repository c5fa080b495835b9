import Wire

/// A local and a remote candidate that may form a path (RFC 8445 §6.1.2.2).
public struct CandidatePair: Hashable, Sendable {
    /// Our side; its ``Candidate/base`` is what we send from.
    public var local: Candidate
    /// The other side; its address is where we send to.
    public var remote: Candidate

    /// The pair of `local` and `remote`.
    public init(local: Candidate, remote: Candidate) {
        self.local = local
        self.remote = remote
    }

    /// RFC 8445 §6.1.2.3: the same number on both sides.
    public func priority(as role: ICERole) -> UInt64 {
        // RFC 8445 §5.1.2.1 ends at 2^31 - 1. A larger one from the wire would overflow.
        let ours = UInt64(min(local.priority, 0x7FFF_FFFF))
        let theirs = UInt64(min(remote.priority, 0x7FFF_FFFF))
        let (controlling, controlled) = role == .controlling ? (ours, theirs) : (theirs, ours)
        return min(ours, theirs) << 32 + 2 * max(ours, theirs) + (controlling > controlled ? 1 : 0)
    }

    /// Whether packets of this pair travel between `base` and `remote`.
    func connects(_ ends: Ends) -> Bool {
        local.base == ends.local && remote.address == ends.remote
            && local.transportProtocol == ends.transport
    }

    /// Whether a relay carries the packets, or TCP does: what a call leaves when it can.
    var isDetour: Bool {
        local.kind == .relayed || remote.kind == .relayed || local.transportProtocol == .tcp
    }
}

/// Where packets of a path leave and arrive, and what carries them.
struct Ends: Hashable, Sendable {
    var local: SocketAddress
    var remote: SocketAddress
    var transport: TransportProtocol
}

extension CandidatePair {
    /// What no two pairs of a session share.
    struct Name: Hashable, Sendable {
        var ends: Ends
        var component: UInt8
    }

    var name: Name { Name(ends: ends, component: local.component) }

    var ends: Ends {
        Ends(local: local.base, remote: remote.address, transport: local.transportProtocol)
    }

    /// The pair of `local` and `remote`; nil if packets cannot pass between the two
    /// (RFC 8445 §6.1.2.2).
    init?(matching local: Candidate, _ remote: Candidate) {
        let base = local.base.address
        let target = remote.address.address
        guard base.family == target.family, local.transport.reaches(remote.transport) else {
            return nil
        }
        guard base.family == .v6, base.isLinkLocal || target.isLinkLocal else {
            self.init(local: local, remote: remote)
            return
        }
        // RFC 4007 §6: a link-local address means something on its own link only.
        guard base.isLinkLocal, target.isLinkLocal else { return nil }
        var reachable = remote
        reachable.address.address = target.scoped(to: base.scope)
        self.init(local: local, remote: reachable)
    }
}
