import Peer

/// What the program was told of a connection and may be told again.
struct ToldFacts {
    /// Why the connection ended.
    var closeReason = CloseReason.local
    /// A receiver has one track for life (W3C WebRTC §5.3): it is told again when the peer sends again
    /// after a pause, and two readers of one jitter buffer would each get half.
    fileprivate var tracks: [TransceiverID: RemoteAudioTrack] = [:]
}

extension PeerConnection {
    /// What the program is told of the peer's tracks.
    func trackEvent(_ event: PeerEvent) -> Event? {
        // Those of transceivers that are gone for good, whether or not they were still announced.
        told.tracks = told.tracks.filter { session.transceiver($0.key) != nil }
        switch event {
        case .trackAdded(let id, let streamIDs):
            guard let kind = session.transceiver(id)?.kind else { return nil }
            switch kind {
            case .audio: return .track(track(of: id, in: streamIDs))
            case .video: return .videoTrack(RemoteVideoTrack(id, in: streamIDs))
            }
        case .trackStreamsChanged(let id, let streamIDs):
            told.tracks[id]?.move(to: streamIDs)
            return .trackStreamsChanged(id, streamIDs: streamIDs)
        case .trackEnded(let id): return .trackEnded(id)
        case .trackStarted, .candidate, .candidateError, .gatheringStateChanged,
            .signalingStateChanged, .iceConnectionStateChanged, .connectionStateChanged,
            .pathChanged, .negotiationNeeded, .warning, .closed:
            return nil  // the track itself tells that it has started, by its frames
        }
    }

    private func track(of id: TransceiverID, in streamIDs: [String]) -> RemoteAudioTrack {
        if let known = told.tracks[id] {
            known.move(to: streamIDs)
            return known
        }
        let track = RemoteAudioTrack(transceiver: id, streamIDs: streamIDs, connection: self)
        told.tracks[id] = track
        return track
    }

    /// Whether a track of the transceiver can still be heard, now or later.
    func canBeHeard(_ id: TransceiverID) -> Bool {
        !session.isClosed && session.transceiver(id) != nil
    }
}
