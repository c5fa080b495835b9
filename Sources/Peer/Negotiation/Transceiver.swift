import SDP

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
