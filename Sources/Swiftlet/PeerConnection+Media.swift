public import JitterBuffer
import LinuxIO
public import Opus
public import Peer
public import SDP

extension PeerConnection {
    /// Adds audio to the connection: what the track is given goes to the peer.
    ///
    /// With a direction that receives, the peer's audio comes as a `track` event.
    public func addAudioTrack(
        direction: MediaDirection = .sendReceive,
        streamID: String? = nil,
        encoding: OpusEncoderConfiguration = OpusEncoderConfiguration()
    ) throws(PeerConnectionError) -> LocalAudioTrack {
        let streams = streamID.map { [$0] }
        let id = try ask { session, now throws(PeerError) in
            let id = try session.addTrack(.audio, streamIDs: streams, at: now)
            try session.setDirection(direction, of: id, at: now)
            return id
        }
        return LocalAudioTrack(id: id, mailbox: mailbox, configuration: encoding)
    }

    /// What a track plays next.
    ///
    /// ``RemoteAudioTrack`` asks this; others who decode themselves may.
    public func nextPlayout(_ transceiver: TransceiverID) -> PlayoutDecision? {
        session.nextPlayout(transceiver, at: loop.now)
    }

    /// What the connection has counted and measured so far.
    public func statistics() -> PeerStatistics {
        session.statistics(at: loop.now)
    }
}
