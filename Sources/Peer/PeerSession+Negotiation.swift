public import Wire

// Offer and answer (RFC 9429 §4.1).
extension PeerSession {
    /// An offer of everything the transceivers ask for (RFC 9429 §5.2).
    public mutating func createOffer(at now: Instant) throws(PeerError) -> SessionDescription {
        _ = clock.advance(to: now)
        return try negotiator.createOffer(with: gathering)
    }

    /// An answer to the peer's waiting offer (RFC 9429 §5.3).
    public mutating func createAnswer(at now: Instant) throws(PeerError) -> SessionDescription {
        _ = clock.advance(to: now)
        return try negotiator.createAnswer(with: gathering)
    }

    /// Puts a description that was just created into force; gathering begins with the first.
    public mutating func setLocalDescription(
        _ description: SessionDescription,
        at now: Instant
    ) throws(PeerError) {
        if description.sdp.isEmpty, description.kind != .rollback {
            // W3C WebRTC §4.4.1.5: without a text it is the one that would be created.
            let created = try create(description.kind, at: now)
            return try setLocalDescription(
                SessionDescription(description.kind, sdp: created.sdp),
                at: now
            )
        }
        try negotiate(at: now) { negotiator throws(PeerError) in
            switch description.kind {
            case .offer: try negotiator.setLocalOffer(description.sdp)
            case .answer: try negotiator.setLocalAnswer(description.sdp, isFinal: true)
            case .pranswer: try negotiator.setLocalAnswer(description.sdp, isFinal: false)
            case .rollback: try negotiator.rollBack()
            }
        }
    }

    private mutating func create(
        _ kind: SessionDescription.Kind,
        at now: Instant
    ) throws(PeerError) -> SessionDescription {
        switch kind {
        case .offer, .rollback: try createOffer(at: now)
        case .answer, .pranswer: try createAnswer(at: now)
        }
    }

    /// Creates the description that the signaling state asks for, and puts it into force
    /// (W3C WebRTC §4.4.1.5).
    @discardableResult
    public mutating func setLocalDescription(
        at now: Instant
    ) throws(PeerError) -> SessionDescription {
        let description =
            switch signalingState {
            case .stable, .haveLocalOffer, .haveRemotePranswer, .closed: try createOffer(at: now)
            case .haveRemoteOffer, .haveLocalPranswer: try createAnswer(at: now)
            }
        try setLocalDescription(description, at: now)
        return description
    }

    /// Takes over what the peer described.
    ///
    /// An offer that collides with one of ours takes that one back first, as a step of its own
    /// (W3C WebRTC §4.4.2): ours stays taken back even if the peer's turns out to be wrong.
    public mutating func setRemoteDescription(
        _ description: SessionDescription,
        at now: Instant
    ) throws(PeerError) {
        try negotiator.requireOpen()
        guard description.kind != .rollback else {
            return try negotiate(at: now) { negotiator throws(PeerError) in
                try negotiator.rollBack()
            }
        }
        // W3C WebRTC §4.4.1.5: a wrong state is told before a wrong text.
        guard signalingState.takes(remote: description.kind) else {
            throw .invalidState(.signaling(signalingState))
        }
        guard description.kind == .offer, signalingState == .haveLocalOffer else {
            try take(description, at: now)
            return settle(at: now)
        }
        try apply(at: now) { negotiator throws(PeerError) in try negotiator.rollBack() }
        // Negotiation is needed again at the earliest behind the offer (W3C WebRTC §4.7.3).
        defer { settle(at: now) }
        try take(description, at: now)
    }

    private mutating func take(
        _ description: SessionDescription,
        at now: Instant
    ) throws(PeerError) {
        let remote = try RemoteDescription(
            description.kind,
            parsing: description.sdp,
            mode: configuration.descriptionMode,
            limits: configuration.descriptionLimits
        )
        try apply(at: now, remote.deviations) { negotiator throws(PeerError) in
            switch description.kind {
            case .offer: try negotiator.setRemoteOffer(remote)
            case .answer: try negotiator.setRemoteAnswer(remote, isFinal: true)
            case .pranswer: try negotiator.setRemoteAnswer(remote, isFinal: false)
            case .rollback: try negotiator.rollBack()
            }
        }
    }

