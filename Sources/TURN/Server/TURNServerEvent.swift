public import STUN
public import Wire

/// What happens on a ``TURNServer``, for a log.
public enum TURNServerEvent: Hashable, Sendable {
    /// `user` has these relayed addresses now.
    case allocated(TURNPath, user: String, relayed: [SocketAddress])
    /// A signed request was refused.
    case refused(TURNPath, user: String, STUNErrorCode)
    /// A request bore the name of a user and a signature that is not theirs.
    case unauthorized(TURNPath)
    /// An allocation has ended.
    case released(TURNPath, user: String, TURNServerRelease)
}

/// Why an allocation has ended.
public enum TURNServerRelease: Hashable, Sendable {
    /// The client has given it back.
    case byClient
    /// It was not refreshed.
    case expired
    /// The stream it came over is gone.
    case disconnected
    /// The server stops.
    case stopped
}

/// What a ``TURNServer`` has done.
public struct TURNServerStatistics: Hashable, Sendable {
    /// Allocations there are now.
    public var allocations = 0
    /// Packets and bytes from clients to peers.
    public var packetsOut: UInt64 = 0
    public var bytesOut: UInt64 = 0
    /// Packets and bytes from peers to clients.
    public var packetsIn: UInt64 = 0
    public var bytesIn: UInt64 = 0
    /// Packets dropped because an allocation took more than its share.
    public var overLimit: UInt64 = 0
    /// Packets dropped because there was no permission or no channel for them.
    public var unpermitted: UInt64 = 0
    /// Requests not answered because their address asked too often.
    public var unanswered: UInt64 = 0

    /// Nothing has happened yet.
    public init() {}
}
