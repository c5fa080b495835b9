import ICE
public import Wire

extension PeerSession {
    /// A socket for the transport `stream` is bound to `address`: a host candidate.
    public mutating func addLocalAddress(
        _ address: SocketAddress,
        to stream: Int,
        at now: Instant
    ) {
        let now = clock.advance(to: now)
        guard !isClosed, transport(stream) != nil else { return }
        let rank = gathering.stream(stream).candidates.count
        let candidate = Candidate.host(
            address,
            localPreference: UInt16(clamping: 65_535 - rank)
        )
        gathering.add(candidate, to: stream)
        agent.add(local: candidate, to: stream, at: now)
        announce(candidate, of: stream)
        pump(at: now)
    }

    /// No more sockets will be opened for the transport `stream`.
    public mutating func endOfLocalAddresses(of stream: Int, at now: Instant) {
        let now = clock.advance(to: now)
        guard !isClosed, transport(stream) != nil, !gathering.stream(stream).isComplete else {
            return
        }
        gathering.complete(stream)
        agent.endOfLocalCandidates(of: stream, at: now)
        outputs.append(.event(.gatheringStateChanged(gathering.state)))
        pump(at: now)
    }

    /// Takes over a candidate the peer sent; an empty one ends them (RFC 9429 §4.1.19).
    ///
    /// A name of mDNS (`….local`) is passed over without an error, and so is a candidate of another
    /// generation of credentials.
    public mutating func addRemoteCandidate(
        _ candidate: ICECandidate,
        at now: Instant
    ) throws(PeerError) {
        let now = clock.advance(to: now)
        if let taken = try negotiator.add(candidate), let stream = taken.transport {
            // Before the answer is set the agent does not know this stream's peer yet; the
            // candidate waits in the description.
            if let candidate = taken.candidate { agent.add(remote: candidate, to: stream, at: now) }
            if taken.isEnd { agent.endOfRemoteCandidates(of: stream, at: now) }
        }
        pump(at: now)
    }
}
