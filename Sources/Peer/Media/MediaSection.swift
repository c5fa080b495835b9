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
    var hearing = Hearing.silent

    /// How far the peer's track has come, as the program was told.
    enum Hearing: Hashable, Sendable {
        /// Nothing has come yet.
        case silent
        case heard
        /// RTCP has said goodbye; another source may go on (RFC 3550 §6.3.7).
        case saidGoodbye
        /// A description has taken the track away; packets that still come are of before.
        case withdrawn
    }

    init(_ parameters: SectionParameters) { self.parameters = parameters }
}
