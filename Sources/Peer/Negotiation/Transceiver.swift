public import SDP

/// Names one transceiver for the life of its session.
public struct TransceiverID: Hashable, Sendable {
    let rawValue: Int
}

/// What a media section carries.
public enum MediaKind: String, Hashable, Sendable, CaseIterable {
    case audio
}

/// How the program wants a transceiver to be.
public struct TransceiverOptions: Hashable, Sendable {
    /// Which ways media may flow.
    public var direction: MediaDirection
    /// The stream the track is announced in; the peer groups tracks of one stream.
    public var streamID: String?

    /// Media both ways, in a stream of its own.
    public init(direction: MediaDirection = .sendReceive, streamID: String? = nil) {
        self.direction = direction
        self.streamID = streamID
    }
}

/// One media section as negotiation sees it: what we want, and what was agreed.
struct Transceiver: Sendable {
    let id: TransceiverID
    let kind: MediaKind
    var direction: MediaDirection
    /// What both descriptions agree on; nil before the first answer.
    var currentDirection: MediaDirection?
    /// Position in the description, and its mid; nil until a description holds it.
    var section: Section?
    let ssrc: UInt32
    let streamID: String
    let trackID: String
    /// The peer's side of the section, from its last description.
    var remote: RemoteSection?
    /// Streams of the peer's track that the program was told of.
    var announcedStreams: [String]?
    /// Made by the program, not by an offer of the peer.
    let isLocal: Bool

    struct Section: Hashable, Sendable {
        var index: Int
        var mid: String
    }
}
