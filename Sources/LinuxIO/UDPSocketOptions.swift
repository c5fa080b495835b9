/// How a ``UDPSocket`` is set up.
///
/// The defaults suit a busy connection.
public struct UDPSocketOptions: Hashable, Sendable {
    /// Bytes the kernel may hold for us; it grants at most `net.core.rmem_max`.
    ///
    /// The system's 200 kB hold about 90 full packets, less than one burst of a fast sender.
    public var receiveBufferSize = 4 << 20
    /// Bytes the kernel may hold on their way out; it grants at most `net.core.wmem_max`.
    public var sendBufferSize = 4 << 20
    /// When the kernel may hand over several datagrams of one sender at once (UDP GRO).
    public var coalescing = Coalescing.always
    /// Whether datagrams of one size and destination are handed over as one (UDP GSO).
    public var segmentsSent = true
    /// Whether the port may be bound while an earlier socket still has it.
    public var reusesAddress = false

    /// When the kernel may hand over several datagrams of one sender at once (UDP GRO).
    public enum Coalescing: Hashable, Sendable {
        case never
        /// Once many datagrams have waited at a time: the first and the last socket that asks for it
        /// make the kernel rewrite its own code, which costs more than setting up a call.
        case whenBusy
        case always
    }

    /// The defaults.
    public init() {}
}

/// What has gone through a ``UDPSocket``, and what did not.
public struct UDPSocketStatistics: Hashable, Sendable {
    /// Datagrams that were handed to the owner.
    public var received: UInt64 = 0
    /// The most datagrams that came as one from the kernel.
    public var largestCoalescedRun = 0
    /// Datagrams the kernel took.
    public var sent: UInt64 = 0
    /// The most datagrams that went to the kernel as one.
    public var largestSegmentedRun = 0
    /// Datagrams dropped because the kernel had no room.
    public var dropped: UInt64 = 0
    /// Datagrams that could not go: no route, nobody there, not allowed, too large.
    public var undeliverable: UInt64 = 0
    /// Times the kernel refused to cut a run apart, so that its datagrams went one by one.
    public var segmentationRefused: UInt64 = 0
    /// The last error the kernel reported, whether for sending or receiving.
    public var lastError: SystemError?

    /// Nothing has happened yet.
    public init() {}
}
