public import SDP
public import Wire

// What the program does with transceivers (RFC 9429 §4.2; W3C WebRTC §5).
extension PeerSession {
    /// All transceivers that are not stopped for good, in the order they were made.
    public var transceivers: [TransceiverID] { negotiator.transceivers.list.map(\.id) }

    /// What a transceiver is like at the moment; nil once it is stopped for good.
    public func transceiver(_ id: TransceiverID) -> TransceiverSnapshot? {
        negotiator.transceivers[id].map { TransceiverSnapshot($0) }
    }

    /// Adds a media section to the next offer.
    ///
    /// It never takes a section that the peer offers: use ``addTrack(_:id:streamIDs:at:)`` for that.
    public mutating func addTransceiver(
        _ kind: MediaKind,
        _ options: TransceiverOptions = TransceiverOptions(),
        at now: Instant
    ) throws(PeerError) -> TransceiverID {
        let id = try negotiator.addTransceiver(kind, options)
        noteChange(at: now)
        return id
    }

    /// Adds something to send: on a transceiver that has never sent, on one for a section that the
    /// peer offers, or on a new one (RFC 9429 §4.1.2).
    ///
    /// `trackID` names it; nil takes a random name. Without `streamIDs` it has a stream of its own.
    public mutating func addTrack(
        _ kind: MediaKind,
        id trackID: String? = nil,
        streamIDs: [String]? = nil,
        at now: Instant
    ) throws(PeerError) -> TransceiverID {
        let id = try negotiator.addTrack(kind, id: trackID, streams: streamIDs)
        noteChange(at: now)
        return id
    }

    /// Sends nothing more on a transceiver, and tells the peer with the next offer.
    public mutating func removeTrack(of id: TransceiverID, at now: Instant) throws(PeerError) {
        try negotiator.removeTrack(of: id)
        noteChange(at: now)
    }

    /// Sends something else, or nothing, without telling the peer.
    public mutating func replaceTrack(
        of id: TransceiverID,
        with trackID: String?,
        kind: MediaKind? = nil
    ) throws(PeerError) {
        try negotiator.replaceTrack(of: id, with: trackID, kind: kind)
    }

    /// Puts what is sent into other streams; takes effect with the next offer.
    public mutating func setStreams(
        _ streamIDs: [String],
        of id: TransceiverID,
        at now: Instant
    ) throws(PeerError) {
        try negotiator.setStreams(streamIDs, of: id)
        noteChange(at: now)
    }

    /// Changes which ways media may flow; takes effect with the next offer and answer.
    public mutating func setDirection(
        _ direction: MediaDirection,
        of id: TransceiverID,
        at now: Instant
    ) throws(PeerError) {
        try negotiator.setDirection(direction, of: id)
        noteChange(at: now)
    }

    /// Ends a transceiver for good; its section is rejected with the next offer, and used again.
    public mutating func stop(_ id: TransceiverID, at now: Instant) throws(PeerError) {
        try negotiator.stop(id)
        noteChange(at: now)
    }

    /// Decides which codecs are offered and accepted, and in which order; an empty list takes all.
    ///
    /// Use values that ``capabilities(of:)`` lists.
    public mutating func setCodecPreferences(
        _ codecs: [CodecCapability],
        of id: TransceiverID
    ) throws(PeerError) {
        try negotiator.setCodecPreferences(codecs, of: id)
    }

    /// What sections of a kind may hold: W3C's `getCapabilities`.
    public func capabilities(of kind: MediaKind) -> MediaCapabilities.Kind {
        configuration.capabilities[kind]
    }

    /// How a transceiver sends; set what was read, changed, before anything else is negotiated.
    public mutating func parameters(of id: TransceiverID) throws(PeerError) -> SendParameters {
        try negotiator.parameters(of: id)
    }

    /// Changes how a transceiver sends; the peer need not be told.
    public mutating func setParameters(
        _ parameters: SendParameters,
        of id: TransceiverID
    ) throws(PeerError) {
        try negotiator.setParameters(parameters, of: id)
    }

    /// Asks for a section of data channels in the next offer.
    public mutating func addDataSection(at now: Instant) throws(PeerError) {
        try negotiator.wantData()
        noteChange(at: now)
    }

    /// What both sides agreed on for data channels; nil without such a section.
    public var dataSection: DataSectionSnapshot? { DataSectionSnapshot(negotiator) }
}
