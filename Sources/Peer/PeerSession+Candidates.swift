import ICE
public import Wire

extension PeerSession {
    /// Takes over a candidate the peer sent; an empty one ends them (RFC 9429 §4.1.19).
    ///
    /// A name of mDNS (`….local`) is looked up. One that names a `usernameFragment` of no applied
    /// description is an OperationError: it comes too late, or before its description.
    public mutating func addRemoteCandidate(
        _ candidate: ICECandidate,
        at now: Instant
    ) throws(PeerError) {
        try candidate.requireSection()
        let now = clock.advance(to: now)
        for taken in try negotiator.add(candidate) {
            // Before the answer is set the agent does not know this stream's peer yet; the
            // candidate waits in the description.
            guard let stream = taken.transport else { continue }
            if let candidate = taken.candidate { use(candidate, of: stream, at: now) }
            if let candidate = taken.named { use(named: candidate, of: stream) }
            if taken.isEnd { agent.endOfRemoteCandidates(of: stream, at: now) }
        }
        pump(at: now)
    }
}

extension ICECandidate {
    /// W3C WebRTC §4.4.2, addIceCandidate: the first thing to be said, whatever the connection's state.
    package func requireSection() throws(PeerError) {
        guard candidate.isEmpty || sdpMid != nil || sdpMLineIndex != nil else {
            throw .type(.candidateWithoutSection)
        }
    }
}
