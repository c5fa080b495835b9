public import SDP

/// What a transceiver is like at one moment: W3C's `RTCRtpTransceiver`.
public struct TransceiverSnapshot: Hashable, Sendable {
    /// Names it for the life of the session.
    public var id: TransceiverID
    /// What it carries.
    public var kind: MediaKind
    /// The name of its section; nil while no description holds it.
    public var mid: String?
    /// What the program wants; nil once it was stopped.
    public var direction: MediaDirection?
    /// What both sides have agreed on; nil before that.
    public var currentDirection: MediaDirection?
    /// The program's name for what is sent; nil while nothing is.
    public var trackID: String?
    /// The streams in which that is announced.
    public var streamIDs: [String]
    /// The encodings that are sent.
    public var encodings: [EncodingParameters]
    /// The streams the peer announced for what it sends.
    public var remoteStreamIDs: [String]
    /// Whether it was stopped, and the peer may not know yet.
    public var isStopping: Bool

    init(_ transceiver: Transceiver) {
        id = transceiver.id
        kind = transceiver.kind
        mid = transceiver.negotiated.place?.mid
        direction = transceiver.statedDirection
        currentDirection = transceiver.negotiated.currentDirection
        trackID = transceiver.sender.trackID
        streamIDs = transceiver.sender.streamIDs
        encodings = transceiver.sender.encodings
        remoteStreamIDs = transceiver.negotiated.remote?.streamIDs ?? []
        isStopping = transceiver.life != .running
    }
}

/// What both sides agreed on for data channels (RFC 8841).
public struct DataSectionSnapshot: Hashable, Sendable {
    /// The name of the section.
    public var mid: String
    /// The number of the transport it rides on.
    public var transport: Int
    /// The port of SCTP at the peer.
    public var remoteSCTPPort: UInt16
    /// The largest message the peer takes; 0 means any size.
    public var remoteMaximumMessageSize: UInt64

    init?(_ negotiator: Negotiator) {
        guard negotiator.data.isAgreed, let place = negotiator.data.place,
            let remote = negotiator.data.remote, negotiator.slots.indices.contains(place.index),
            let transport = negotiator.slots[place.index].transport
        else { return nil }
        mid = place.mid
        self.transport = transport
        remoteSCTPPort = remote.sctpPort
        remoteMaximumMessageSize = remote.maximumMessageSize
    }
}
