import RTP
import Wire

/// What negotiation decided about one media section.
struct SectionParameters: Hashable, Sendable {
    var id: TransceiverID
    var mid: String
    /// The transport its packets take.
    var component: Int
    var sendSSRC: UInt32
    var sends: Bool
    var receives: Bool
    var sendFormat: AudioSendStream.Format
    /// Payload types the peer may use for a codec we decode.
    var receivePayloadTypes: [UInt8]
    /// SSRCs the peer announced with a=ssrc.
    var remoteSSRCs: [UInt32]
    /// The header extension that names the section in packets we receive; the same for all of a
    /// transport (RFC 9143 §7.1.3).
    var midExtension: UInt8?
}

/// One media section at work.
struct MediaSection: Sendable {
    var parameters: SectionParameters
    var sender: AudioSendStream?
    var receiver: AudioReceiveStream?
    /// The peer has been heard, and has not said goodbye since.
    var hasStarted = false

    init(_ parameters: SectionParameters) { self.parameters = parameters }
}
