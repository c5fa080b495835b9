public import ICE
import STUN
public import Wire

/// Tells apart the sessions that share one UDP port.
///
/// The user name of a STUN request names its session (RFC 8445 §7.2.2), and the transaction of an
/// answer the one that has asked. Once a session has found either authentic, everything else from the
/// same address belongs to it.
///
/// A request's source is easily forged by whoever has a session of their own: an address that another
/// session counts on moves only with an answer, since nobody else has seen the question. So it does
/// when a NAT gives a mapping away, and without an answer when the session has given it up.
///
/// All tables are bounded by the number of sessions: strangers leave no trace.
///
/// ```swift
/// router.add("aB3x", of: 7)
/// switch router.route(datagram, from: source, on: local) {
/// case .known(let session): sessions[session].receive(datagram)
/// case .claimed(let session):
///     let answers = sessions[session].answers(from: source, on: local)
///     sessions[session].receive(datagram)
///     let isAnswer = sessions[session].answers(from: source, on: local) > answers
///     router.bind(source, on: local, to: session, by: isAnswer ? .answer : .request) {
///         sessions[$0].presence(of: $1, on: $2)
///     }
/// case .nobody: break
/// }
/// ```
public struct SharedPortRouter: Sendable {
    /// Where a datagram goes.
    public enum Route: Hashable, Sendable {
        /// The address is the session's.
        case known(Int)
        /// A request or an answer names the session; whether it is authentic, the session finds out.
        case claimed(Int)
        /// Nobody has asked for it.
        case nobody
    }

    /// What a session has found authentic.
    public enum Proof: Hashable, Sendable {
        /// A request, which says no more than its source address.
        case request
        /// An answer to a request that went to this very address.
        case answer
    }

    private struct Way: Hashable {
        var remote: SocketAddress
        var local: SocketAddress
    }

    private struct Member {
        var fragments: [UInt64] = []
        /// Oldest first, as the others.
        var ways: [Way] = []
        var transactions: [STUNTransactionID] = []
    }

    private var members: [Int: Member] = [:]
    /// By the hash of a user name fragment: ours are random, and so are their hashes.
    private var fragments: [UInt64: Int] = [:]
    /// Who has sent which request to an address that is not its own, or not yet.
    private var transactions: [STUNTransactionID: Int] = [:]
    private var holders: [Way: Int] = [:]

    /// A port with nobody on it.
    public init() {}

    /// How many sessions there are, and how many addresses belong to them.
    public var counts: (members: Int, addresses: Int) { (members.count, holders.count) }

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
        for id in entry.transactions { transactions[id] = nil }
        for way in entry.ways { holders[way] = nil }
    }

    /// The socket `local` has gone, and every way from it.
    public mutating func remove(_ local: SocketAddress) {
        for (way, member) in holders where way.local == local { release(way, of: member) }
    }

    /// Whose datagram this is.
    public func route(
        _ datagram: Span<UInt8>,
        from source: SocketAddress,
        on local: SocketAddress
    ) -> Route {
        let holder = holders[Way(remote: source, local: local)]
        if let member = named(by: datagram) {
            return holder == member ? .known(member) : .claimed(member)
        }
        return holder.map { .known($0) } ?? .nobody
    }
}

// MARK: - Proof

extension SharedPortRouter {
    /// `member` sends the STUN message `request` to `destination`; the answer will be for it.
    public mutating func expectAnswer(
        to request: Span<UInt8>,
        from destination: SocketAddress,
        on local: SocketAddress,
        of member: Int
    ) {
        guard holders[Way(remote: destination, local: local)] != member,
            let id = binding(request)?.transactionID, transactions[id] == nil,
            var entry = members[member]
        else { return }
        if entry.transactions.count >= maximumTransactions {
            transactions[entry.transactions.removeFirst()] = nil
        }
        entry.transactions.append(id)
        transactions[id] = member
        members[member] = entry
    }

    /// `member` has had a look at what came from `source`, which is a `proof` if its session says so.
    ///
    /// `presence` tells what a session knows of its peer's being at an address.
    public mutating func bind(
        _ source: SocketAddress,
        on local: SocketAddress,
        to member: Int,
        by proof: Proof,
        _ presence: (Int, SocketAddress, SocketAddress) -> ICEPresence
    ) {
        let way = Way(remote: source, local: local)
        guard let entry = members[member], presence(member, source, local) != .unknown else {
            return
        }
        if let holder = holders[way] {
            guard holder != member else { return }
            switch proof {
            case .answer: break
            case .request: guard presence(holder, source, local) == .unknown else { return }
            }
        }
        if entry.ways.count >= maximumWays {
            let known = entry.ways.map { ($0, presence(member, $0.remote, $0.local)) }
            guard let least = known.min(by: { $0.1 < $1.1 }), least.1 < .selected else { return }
            release(least.0, of: member)
        }
        if let holder = holders[way] { release(way, of: holder) }
        holders[way] = member
        members[member]?.ways.append(way)
    }

    private mutating func release(_ way: Way, of member: Int) {
        holders[way] = nil
        members[member]?.ways.removeAll { $0 == way }
    }
}

// MARK: - Names

extension SharedPortRouter {
    private mutating func forget(_ fragment: UInt64, of member: Int) {
        if fragments[fragment] == member { fragments[fragment] = nil }
    }

    /// The session that a STUN message names: a request by its user name, which is our fragment, a
    /// colon, and theirs, and an answer by its transaction.
    private func named(by datagram: Span<UInt8>) -> Int? {
        guard let message = binding(datagram) else { return nil }
        switch message.messageClass {
        case .success, .error: return transactions[message.transactionID]
        case .indication: return nil
        case .request: break
        }
        guard let range = message.range(of: .username, in: datagram) else { return nil }
        var hash = offsetBasis
        for index in range {
            if datagram[index] == UInt8(ascii: ":") { return fragments[hash] }
            hash = step(hash, datagram[index])
        }
        return nil
    }

    /// The Binding message that a datagram is (RFC 8489 §5); most are not, as their first byte tells.
    private func binding(_ datagram: Span<UInt8>) -> STUNPacket? {
        guard datagram.count >= 20, datagram[0] < 2 else { return nil }
        let message = try? STUNPacket(parsing: datagram)
        return message?.method == .binding ? message : nil
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
/// As many checks as a session has pairs may be on their way.
private let maximumTransactions = 128
