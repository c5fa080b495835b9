import SDP

/// One sender and one receiver of a kind, and the section that carries them (W3C WebRTC §5.4).
struct Transceiver: Sendable {
    /// How far its life has come.
    enum Life: Hashable, Sendable {
        case running
        /// Stopped by the program; the peer is told with the next offer.
        case stopping
        /// Rejected in a description: over for good.
        case stopped
    }

    /// Who made it; decides whether an offer of the peer may take it (RFC 9429 §5.10).
    enum Origin: Hashable, Sendable {
        case addTransceiver, addTrack, peer
    }

    /// Position in the description, and the mid there.
    struct Place: Hashable, Sendable {
        var index: Int
        var mid: String
    }

    /// What descriptions have decided; a rollback takes back what is not yet agreed.
    struct Negotiated: Hashable, Sendable {
        /// Nil while no description holds it.
        var place: Place?
        /// What both descriptions agree on; nil before the first answer.
        var currentDirection: MediaDirection?
        /// The peer's side of the section, from its last description.
        var remote: RemoteMedia?
        /// Whether the program was told of a track of the peer's, and nothing took it back.
        var isAnnounced = false
        /// Formats both sides have agreed on, in order of preference.
        var codecs: [SectionCodec] = []
        /// The program's preferences that our description was written with.
        var preferences: [CapabilityTable.Entry]?
        var extensions: [SectionExtension] = []
    }

    let id: TransceiverID
    let kind: MediaKind
    var origin: Origin
    var life = Life.running
    var direction: MediaDirection
    var sender: Sender
    var negotiated = Negotiated()
    /// The formats the program prefers, in order; nil for those of the table.
    var preferences: [CapabilityTable.Entry]?
    /// What an offer would use that was not set yet.
    var draft = Draft()

    struct Draft: Hashable, Sendable {
        var mid: String?
        var transport: Int?
    }

    /// The outgoing half.
    struct Sender: Sendable {
        let ssrc: UInt32
        /// Of the packets that repeat others.
        let repairSSRC: UInt32
        /// The program's name for what is sent; nil while nothing is.
        var trackID: String?
        /// What msid lines say; kept when the track goes, as the section does.
        var announcedTrackID: String
        var streamIDs: [String]
        var encodings: [EncodingParameters]
        /// What they were before descriptions changed them that are not agreed on; nil if none did.
        var settledEncodings: [EncodingParameters]?
        /// Encodings that an answer of the peer's has paused (RFC 8853 §5.1).
        var pausedByPeer: Set<String> = []
        /// Whether a description ever agreed that we send.
        var hasSent = false
        /// The parameters that may be set now.
        var openTransaction: UInt64?
    }

    /// Whether an offer of the peer may take it for a section it wants to hear on.
    var isFree: Bool { origin == .addTrack && negotiated.place == nil && life == .running }

    /// The direction as W3C's getter has it; nil stands for `stopped`.
    var statedDirection: MediaDirection? { life == .running ? direction : nil }

    /// RFC 9429 §4.2.1: nothing flows any more; the peer is told with the next description.
    mutating func stop() {
        guard life == .running else { return }
        direction = .inactive
        life = .stopping
    }

    /// A description rejected it, or tells the peer so.
    mutating func end() {
        direction = .inactive
        life = .stopped
        negotiated.currentDirection = nil
        negotiated.isAnnounced = false
    }
}
