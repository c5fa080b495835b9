import Wire

/// The mappings of one NAT and what it lets in.
struct NATTable {
    /// As much of a remote endpoint as a decision depends on.
    private struct Scope: Hashable {
        var address: IPAddress?
        var port: UInt16?
    }

    private struct Key: Hashable {
        var inside: SocketAddress
        var scope: Scope
    }

    private struct Mapping {
        let key: Key
        var expiry: Instant
        /// Until when each remote may send in.
        var permissions: [Scope: Instant] = [:]
    }

    /// What becomes of a packet that comes in.
    enum Inbound: Hashable {
        case passes(to: SocketAddress)
        case dropped(DropReason)
    }

    let nat: NAT
    private var random: SplitMix64
    private var nextPort = firstPort
    /// Looked up only, never iterated: the order of a dictionary differs from run to run.
    private var outsides: [Key: SocketAddress] = [:]
    private var mappings: [SocketAddress: Mapping] = [:]

    init(_ nat: NAT, random: SplitMix64) {
        self.nat = nat
        self.random = random
    }

    /// The same NAT without any mapping, at `publicAddress`: it was restarted.
    mutating func reset(publicAddress: IPAddress) {
        var nat = nat
        nat.publicAddress = publicAddress
        self = NATTable(nat, random: random)
    }

    /// The outside endpoint for a packet going out; nil if there is no port left.
    mutating func outbound(
        from inside: SocketAddress,
        to remote: SocketAddress,
        at now: Instant
    ) -> SocketAddress? {
        let key = Key(inside: inside, scope: scope(of: remote, nat.mapping))
        guard let outside = liveOutside(of: key, at: now) ?? allocate(for: key, at: now) else {
            return nil
        }
        refresh(outside, for: remote, at: now)
        return outside
    }

    /// Where a packet for the outside endpoint `outside` goes (RFC 4787 §5).
    mutating func inbound(
        from remote: SocketAddress,
        to outside: SocketAddress,
        at now: Instant
    ) -> Inbound {
        guard let mapping = mappings[outside], mapping.expiry > now else {
            return .dropped(.noMapping)
        }
        let permission = mapping.permissions[scope(of: remote, nat.filtering)]
        guard let permission, permission > now else { return .dropped(.filtered) }
        if nat.refreshesOnInbound { refresh(outside, for: remote, at: now) }
        return .passes(to: mapping.key.inside)
    }

    private mutating func refresh(
        _ outside: SocketAddress,
        for remote: SocketAddress,
        at now: Instant
    ) {
        let expiry = now.advanced(by: nat.mappingTimeout)
        let permission = scope(of: remote, nat.filtering)
        mappings[outside]?.expiry = expiry
        mappings[outside]?.permissions[permission] = expiry
    }

    private func scope(of remote: SocketAddress, _ dependence: NAT.Dependence) -> Scope {
        switch dependence {
        case .endpointIndependent: Scope()
        case .addressDependent: Scope(address: remote.address)
        case .addressAndPortDependent: Scope(address: remote.address, port: remote.port)
        }
    }

    private mutating func liveOutside(of key: Key, at now: Instant) -> SocketAddress? {
        guard let outside = outsides[key] else { return nil }
        return isFree(outside, at: now) ? nil : outside
    }

    /// Whether no living mapping has `outside`; a dead one is removed.
    private mutating func isFree(_ outside: SocketAddress, at now: Instant) -> Bool {
        guard let mapping = mappings[outside] else { return true }
        guard mapping.expiry <= now else { return false }
        mappings[outside] = nil
        outsides[mapping.key] = nil
        return true
    }

    private mutating func allocate(for key: Key, at now: Instant) -> SocketAddress? {
        guard let outside = freeOutside(for: key.inside, at: now) else { return nil }
        outsides[key] = outside
        mappings[outside] = Mapping(key: key, expiry: now.advanced(by: nat.mappingTimeout))
        return outside
    }

    private mutating func freeOutside(
        for inside: SocketAddress,
        at now: Instant
    ) -> SocketAddress? {
        // The other family is not translated: its endpoints stand for themselves.
        guard inside.address.family == nat.publicAddress.family else { return inside }
        var port = preferredPort(for: inside, at: now)
        for _ in firstPort...UInt16.max {
            let outside = SocketAddress(nat.publicAddress, port: port)
            if isFree(outside, at: now) {
                nextPort = following(port)
                return outside
            }
            port = following(port)
        }
        return nil
    }

    private mutating func preferredPort(for inside: SocketAddress, at now: Instant) -> UInt16 {
        let draw = random.next()
        let chosen = firstPort + UInt16(draw % UInt64(UInt16.max - firstPort + 1))
        switch nat.portAllocation {
        case .random: return chosen
        case .sequential: return nextPort
        case .preserving:
            let own = SocketAddress(nat.publicAddress, port: inside.port)
            return isFree(own, at: now) ? inside.port : chosen
        }
    }

    private func following(_ port: UInt16) -> UInt16 {
        port == .max || port < firstPort ? firstPort : port + 1
    }
}

/// Below are the well-known ports (RFC 4787 §4.2.2 keeps the ranges apart).
private let firstPort: UInt16 = 1_024
