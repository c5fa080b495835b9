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
    func connects(_ base: SocketAddress, _ remote: SocketAddress) -> Bool {
        local.base == base && self.remote.address == remote
    }
}
