import Wire

/// The addresses that lead to the server's own machine.
///
/// What a relay sends there never leaves the machine, so no firewall sees it: every service that
/// listens on any address, though meant for the machine alone, would be open to the world (RFC 8656
/// §21.2). Of all its ports, packets may go to those of relays only.
struct OwnAddresses: Sendable {
    /// Plain: without scopes, IPv4 never hidden in IPv6.
    private let addresses: Set<IPAddress>
    private let relays: [TURNServerConfiguration.RelayAddress]

    init(_ configuration: TURNServerConfiguration, and others: Set<IPAddress>) {
        relays = configuration.relays
        let known =
            relays.flatMap { [$0.local, $0.external] }
            + configuration.listening.map(\.address) + others
        addresses = Set(known.map(\.plain))
    }

    func contains(_ address: IPAddress) -> Bool {
        addresses.contains(address.plain) || address.isLoopback
    }

    /// Whether relays are known at `address`.
    func haveRelays(at address: IPAddress) -> Bool {
        let address = address.plain
        return relays.contains { $0.local.plain == address || $0.external.plain == address }
    }

    /// Where a relay would be bound that is known as `peer`.
    func bindings(of peer: SocketAddress) -> [SocketAddress] {
        let address = peer.address.plain
        return relays.filter { $0.local.plain == address || $0.external.plain == address }
            .map { SocketAddress($0.local, port: peer.port) }
    }
}

extension TURNServer {
    /// Whether clients may have permissions for `address` at all.
    func mayPermit(_ address: IPAddress) -> Bool {
        let policy = configuration.peers
        guard policy.allows(address) else { return false }
        return policy.allowsLoopback || !own.contains(address) || own.haveRelays(at: address)
            || policy.allowed.contains(address.scoped(to: 0))
    }

    /// Whether packets may go to `peer`, whose address is permitted.
    @inline(__always)
    func mayReach(_ peer: SocketAddress) -> Bool {
        !own.contains(peer.address) || mayReachOwn(peer)
    }

    private func mayReachOwn(_ peer: SocketAddress) -> Bool {
        // RFC 8656 §21.1.7: to itself least of all, by whatever address it listens on.
        let isListening = configuration.listening.contains {
            $0.port == peer.port
                && ($0.address.plain == peer.address.plain || $0.address.isUnspecified)
        }
        guard !isListening else { return false }
        let policy = configuration.peers
        if policy.allowsLoopback { return true }
        guard own.haveRelays(at: peer.address) else {
            return policy.allowed.contains(peer.address.scoped(to: 0))
        }
        return own.bindings(of: peer).contains { allocations.isClaimed($0) }
    }
}

extension IPAddress {
    fileprivate var plain: IPAddress { unmapped.scoped(to: 0) }
}
