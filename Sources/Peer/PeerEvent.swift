public import ICE

/// What a session tells the program.
public enum PeerEvent: Sendable {
    /// A local candidate was found; send it to the peer.
    case candidate(ICECandidate)
    /// A server gave no candidate, and why.
    case candidateError(ICECandidateError)
    case gatheringStateChanged(ICEGatheringState)
    case signalingStateChanged(SignalingState)
    case iceConnectionStateChanged(ICEConnectionState)
    case connectionStateChanged(PeerConnectionState)
    /// Packets now take this way.
    case pathChanged(SelectedPath)
    /// A description brings a track of the peer's.
    ///
    /// It comes again when the peer sends again after ``trackEnded(_:)``.
    case trackAdded(TransceiverID, streamIDs: [String])
    /// The peer has put a track that was added before into other streams.
    case trackStreamsChanged(TransceiverID, streamIDs: [String])
    /// The first packet of the track arrived.
    case trackStarted(TransceiverID)
    /// There is nothing more to come on this track: the peer said so in a description or by RTCP, the
    /// description that brought it was taken back, or our answer refused it.
    case trackEnded(TransceiverID)
    /// What the program changed needs a new offer.
    case negotiationNeeded
    /// Something of the peer's was wrong and could be borne.
    case warning(PeerWarning)
    /// The connection is over; nothing follows.
    case closed(CloseReason)
}

/// Why a connection ended.
public enum CloseReason: String, Hashable, Sendable {
    /// The program called close.
    case local
    /// The peer closed its side (DTLS close_notify).
    case peer
}

/// What of the peer's was wrong and could be borne.
public enum PeerWarning: Hashable, Sendable {
    /// The remote description breaks rules: one sentence each.
    case descriptionDeviates([String])
    /// Packets carry a payload type that was not negotiated; they go to the only media section.
    case unexpectedPayloadType(UInt8)
}

/// The candidates between which packets travel.
public struct SelectedPath: Hashable, Sendable {
    public var local: Candidate
    public var remote: Candidate

    /// The way between two candidates.
    public init(local: Candidate, remote: Candidate) {
        self.local = local
        self.remote = remote
    }
}
