import LinuxIO
public import Peer
public import SDP

// What is sent and received (W3C WebRTC §5).
extension PeerConnection {
    /// All transceivers that are not stopped for good, in the order they were made.
    public var transceivers: [RTPTransceiver] {
        session.transceivers.map { RTPTransceiver($0, of: self) }
    }

    /// The outgoing halves of ``transceivers``.
    public var senders: [RTPTransceiver.Sender] { transceivers.map(\.sender) }

    /// Adds a media section to the next offer.
    ///
    /// It never takes a section that the peer offers: use ``addTrack(_:id:streamIDs:)`` for that.
    public func addTransceiver(
        _ kind: MediaKind,
        _ options: TransceiverOptions = TransceiverOptions()
    ) throws(PeerConnectionError) -> RTPTransceiver {
        let id = try ask { session, now throws(PeerError) in
            try session.addTransceiver(kind, options, at: now)
        }
        return RTPTransceiver(id, of: self)
    }

    /// Adds a media section to the next offer, with several encodings for simulcast.
    ///
    /// ```swift
    /// let camera = try await peer.addTransceiver(
    ///     .video,
    ///     direction: .sendOnly,
    ///     encodings: [EncodingParameters(rid: "hi"), EncodingParameters(rid: "lo")]
    /// )
    /// ```
    public func addTransceiver(
        _ kind: MediaKind,
        direction: MediaDirection,
        streamIDs: [String]? = nil,
        encodings: [EncodingParameters] = []
    ) throws(PeerConnectionError) -> RTPTransceiver {
        var options = TransceiverOptions(direction: direction)
        options.streamIDs = streamIDs
        options.encodings = encodings
        return try addTransceiver(kind, options)
    }

    /// Adds something to send: on a transceiver that has never sent, on one for a section that the peer
    /// offers, or on a new one.
    ///
    /// `id` names it for the peer; nil takes a random name. Without `streamIDs` it has a stream of its
    /// own. For audio that is encoded here use ``addAudioTrack(direction:streamID:encoding:)``.
    ///
    /// ```swift
    /// let sender = try await peer.addTrack(.video, streamIDs: ["camera"])
    /// try await peer.removeTrack(sender)
    /// ```
    public func addTrack(
        _ kind: MediaKind,
        id trackID: String? = nil,
        streamIDs: [String]? = nil
    ) throws(PeerConnectionError) -> RTPTransceiver.Sender {
        let id = try ask { session, now throws(PeerError) in
            try session.addTrack(kind, id: trackID, streamIDs: streamIDs, at: now)
        }
        return RTPTransceiver(id, of: self).sender
    }

    /// Sends nothing more with `sender`, and tells the peer with the next offer.
    public func removeTrack(
        _ sender: RTPTransceiver.Sender
    ) throws(PeerConnectionError) {
        guard sender.transceiver.connection === self else {
            throw .session(.invalidAccess(.unknownTransceiver))
        }
        try ask { session, now throws(PeerError) in
            try session.removeTrack(of: sender.transceiver.id, at: now)
        }
    }

    /// What sections of a kind may hold: W3C's `getCapabilities`.
    public func capabilities(of kind: MediaKind) -> MediaCapabilities.Kind {
        session.capabilities(of: kind)
    }

    /// Asks for a section of data channels in the next offer.
    ///
    /// It needs `MediaCapabilities.data`. Channels themselves are not carried yet.
    public func addDataSection() throws(PeerConnectionError) {
        try ask { session, now throws(PeerError) in
            try session.addDataSection(at: now)
        }
    }

    /// What both sides agreed on for data channels; nil without such a section.
    public var dataSection: DataSectionSnapshot? { session.dataSection }

    func snapshot(of id: TransceiverID) -> TransceiverSnapshot? { session.transceiver(id) }
}
