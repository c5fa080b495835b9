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
    /// The track of a transceiver that the peer sends on.
    func track(of id: TransceiverID, in streamIDs: [String]) -> RemoteAudioTrack {
        if let known = told.tracks[id] { return known }
        told.tracks = told.tracks.filter { session.transceiver($0.key) != nil }
        let track = RemoteAudioTrack(transceiver: id, streamIDs: streamIDs, connection: self)
        told.tracks[id] = track
        return track
    }
}
