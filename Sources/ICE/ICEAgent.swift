public import Wire

/// Finds, agrees on and keeps paths to one peer (RFC 8445, RFC 8838, RFC 7675).
public struct ICEAgent: Machine, Sendable {
    /// One thing the owner must do or may want to know.
    public enum Output: Sendable {
        /// Send this datagram, from exactly its source.
        case transmit(Datagram)
        /// Data of the component takes this path from now on.
        case selected(ICEComponent, CandidatePair)
        /// The agent as a whole has reached another state.
        case stateChanged(ICEConnectionState)
        /// A role conflict was settled and this is our role now.
        case roleChanged(ICERole)
    }

    /// Limits and timings.
    public let configuration: ICEConfiguration
    public private(set) var role: ICERole
    public private(set) var state = ICEConnectionState.new
    public private(set) var deadline: Instant?
    public init(role: ICERole, configuration: ICEConfiguration = .init(), entropy: Entropy) {
        self.role = role
        self.configuration = configuration
    }
    public mutating func advance(to now: Instant) {}
    public mutating func popOutput() -> Output? { nil }
    /// Adds a stream.
    public mutating func addStream(
        _ stream: Int,
        components: Int = 1,
        credentials: ICECredentials
    ) {}
    public mutating func removeStream(_ stream: Int, at now: Instant) {}
    public func localCredentials(of stream: Int) -> ICECredentials? { nil }
    public mutating func setRemote(
        _ credentials: ICECredentials,
        isLite: Bool = false,
        pacing: Duration? = nil,
        of stream: Int,
        at now: Instant
    ) {}
    public mutating func restart(stream: Int, credentials: ICECredentials, at now: Instant) {}
    public mutating func setRole(_ role: ICERole) {}
    public mutating func add(local candidate: Candidate, to stream: Int, at now: Instant) {}
    public mutating func remove(localAddress: SocketAddress, at now: Instant) {}
    public mutating func add(remote candidate: Candidate, to stream: Int, at now: Instant) {}
    public mutating func endOfLocalCandidates(of stream: Int, at now: Instant) {}
    public mutating func endOfRemoteCandidates(of stream: Int, at now: Instant) {}
    public mutating func receive(
        _ packet: Span<UInt8>,
        from source: SocketAddress,
        on local: SocketAddress,
        at now: Instant
    ) {}
    public func selectedPair(of component: ICEComponent) -> CandidatePair? { nil }
    public func isValidated(
        remote: SocketAddress,
        on local: SocketAddress,
        component: ICEComponent
    ) -> Bool { false }
    public var roundTripTime: Duration? { nil }
    public mutating func close(at now: Instant) {}
    public var statistics: ICEStatistics { ICEStatistics() }
}
