import STUN
public import Wire

/// Finds, agrees on and keeps paths to one peer (RFC 8445, RFC 8838, RFC 7675).
///
/// ```swift
/// var agent = ICEAgent(role: .controlling, entropy: .system)
/// agent.addStream(0, credentials: .random(using: &entropy))
/// agent.add(local: .host(address), to: 0, at: now)
/// agent.setRemote(credentials, of: 0, at: now)
/// agent.add(remote: candidate, to: 0, at: now)
/// agent.drain { output in carryOut(output) }
/// ```
public struct ICEAgent: Machine, Sendable {
    /// One thing the owner must do or may want to know.
    public enum Output: Sendable {
        /// Send this datagram, from exactly its source.
        case transmit(Datagram)
        /// Data of the component takes this path from now on; later ones replace it.
        case selected(ICEComponent, CandidatePair)
        /// The component has no path any more: send no more data until another is
        /// ``selected(_:_:)`` (RFC 7675 §5.1).
        case pathLost(ICEComponent)
        /// The agent as a whole has reached another state.
        case stateChanged(ICEConnectionState)
        /// A role conflict was settled, or the peer is lite: this is our role now.
        case roleChanged(ICERole)
        /// Open a TCP connection, then say ``ICEAgent/tcpConnected(from:to:at:)`` or
        /// ``ICEAgent/tcpFailed(from:to:at:)``.
        ///
        /// `from` is the candidate's base, by which the agent names the connection from now on; an
        /// active candidate's port says nothing, so take any.
        case connect(from: SocketAddress, to: SocketAddress)
        /// Close a TCP connection that no pair needs any more.
        case disconnect(from: SocketAddress, to: SocketAddress)
        /// New credentials for both sides would bring what these cannot (RFC 8445 §9).
        case restartAdvised(stream: Int, ICERestartReason)
    }

    /// Limits and timings.
    public let configuration: ICEConfiguration
    /// Which side decides; conflicts may change it.
    public internal(set) var role: ICERole
    /// How far the agent is.
    public internal(set) var state = ICEConnectionState.new
    /// When to call ``advance(to:)`` if nothing else happens first; computed once an input.
    public internal(set) var deadline: Instant?

    var entropy: Entropy
    let tieBreaker: UInt64
    var streams: [Stream] = []
    var outputs = Queue<Output>()
    var pacer = Pacer()
    var counters = Journal()
    /// The TCP connections that pairs have asked for or come by.
    var connections: [TCPConnection] = []
    /// The newest time an input has named: time never goes backwards.
    private(set) var clock = Instant(nanoseconds: .min)

    /// An agent without streams.
    public init(role: ICERole, configuration: ICEConfiguration = .init(), entropy: Entropy) {
        var entropy = entropy
        // RFC 8445 §6.1.1: a lite agent is never the one that decides.
        self.role = configuration.isLite ? .controlled : role
        self.configuration = configuration
        tieBreaker = entropy.next()
        self.entropy = entropy
    }

    /// When the next ordinary check may leave, and whose turn it is (RFC 8445 §6.1.4.2).
    struct Pacer: Sendable {
        var next = Instant(nanoseconds: .min)
        var turn = 0
        /// Whether more inputs come that belong to this one.
        var isHeld = false
    }

    public mutating func advance(to now: Instant) {
        // Most calls come too early, with every packet of a busy connection.
        guard let deadline, deadline <= max(now, clock) else { return }
        input(at: now) { agent, now in agent.expire(at: now) }
    }

    public mutating func popOutput() -> Output? { outputs.popFirst() }

    /// Ends the agent: it answers nothing, sends nothing and forgets everything.
    public mutating func close(at now: Instant) {
        guard state != .closed else { return }
        streams = []
        state = .closed
        closeUnusedConnections()
        deadline = nil
        outputs.append(.stateChanged(.closed))
    }

