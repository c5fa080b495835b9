import STUN
public import Wire

/// Tells apart the sessions that share one UDP port.
///
/// The user name of a STUN request names its session (RFC 8445 §7.2.2); once the session has found the
/// request authentic, everything else from the same address belongs to it. An address that moves on
/// to another session, as when a NAT gives a mapping away, moves with the next authentic request.
///
/// All tables are bounded by the number of sessions: strangers leave no trace.
///
/// ```swift
/// router.add("aB3x", of: 7)
/// switch router.route(datagram, from: source, on: local) {
/// case .known(let session): sessions[session].receive(datagram)
/// case .claimed(let session):
///     sessions[session].receive(datagram)
///     if sessions[session].hasHeard(from: source, on: local) {
///         router.bind(source, on: local, to: session)
///     }
/// case .nobody: break
/// }
/// ```
public struct SharedPortRouter: Sendable {
    /// Where a datagram goes.
    public enum Route: Hashable, Sendable {
        /// The address is the session's.
        case known(Int)
        /// A request names the session; whether it is authentic, the session finds out.
        case claimed(Int)
        /// Nobody has asked for it.
        case nobody
    }

    private struct Way: Hashable {
        var remote: SocketAddress
        var local: SocketAddress
    }

    private struct Binding {
        var member: Int
        /// Whether an authentic request came from there, or only one of ours went there.
        var isProven: Bool
    }

    private struct Member {
        var fragments: [UInt64] = []
        var ways: [Way] = []
    }

    private var members: [Int: Member] = [:]
    /// By the hash of a user name fragment: ours are random, and so are their hashes.
    private var fragments: [UInt64: Int] = [:]
    private var bindings: [Way: Binding] = [:]

    /// A port with nobody on it.
    public init() {}

    /// How many sessions there are, and how many addresses belong to them.
    public var counts: (members: Int, addresses: Int) { (members.count, bindings.count) }

    /// Requests whose user name begins with `fragment` are for `member`.
    public mutating func add(_ fragment: String, of member: Int) {
        let hash = fragment.utf8.reduce(offsetBasis) { step($0, $1) }
        var entry = members[member] ?? Member()
        if entry.fragments.count >= maximumFragments {
            forget(entry.fragments.removeFirst(), of: member)
        }
        entry.fragments.append(hash)
        fragments[hash] = member
        members[member] = entry
    }

    /// The session has ended.
    public mutating func remove(_ member: Int) {
        guard let entry = members.removeValue(forKey: member) else { return }
        for fragment in entry.fragments { forget(fragment, of: member) }
        for way in entry.ways where bindings[way]?.member == member { bindings[way] = nil }
    }

    /// Whose datagram this is.
    public func route(
        _ datagram: Span<UInt8>,
        from source: SocketAddress,
        on local: SocketAddress
    ) -> Route {
        let binding = bindings[Way(remote: source, local: local)]
        if let member = named(by: datagram) {
            let isKnown = binding.map { $0.member == member && $0.isProven } ?? false
            return isKnown ? .known(member) : .claimed(member)
        }
        return binding.map { .known($0.member) } ?? .nobody
    }

    /// The peer of `member` is at `source`: it has proven so.
    public mutating func bind(_ source: SocketAddress, on local: SocketAddress, to member: Int) {
        insert(Way(remote: source, local: local), Binding(member: member, isProven: true))
    }

    /// `member` sends a request to `destination`; the answer will be for it.
    public mutating func expect(
        _ destination: SocketAddress,
        on local: SocketAddress,
        of member: Int
    ) {
        let way = Way(remote: destination, local: local)
        guard bindings[way].map({ !$0.isProven }) ?? true else { return }
        insert(way, Binding(member: member, isProven: false))
    }
}

extension SharedPortRouter {
    private mutating func insert(_ way: Way, _ binding: Binding) {
        guard var entry = members[binding.member] else { return }
        if bindings[way]?.member != binding.member {
            if entry.ways.count >= maximumWays {
                let oldest = entry.ways.removeFirst()
                if bindings[oldest]?.member == binding.member { bindings[oldest] = nil }
            }
            entry.ways.append(way)
            members[binding.member] = entry
        }
        bindings[way] = binding
    }

    private mutating func forget(_ fragment: UInt64, of member: Int) {
        if fragments[fragment] == member { fragments[fragment] = nil }
    }

    /// The session that a STUN request names: its user name is our fragment, a colon, and theirs.
    private func named(by datagram: Span<UInt8>) -> Int? {
        guard datagram.count > 1, datagram[0] == 0, datagram[1] == 1,
            let message = try? STUNPacket(parsing: datagram),
            let range = message.range(of: .username, in: datagram)
        else { return nil }
        var hash = offsetBasis
        for index in range {
            if datagram[index] == UInt8(ascii: ":") { return fragments[hash] }
            hash = step(hash, datagram[index])
        }
        return nil
    }

    /// FNV-1a.
    private func step(_ hash: UInt64, _ byte: UInt8) -> UInt64 {
        (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3
    }
}

private let offsetBasis: UInt64 = 0xCBF2_9CE4_8422_2325
/// Those of the transports of a session, before and after a restart.
private let maximumFragments = 64
/// A peer has a few addresses; its checks come from each.
private let maximumWays = 64
