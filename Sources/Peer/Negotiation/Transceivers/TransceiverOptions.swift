public import SDP

/// Names one transceiver for the life of its session.
public struct TransceiverID: Hashable, Sendable {
    let rawValue: Int
}

/// What a media section carries.
public enum MediaKind: String, Hashable, Sendable, CaseIterable {
    case audio, video
}

/// How the program wants a transceiver to be: W3C's `RTCRtpTransceiverInit`.
///
/// ```swift
/// var options = TransceiverOptions(direction: .sendOnly)
/// options.encodings = [EncodingParameters(rid: "hi"), EncodingParameters(rid: "lo")]
/// ```
public struct TransceiverOptions: Hashable, Sendable {
    /// Which ways media may flow.
    public var direction: MediaDirection
    /// The streams the track is announced in; nil for one of its own, empty for none.
    ///
    /// The peer groups tracks of one stream.
    public var streamIDs: [String]?
    /// The program's name for what is sent, which the peer may see; nil for a random one.
    public var trackID: String?
    /// The encodings to send; more than one, each with a rid, for simulcast.
    public var encodings: [EncodingParameters] = []

    /// Media both ways, in a stream of its own.
    public init(direction: MediaDirection = .sendReceive, streamID: String? = nil) {
        self.direction = direction
        streamIDs = streamID.map { [$0] }
    }
}
