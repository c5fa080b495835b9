import ICE
public import Wire

// Candidates gathered ahead of the first description (RFC 9429 §3.5.4).
extension PeerSession {
    /// Begins to gather for the pool that the configuration asks for.
    ///
    /// Call it once after the session was made; without a pool it does nothing.
    public mutating func gatherAhead(at now: Instant) {
        setCandidatePoolSize(configuration.candidatePoolSize, at: now)
    }

    /// Gathers for `size` transports ahead of time, at most 16, or gives back what is too much.
    ///
    /// W3C WebRTC §4.4.1.6: after the first local description nothing changes any more; then it does
    /// nothing.
    public mutating func setCandidatePoolSize(_ size: Int, at now: Instant) {
        let now = clock.advance(to: now)
        guard !isClosed, !gathering.pool.isFrozen else { return }
        let size = min(max(size, 0), maximumPool)
        guard size > 0 || !gathering.pool.isEmpty else { return }
        let before = gathering.state
        setServers(at: now)
        let pooled = gathering.streams.filter(\.isPooled).map(\.number)
        for stream in pooled.dropFirst(size) { discard(stream, at: now) }
        // RFC 9429 §3.5.4: how many components there will be is not known before the answer.
        let components = configuration.rtcpMuxPolicy == .require ? 1 : 2
        for _ in 0..<max(size - pooled.count, 0) {
            let stream = gathering.pool.nextNumber()
            gathering.begin(stream, components: components)
            outputs.append(.gather(stream: stream))
        }
        gathering.pool.isEmpty = size == 0
        publishGatheringState(since: before)
        pump(at: now)
    }

    /// Whether the first local description was set, so that the size of the pool may not change.
    public var isCandidatePoolFrozen: Bool { gathering.pool.isFrozen }

    /// How many transports have sockets and no description yet.
    public var candidatePoolCount: Int { gathering.streams.count(where: \.isPooled) }

    /// Whether addresses are looked for in the name of the transport `stream`.
    func gathers(_ stream: Int) -> Bool {
        transport(stream) != nil || gathering.streams.contains { $0.number == stream }
    }

    /// Tells the gatherer once which servers there are.
    mutating func setServers(at now: Instant) {
        guard !gathering.pool.hasServers else { return }
        gathering.pool.hasServers = true
        gathering.gatherer.set(configuration.iceServers, at: now)
    }

    /// Gives the transport what was gathered ahead; false if there is nothing that fits.
    mutating func adopt(for stream: Int, components: Int, at now: Instant) -> Bool {
        guard let pooled = gathering.adopt(for: stream, components: components) else {
            return false
        }
        outputs.append(.network(.adopt(pooled: pooled.number, as: stream)))
        for candidate in pooled.candidates { agent.add(local: candidate, to: stream, at: now) }
        for candidate in pooled.published { announce(candidate, of: stream) }
        if pooled.isComplete { agent.endOfLocalCandidates(of: stream, at: now) }
        return true
    }

    /// Other servers say other things: what was gathered is looked for once more.
    mutating func renewPool(at now: Instant) {
        guard !gathering.pool.isFrozen else { return }
        for stream in gathering.streams where stream.isPooled {
            gathering.resume(stream.number)
            gathering.gatherer.renew(stream.number, at: now)
        }
    }

    /// RFC 9429 §3.5.4: what the first negotiation has not needed goes.
    mutating func emptyPool(at now: Instant) {
        for stream in gathering.streams where stream.isPooled { discard(stream.number, at: now) }
    }

    private mutating func discard(_ stream: Int, at now: Instant) {
        gathering.remove(stream)
        gathering.gatherer.remove(stream, at: now)
        outputs.append(.network(.release(stream: stream)))
    }
}

/// How far gathering ahead of time has come; what is gathered is among the streams.
struct CandidatePool: Sendable {
    /// Whether a local description was set.
    var isFrozen = false
    /// Whether the gatherer knows the servers.
    var hasServers = false
    /// Whether nothing was ever gathered ahead.
    var isEmpty = true
    private var last = 0

    /// Names below zero cannot be those of transports.
    mutating func nextNumber() -> Int {
        last -= 1
        return last
    }
}

/// Each has sockets on every address.
private let maximumPool = 16
