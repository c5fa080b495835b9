import DTLS
import ICE
import RTP
public import SDP
public import Wire

// MARK: - Negotiation

extension PeerSession {
    /// Adds a media section to the next offer, or takes a section of the peer's waiting offer.
    public mutating func addTransceiver(
        _ kind: MediaKind,
        _ options: TransceiverOptions = TransceiverOptions(),
        at now: Instant
    ) -> TransceiverID {
        let id = negotiator.addTransceiver(kind, options)
        announceNegotiationNeeded()
        pump(at: clock.advance(to: now))
        return id
    }

    /// Changes which ways media may flow; takes effect with the next offer and answer.
    public mutating func setDirection(
        _ direction: MediaDirection,
        of id: TransceiverID,
        at now: Instant
    ) throws(PeerError) {
        guard let index = negotiator.index(of: id) else {
            throw .invalidAccess(.unknownTransceiver)
        }
        negotiator.transceivers[index].direction = direction
        announceNegotiationNeeded()
        pump(at: clock.advance(to: now))
    }

    /// Asks for new ICE credentials with the next offer (RFC 9429 §4.1.18).
    public mutating func restartICE(at now: Instant) {
        negotiator.isRestartWanted = true
        announceNegotiationNeeded()
        pump(at: clock.advance(to: now))
    }

    /// An offer of everything the transceivers ask for (RFC 9429 §5.2).
    public mutating func createOffer(at now: Instant) throws(PeerError) -> SessionDescription {
        _ = clock.advance(to: now)
        return try negotiator.createOffer()
    }

    /// An answer to the peer's waiting offer (RFC 9429 §5.3).
    public mutating func createAnswer(at now: Instant) throws(PeerError) -> SessionDescription {
        _ = clock.advance(to: now)
        return try negotiator.createAnswer()
    }

    /// Puts a description that was just created into force; gathering begins with the first.
    public mutating func setLocalDescription(
        _ description: SessionDescription,
        at now: Instant
    ) throws(PeerError) {
        let now = clock.advance(to: now)
        let before = negotiator.state
        let outcome =
            switch description.kind {
            case .offer: try negotiator.setLocalOffer(description.sdp)
            case .answer: try negotiator.setLocalAnswer(description.sdp)
            case .pranswer, .rollback: throw .invalidState(.signaling(before))
            }
        finishNegotiation(outcome, from: before, at: now)
    }

    /// Takes over what the peer described.
    public mutating func setRemoteDescription(
        _ description: SessionDescription,
        at now: Instant
    ) throws(PeerError) {
        let now = clock.advance(to: now)
        guard !isClosed else { throw .invalidState(.closed) }
        let remote = try RemoteDescription(parsing: description.sdp)
        let before = negotiator.state
        let outcome =
            switch description.kind {
            case .offer: try negotiator.setRemoteOffer(remote)
            case .answer: try negotiator.setRemoteAnswer(remote)
            case .pranswer, .rollback: throw .invalidState(.signaling(before))
            }
        if !remote.deviations.isEmpty {
            outputs.append(.event(.warning(.descriptionDeviates(remote.deviations))))
        }
        finishNegotiation(outcome, from: before, at: now)
    }

    private mutating func announceNegotiationNeeded() {
        guard negotiator.needsNegotiation else { return }
        outputs.append(.event(.negotiationNeeded))
    }

    private mutating func finishNegotiation(
        _ outcome: NegotiationOutcome,
        from before: SignalingState,
        at now: Instant
    ) {
        if published.timeline.began == nil { published.timeline.began = now }
        if before != negotiator.state {
            outputs.append(.event(.signalingStateChanged(negotiator.state)))
        }
        carryOut(outcome, at: now)
        // W3C WebRTC §4.7.3: what changed while descriptions were under way is due now.
        if before != negotiator.state { announceNegotiationNeeded() }
        pump(at: now)
    }
}

// MARK: - Candidates

extension PeerSession {
    /// Takes over a candidate the peer sent; an empty one ends them (RFC 9429 §4.1.19).
    ///
    /// A name of mDNS (`….local`) is passed over without an error.
    public mutating func addRemoteCandidate(
        _ candidate: ICECandidate,
        at now: Instant
    ) throws(PeerError) {
        let now = clock.advance(to: now)
        guard !isClosed else { throw .invalidState(.closed) }
        guard let remote = negotiator.latestRemote else {
            throw .invalidState(.noRemoteDescription)
        }
        let isOfUse = try remote.isOfUse(candidate)
        if candidate.candidate.isEmpty {
            guard isOfUse else { return }
            negotiator.endRemoteCandidates()
            if negotiator.isRemoteInForce { agent.endOfRemoteCandidates(of: 0, at: now) }
        } else if let parsed = try Candidate(attributeText: candidate.candidate), isOfUse {
            negotiator.keep(remote: parsed)
            // Before the answer is set the agent does not know this stream's peer yet; the
            // candidate waits in the description.
            if negotiator.isRemoteInForce { use(parsed, of: 0, at: now) }
        }
        pump(at: now)
    }
}

// MARK: - The end

extension PeerSession {
    /// Says goodbye to the peer and ends everything.
    ///
    /// Calling it again does nothing.
    ///
    /// What must still be sent is in the outgoing batch afterwards.
    public mutating func close(at now: Instant) {
        let now = clock.advance(to: now)
        guard !isClosed else { return }
        // RFC 3550 §6.3.7: who never sent anything says no goodbye.
        if media.hasSent { sendGoodbye() }
        finish(.local, at: now)
    }

    /// Ends the session on our side and tells the program; nothing follows.
    mutating func finish(_ reason: CloseReason, at now: Instant) {
        guard !isClosed else { return }
        closeTransports(at: now)
        negotiator.close()
        agent.close(at: now)
        while agent.popOutput() != nil {}
        published.connection = .closed
        published.ice = .closed
        outputs.append(.event(.signalingStateChanged(.closed)))
        outputs.append(.event(.iceConnectionStateChanged(.closed)))
        outputs.append(.event(.connectionStateChanged(.closed)))
        outputs.append(.event(.closed(reason)))
    }
}
