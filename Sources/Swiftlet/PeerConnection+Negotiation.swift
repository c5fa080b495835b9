import LinuxIO
public import Peer

// Translate, drive, translate: the protocol itself is in PeerSession.
extension PeerConnection {
    /// An offer of everything that was added to the connection.
    public func createOffer() async throws(PeerConnectionError) -> SessionDescription {
        try await chained { connection throws(PeerConnectionError) in
            try connection.ask { session, now throws(PeerError) in
                try session.createOffer(at: now)
            }
        }
    }

    /// An answer to the offer that was set.
    public func createAnswer() async throws(PeerConnectionError) -> SessionDescription {
        try await chained { connection throws(PeerConnectionError) in
            try connection.ask { session, now throws(PeerError) in
                try session.createAnswer(at: now)
            }
        }
    }

    /// Puts a description that was just created into force, and begins to gather candidates.
    ///
    /// Without an argument it creates the one that the signaling state asks for. Returns it with the
    /// candidates known so far, ready to be sent; those found later come as events.
    @discardableResult
    public func setLocalDescription(
        _ description: SessionDescription? = nil
    ) async throws(PeerConnectionError) -> SessionDescription {
        try await chained { connection throws(PeerConnectionError) in
            try connection.set(local: description)
        }
    }

    /// Takes over what the peer described.
    ///
    /// An offer that collides with one of ours takes that one back first; ``PerfectNegotiation``
    /// decides for both sides whose offer counts.
    public func setRemoteDescription(
        _ description: SessionDescription
    ) async throws(PeerConnectionError) {
        try await chained { connection throws(PeerConnectionError) in
            try connection.set(remote: description)
        }
    }

    /// Takes over a candidate of the peer; it must come after the description it belongs to.
    public func addICECandidate(_ candidate: ICECandidate) async throws(PeerConnectionError) {
        // W3C WebRTC §4.4.2: before it waits for its turn.
        do throws(PeerError) {
            try candidate.requireSection()
        } catch {
            throw .session(error)
        }
        try await chained { connection throws(PeerConnectionError) in
            try connection.ask { session, now throws(PeerError) in
                try session.addRemoteCandidate(candidate, at: now)
            }
        }
    }

    func set(
        local description: SessionDescription?
    ) throws(PeerConnectionError) -> SessionDescription {
        let set = try ask { session, now throws(PeerError) in
            guard let description else { return try session.setLocalDescription(at: now) }
            try session.setLocalDescription(description, at: now)
            return description
        }
        return session.localDescription ?? set
    }

    func set(remote description: SessionDescription) throws(PeerConnectionError) {
        try ask { session, now throws(PeerError) in
            try session.setRemoteDescription(description, at: now)
        }
    }

    /// Asks for new ICE credentials with the next offer.
    public func restartICE() {
        drive { session, now in session.restartICE(at: now) }
    }

    /// Changes the configuration where it may change: ICE servers, their trust, and candidate rules.
    ///
    /// Credentials of a relay in use are taken over at once; the rest is used by the next ICE restart.
    /// Policies may not change (InvalidModificationError), and neither do sockets and loops.
    public func setConfiguration(
        _ configuration: Configuration
    ) throws(PeerConnectionError) {
        try ask { session, now throws(PeerError) in
            try session.setConfiguration(configuration.session, at: now)
        }
        self.configuration.iceServers = configuration.iceServers
        self.configuration.serverTrust = configuration.serverTrust
        self.configuration.gathering = configuration.gathering
    }

    /// Our description in force or pending, with the candidates gathered so far.
    public var localDescription: SessionDescription? { session.localDescription }

    /// The peer's description in force or pending.
    public var remoteDescription: SessionDescription? { session.remoteDescription }

    /// Our description that both sides have agreed on.
    public var currentLocalDescription: SessionDescription? { session.currentLocalDescription }

    /// The peer's description that both sides have agreed on.
    public var currentRemoteDescription: SessionDescription? { session.currentRemoteDescription }

    /// Our description that is not agreed on yet.
    public var pendingLocalDescription: SessionDescription? { session.pendingLocalDescription }

    /// The peer's description that is not agreed on yet.
    public var pendingRemoteDescription: SessionDescription? { session.pendingRemoteDescription }

    /// Whether the peer takes candidates behind its description; nil before there is one.
    public var canTrickleICECandidates: Bool? { session.canTrickleICECandidates }

    /// Where offer and answer stand.
    public var signalingState: SignalingState { session.signalingState }

    /// Whether an offer would tell the peer something new, and may be made.
    var isNegotiationNeeded: Bool { session.isNegotiationNeeded }

    /// How far the connection has come.
    public var connectionState: PeerConnectionState { session.connectionState }

    /// How many transports have sockets that wait for the first description.
    public var candidatePoolCount: Int { session.candidatePoolCount }

    /// How far gathering of candidates has come.
    public var gatheringState: ICEGatheringState { session.gatheringState }
}
