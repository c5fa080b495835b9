/// Why a datagram did not arrive.
public enum DropReason: Int, CaseIterable, Hashable, Sendable {
    /// The link's ``Link/loss`` took it.
    case loss
    /// The queue of a link of limited rate had no room.
    case queueFull
    /// The link was down.
    case outage
    /// It was larger than a link's ``Link/maximumPacketSize``.
    case tooLarge
    /// Nobody has the destination address.
    case noRoute
    /// Its source is not an address of the host that sent it.
    case foreignSource
    /// A NAT has no mapping for the destination port, or no port left for a new one.
    case noMapping
    /// A NAT has a mapping, but its filter does not let this source in.
    case filtered
    /// A NAT without hairpinning was asked to send back inside.
    case hairpin
    /// A rule of ``Simulation/drop(where:)`` took it.
    case rule
}

/// What became of the datagrams of a ``Simulation``.
public struct TrafficStatistics: Hashable, Sendable {
    /// How many datagrams nodes have sent.
    public internal(set) var sent = 0
    /// How many have reached a node, copies included.
    public internal(set) var delivered = 0
    /// How many copies links have made.
    public internal(set) var duplicated = 0
    private var drops = [Int](repeating: 0, count: DropReason.allCases.count)

    init() {}

    /// How many were dropped for `reason`.
    public func dropped(_ reason: DropReason) -> Int { drops[reason.rawValue] }

    /// How many were dropped for any reason.
    public var dropped: Int { drops.reduce(0, +) }

    mutating func countDrop(_ reason: DropReason) { drops[reason.rawValue] += 1 }
}

extension TrafficStatistics: CustomStringConvertible {
    public var description: String {
        let reasons = DropReason.allCases.filter { dropped($0) > 0 }
        let list = reasons.map { "\(dropped($0)) \($0)" }.joined(separator: ", ")
        return "sent \(sent), delivered \(delivered), duplicated \(duplicated), dropped \(dropped)"
            + (list.isEmpty ? "" : " (\(list))")
    }
}
