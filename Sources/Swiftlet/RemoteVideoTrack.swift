public import Peer

/// Video that the peer sends or will send, as descriptions tell of it.
///
/// Negotiation knows all of it; packets of video are not carried yet, so there is nothing to play.
/// Only connections whose ``Configuration/capabilities`` hold video get any.
///
/// ```swift
/// case .videoTrack(let track):
///     print("video in", track.streamIDs)
/// ```
public struct RemoteVideoTrack: Hashable, Sendable {
    /// The section of the connection that carries the track.
    public let transceiver: TransceiverID
    /// The streams the peer had put the track in when this was told.
    public let streamIDs: [String]

    init(_ transceiver: TransceiverID, in streamIDs: [String]) {
        self.transceiver = transceiver
        self.streamIDs = streamIDs
    }
}
