public import Wire

/// Which of the TCP connections that others have opened to a session may stay.
///
/// A passive candidate can be connected to by anybody (RFC 6544 §4.1). Who has sent no authentic check
/// is a stranger, and strangers stay for a few seconds only. There is room for a few of them, and for
/// fewer from one address; the newest is let in all the same, since a peer's first packet is a check.
/// Peers take no room of theirs.
///
/// ```swift
/// for stranger in admission.admit(ends, at: now) { close(stranger) }
/// if session.presence(of: remote, on: local, over: .tcp) != .unknown { admission.prove(ends) }
/// ```
public struct StreamAdmission: Sendable {
    /// Both ends of a connection: its name.
    public struct Ends: Hashable, Sendable {
        /// Where it arrived.
        public var local: SocketAddress
        /// Where it comes from.
        public var remote: SocketAddress

        /// The connection from `remote` to `local`.
        public init(local: SocketAddress, remote: SocketAddress) {
            self.local = local
            self.remote = remote
        }
    }

    private struct Stranger {
        let ends: Ends
        let limit: Instant
    }

    /// Oldest first.
    private var strangers: [Stranger] = []
    private var peers: Set<Ends> = []

    /// Nobody is there.
    public init() {}

    /// When the oldest stranger has to go.
    public var deadline: Instant? { strangers.first?.limit }

    /// Somebody has connected; who must be closed for it, perhaps the newcomer.
    public mutating func admit(_ ends: Ends, at now: Instant) -> [Ends] {
        guard peers.count < maximumPeers else { return [ends] }
        var closed: [Ends] = []
        let neighbours = strangers.filter { $0.ends.remote.address == ends.remote.address }
        if neighbours.count >= maximumNeighbours {
            closed.append(neighbours[0].ends)
        } else if strangers.count >= maximumStrangers {
            closed.append(strangers[0].ends)
        }
        for gone in closed { remove(gone) }
        strangers.append(Stranger(ends: ends, limit: now.advanced(by: patience)))
        return closed
    }

    /// Whether nothing authentic has come over the connection yet.
    public func isStranger(_ ends: Ends) -> Bool { strangers.contains { $0.ends == ends } }

    /// The peer has proven to be at the other end; it stays for as long as the session wants.
    public mutating func prove(_ ends: Ends) {
        guard isStranger(ends) else { return }
        remove(ends)
        peers.insert(ends)
    }

    /// The connection is closed.
    public mutating func remove(_ ends: Ends) {
        strangers.removeAll { $0.ends == ends }
        peers.remove(ends)
    }

    /// A stranger who has been here for too long: to be closed.
    public mutating func popOverdue(at now: Instant) -> Ends? {
        guard let oldest = strangers.first, oldest.limit <= now else { return nil }
        return strangers.removeFirst().ends
    }
}

private let maximumPeers = 32
private let maximumStrangers = 32
/// Peers behind one NAT have one address.
private let maximumNeighbours = 8
/// A check follows the handshake at once, and may be lost three times (RFC 6298 §2).
private let patience = Duration.seconds(10)
