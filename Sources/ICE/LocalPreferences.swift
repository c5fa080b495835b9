public import Wire

/// Ranks the addresses of a host, so that no family waits until the other has failed (RFC 8421).
///
/// ```swift
/// let ranks = LocalPreferences.interleaving(addresses)   // best first, as the system prefers them
/// for (address, rank) in zip(addresses, ranks) {
///     agent.add(local: .host(SocketAddress(address, port: port), localPreference: rank), …)
/// }
/// ```
public enum LocalPreferences {
    /// The local preference of each of `addresses`, which are in the order of preference of the
    /// host, those of all interfaces together.
    ///
    /// The order within each family stays; between them, with as many IPv6 as IPv4 addresses, they
    /// alternate and IPv6 goes first. With N₆ of one and N₄ of the other, each (N₄ + N₆) / N₄-th
    /// place is IPv4's (RFC 8421 §4), so that both end together. No two addresses get the same
    /// number, as RFC 8445 §5.1.2.1 demands of hosts with several of them.
    public static func interleaving(_ addresses: [IPAddress]) -> [UInt16] {
        let six = addresses.indices.filter { addresses[$0].unmapped.family == .v6 }
        let four = addresses.indices.filter { addresses[$0].unmapped.family == .v4 }
        let period = four.isEmpty ? 0 : max(2, addresses.count / four.count)
        var order: [Int] = []
        var nextSix = six.makeIterator()
        var nextFour = four.makeIterator()
        for place in 1...max(addresses.count, 1) where order.count < addresses.count {
            let isFour = period > 0 && place.isMultiple(of: period)
            let preferred = isFour ? nextFour.next() : nextSix.next()
            guard let index = preferred ?? (isFour ? nextSix.next() : nextFour.next()) else {
                break
            }
            order.append(index)
        }
        var ranks = [UInt16](repeating: 0, count: addresses.count)
        for (place, index) in order.enumerated() {
            ranks[index] = UInt16(max(0, 65_535 - place * step))
        }
        return ranks
    }
}

/// TCP has room for 13 bits of preference only: neighbours must differ there too (RFC 6544 §4.2).
private let step = 8
