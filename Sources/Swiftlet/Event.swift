public import ICE
public import LinuxIO
public import Peer
public import Wire

extension PeerConnection {
    /// What happens on a connection.
    public enum Event: Sendable {
        /// A local candidate was found: send it to the peer.
        case candidate(ICECandidate)
        /// A STUN or TURN server gave no candidate, and why.
        case candidateError(ICECandidateError)
        case gatheringStateChanged(ICEGatheringState)
        case signalingStateChanged(SignalingState)
        case iceConnectionStateChanged(ICEConnectionState)
        case connectionStateChanged(PeerConnectionState)
        /// Packets now take this way.
        case pathChanged(SelectedPath)
        /// The peer sends audio, or will; again, with the same track, behind ``trackEnded(_:)``.
        case track(RemoteAudioTrack)
        /// The peer sends video, or will; what it sends is not carried yet.
        case videoTrack(RemoteVideoTrack)
        /// The peer has put the track of a transceiver into other streams: W3C's `addtrack` and
        /// `removetrack`.
        case trackStreamsChanged(TransceiverID, streamIDs: [String])
        /// Nothing more comes on a transceiver, until the peer says otherwise: W3C's `mute`, and
        /// `ended` where the transceiver is gone.
        case trackEnded(TransceiverID)
        /// What the program changed needs a new offer.
        case negotiationNeeded
        /// Something of the peer's was wrong and could be borne.
        case warning(PeerWarning)
        /// This address of our machine gives no candidate; without one, the machine's addresses
        /// could not be listed and only loopback is used.
        case gatheringFailed(IPAddress?, SystemError)
        /// The connection is over; the sequence ends.
        case closed(CloseReason)
    }
}