    /// Asks for new ICE credentials with the next offer (W3C WebRTC §4.4.2, restartIce).
    public mutating func restartICE(at now: Instant) {
        guard !isClosed else { return }
        negotiator.restartICE()
        noteChange(at: now)
    }

    // MARK: One step

    private mutating func negotiate(
        at now: Instant,
        _ step: (inout Negotiator) throws(PeerError) -> NegotiationOutcome
    ) throws(PeerError) {
        try apply(at: now, [], step)
        settle(at: now)
    }

    /// Everything of a step happens, or nothing does.
    private mutating func apply(
        at now: Instant,
        _ deviations: [String] = [],
        _ step: (inout Negotiator) throws(PeerError) -> NegotiationOutcome
    ) throws(PeerError) {
        let now = clock.advance(to: now)
        let before = (state: negotiator.state, tracks: RemoteTracks(negotiator))
        var next = negotiator
        let outcome = try step(&next)
        negotiator = next
        if published.timeline.began == nil { published.timeline.began = now }
        if !deviations.isEmpty {
            outputs.append(.event(.warning(.descriptionDeviates(deviations))))
        }
        if before.state != negotiator.state {
            outputs.append(.event(.signalingStateChanged(negotiator.state)))
        }
        carryOut(outcome, at: now)
        tell(RemoteTracks(negotiator).changes(since: before.tracks))
    }

    /// Behind the last step: what changed while descriptions were under way is due now
    /// (W3C WebRTC §4.4.1.5).
    private mutating func settle(at now: Instant) {
        if negotiator.state == .stable {
            negotiator.progress.isNegotiationNeeded = false
            announceNegotiationNeeded()
        }
        pump(at: clock.advance(to: now))
    }

    private mutating func tell(_ changes: [RemoteTracks.Change]) {
        for change in changes {
            switch change {
            case .removed(let id):
                if media.withdrawTrack(of: id) { outputs.append(.event(.trackEnded(id))) }
            case .moved(let id, let streamIDs):
                outputs.append(.event(.trackStreamsChanged(id, streamIDs: streamIDs)))
            case .added(let id, let streamIDs):
                media.expectTrack(of: id)
                outputs.append(.event(.trackAdded(id, streamIDs: streamIDs)))
            }
        }
    }

    /// The program has changed something that the peer may have to be told.
    mutating func noteChange(at now: Instant) {
        announceNegotiationNeeded()
        pump(at: clock.advance(to: now))
    }

    private mutating func announceNegotiationNeeded() {
        guard negotiator.updateNegotiationNeeded() else { return }
        outputs.append(.event(.negotiationNeeded))
    }
}

// MARK: - What was negotiated

extension PeerSession {
    /// Where offer and answer stand.
    public var signalingState: SignalingState { negotiator.state }

    /// The local description pending or in force, with the candidates gathered so far.
    public var localDescription: SessionDescription? {
        pendingLocalDescription ?? currentLocalDescription
    }

    /// The remote description pending or in force, with the candidates that came after it.
    public var remoteDescription: SessionDescription? {
        pendingRemoteDescription ?? currentRemoteDescription
    }

    /// Our description that both sides have agreed on.
    public var currentLocalDescription: SessionDescription? {
        negotiator.current.map { negotiator.text(of: $0.local, with: gathering) }
    }

    /// The peer's description that both sides have agreed on.
    public var currentRemoteDescription: SessionDescription? {
        negotiator.current?.remote.signaled
    }

    /// Our description that is not agreed on yet.
    public var pendingLocalDescription: SessionDescription? {
        negotiator.signaling.pendingLocal.map { negotiator.text(of: $0, with: gathering) }
    }

    /// The peer's description that is not agreed on yet.
    public var pendingRemoteDescription: SessionDescription? {
        negotiator.signaling.pendingRemote?.signaled
    }

    /// Whether the peer takes candidates that come after their description; nil before it has
    /// described anything.
    public var canTrickleICECandidates: Bool? { negotiator.canTrickle }

    /// Whether an offer would tell the peer something new (W3C WebRTC §4.7.3).
    public var isNegotiationNeeded: Bool {
        signalingState == .stable && negotiator.needsNegotiation
    }
}