    /// The only way in: one input, then everything that follows from it, then the next deadline.
    mutating func input(at now: Instant, _ change: (inout ICEAgent, Instant) -> Void) {
        guard state != .closed else { return }
        clock = max(clock, now)
        change(&self, clock)
        if !pacer.isHeld { settle(at: clock) }
    }

    /// Inputs that follow belong together, as those of one description do: what follows from them is
    /// drawn once, by ``release(at:)``, and not for every one of them.
    package mutating func hold() { pacer.isHeld = true }

    /// The last of the inputs that belong together has come.
    package mutating func release(at now: Instant) {
        pacer.isHeld = false
        input(at: now) { _, _ in }
    }
}

// MARK: - Queries

extension ICEAgent {
    /// The path for data of `component`; nil while there is none.
    public func selectedPair(of component: ICEComponent) -> CandidatePair? {
        stream(component.stream)?.selectedPair(component.component)?.published
    }

    /// Whether a valid pair connects `local` and `remote`: data from elsewhere is not to be trusted.
    public func isValidated(
        remote: SocketAddress,
        on local: SocketAddress,
        over transport: TransportProtocol = .udp,
        component: ICEComponent
    ) -> Bool {
        let ends = Ends(local: local, remote: remote, transport: transport)
        return stream(component.stream)?.sessions.contains { session in
            session.pairs.contains {
                $0.component == component.component && $0.isSucceeded
                    && $0.candidates.connects(ends)
            }
        } ?? false
    }

    /// Whether an authenticated check has come from `remote`, so that the peer really is there.
    ///
    /// The peer may send data as soon as its own check is answered, half a round trip before our
    /// check makes the pair valid: this is the question to ask before throwing such data away.
    public func hasHeard(
        from remote: SocketAddress,
        on local: SocketAddress,
        over transport: TransportProtocol = .udp,
        component: ICEComponent
    ) -> Bool {
        let ends = Ends(local: local, remote: remote, transport: transport)
        guard let stream = stream(component.stream) else { return false }
        let isPaired = stream.sessions.contains { session in
            session.pairs.contains {
                $0.component == component.component && $0.candidates.connects(ends)
                    && ($0.isSucceeded || $0.counters.requestsReceived > 0)
            }
        }
        let early = stream.sessions.flatMap(\.earlyChecks) + (stream.offered?.earlyChecks ?? [])
        return isPaired
            || early.contains { $0.component == component.component && $0.ends == ends }
    }

    /// The smoothed round trip of the first selected path.
    public var roundTripTime: Duration? {
        for stream in streams {
            for component in 1...stream.components {
                let pair = stream.selectedPair(UInt8(component))
                if let roundTripTime = pair?.roundTripTime { return roundTripTime }
            }
        }
        return nil
    }

    /// The credentials that the peer must sign its checks with.
    public func localCredentials(of stream: Int) -> ICECredentials? {
        self.stream(stream).map { ($0.offered?.local ?? $0.sessions[0].local).credentials }
    }

    /// The streams' numbers in the order they were added.
    public var streamNumbers: [Int] { streams.map(\.number) }

    func stream(_ number: Int) -> Stream? { streams.first { $0.number == number } }

    func index(of number: Int) -> Int? { streams.firstIndex { $0.number == number } }
}

/// Where a pair lies in an agent: valid until pairs are added or removed.
struct PairPath {
    var stream: Int
    var session: Int
    var pair: Int
}

extension ICEAgent {
    subscript(path: PairPath) -> Pair {
        get { streams[path.stream].sessions[path.session].pairs[path.pair] }
        set { streams[path.stream].sessions[path.session].pairs[path.pair] = newValue }
    }

    func component(at path: PairPath) -> ICEComponent {
        ICEComponent(stream: streams[path.stream].number, component: self[path].component)
    }

    /// Every pair of every session, oldest stream first.
    var allPaths: [PairPath] {
        streams.indices.flatMap { stream in
            streams[stream].sessions.indices.flatMap { session in
                streams[stream].sessions[session].pairs.indices.map {
                    PairPath(stream: stream, session: session, pair: $0)
                }
            }
        }
    }
}
