import LinuxIO
public import Peer
import Wire

// Translate, drive, translate: the protocol itself is in PeerSession.
extension PeerConnection {
    /// An offer of everything that was added to the connection.
    public func createOffer() throws(PeerConnectionError) -> SessionDescription {
        try ask { session, now throws(PeerError) in try session.createOffer(at: now) }
    }

    /// An answer to the offer that was set.
    public func createAnswer() throws(PeerConnectionError) -> SessionDescription {
        try ask { session, now throws(PeerError) in try session.createAnswer(at: now) }
    }

    /// Puts a description that was just created into force, and begins to gather candidates.
    ///
    /// Without an argument it creates the one that the signaling state asks for. Returns it with the
    /// candidates known so far, ready to be sent; those found later come as events.
    @discardableResult
    public func setLocalDescription(
        _ description: SessionDescription? = nil
    ) throws(PeerConnectionError) -> SessionDescription {
        let set = try ask { session, now throws(PeerError) in
            let wanted: SessionDescription
            if let description {
                wanted = description
            } else if session.signalingState == .haveRemoteOffer {
                wanted = try session.createAnswer(at: now)
            } else {
                wanted = try session.createOffer(at: now)
            }
            try session.setLocalDescription(wanted, at: now)
            return wanted
        }
        return session.localDescription ?? set
    }

    /// Takes over what the peer described.
    public func setRemoteDescription(
        _ description: SessionDescription
    ) throws(PeerConnectionError) {
        try ask { session, now throws(PeerError) in
            try session.setRemoteDescription(description, at: now)
        }
    }

    /// Takes over a candidate of the peer; it must come after the description it belongs to.
    public func addICECandidate(_ candidate: ICECandidate) throws(PeerConnectionError) {
        try ask { session, now throws(PeerError) in
            try session.addRemoteCandidate(candidate, at: now)
        }
    }

    /// Asks for new ICE credentials with the next offer.
    public func restartICE() {
        drive { session, now in session.restartICE(at: now) }
    }

    /// Our description in force or pending, with the candidates gathered so far.
    public var localDescription: SessionDescription? { session.localDescription }

    /// The peer's description in force or pending.
    public var remoteDescription: SessionDescription? { session.remoteDescription }

    /// Where offer and answer stand.
    public var signalingState: SignalingState { session.signalingState }

    /// How far the connection has come.
    public var connectionState: PeerConnectionState { session.connectionState }

    /// How far gathering of candidates has come.
    public var gatheringState: ICEGatheringState { session.gatheringState }

    private func ask<Success>(
        _ input: (inout PeerSession, Instant) throws(PeerError) -> Success
    ) throws(PeerConnectionError) -> Success {
        activate()
        do throws(PeerError) {
            return try drive(input)
        } catch {
            throw .session(error)
        }
    }
}
