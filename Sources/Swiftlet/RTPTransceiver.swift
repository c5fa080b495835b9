public import Peer
public import SDP

/// One sender and one receiver of a connection, and the section that carries them.
///
/// A name for something that lives in the connection: copies are the same transceiver.
///
/// ```swift
/// for transceiver in await peer.transceivers {
///     try await transceiver.setDirection(.inactive)      // hold
/// }
/// ```
public struct RTPTransceiver: Sendable, Identifiable {
    /// Names it for the life of the connection.
    public let id: TransceiverID
    let connection: PeerConnection

    init(_ id: TransceiverID, of connection: PeerConnection) {
        self.id = id
        self.connection = connection
    }

    /// What it is like at the moment; nil once it is stopped for good.
    public var snapshot: TransceiverSnapshot? {
        get async { await connection.snapshot(of: id) }
    }

    /// The outgoing half.
    public var sender: Sender { Sender(transceiver: self) }

    /// Changes which ways media may flow; takes effect with the next offer and answer.
    public func setDirection(_ direction: MediaDirection) async throws(PeerConnectionError) {
        try await connection.ask { session, now throws(PeerError) in
            try session.setDirection(direction, of: id, at: now)
        }
    }

    /// Decides which codecs are offered and accepted, and in which order; an empty list takes all.
    public func setCodecPreferences(
        _ codecs: [CodecCapability]
    ) async throws(PeerConnectionError) {
        try await connection.ask { session, _ throws(PeerError) in
            try session.setCodecPreferences(codecs, of: id)
        }
    }

    /// Ends it for good; its section is rejected with the next offer, and used again.
    public func stop() async throws(PeerConnectionError) {
        try await connection.ask { session, now throws(PeerError) in
            try session.stop(id, at: now)
        }
    }
}

extension RTPTransceiver {
    /// The outgoing half of a transceiver: W3C's `RTCRtpSender`.
    public struct Sender: Sendable {
        /// The transceiver it is half of.
        public let transceiver: RTPTransceiver

        private var connection: PeerConnection { transceiver.connection }
        private var id: TransceiverID { transceiver.id }

        /// How it sends; set what was read, changed, before anything else is negotiated.
        public func parameters() async throws(PeerConnectionError) -> SendParameters {
            try await connection.ask { session, _ throws(PeerError) in
                try session.parameters(of: id)
            }
        }

        /// Changes how it sends; the peer need not be told.
        public func setParameters(
            _ parameters: SendParameters
        ) async throws(PeerConnectionError) {
            try await connection.chained { connection throws(PeerConnectionError) in
                try connection.ask { session, _ throws(PeerError) in
                    try session.setParameters(parameters, of: id)
                }
            }
        }

        /// Puts what is sent into other streams; takes effect with the next offer.
        public func setStreams(_ streamIDs: [String]) async throws(PeerConnectionError) {
            try await connection.ask { session, now throws(PeerError) in
                try session.setStreams(streamIDs, of: id, at: now)
            }
        }

        /// Sends something else, or nothing, without telling the peer.
        public func replaceTrack(
            with trackID: String?,
            kind: MediaKind? = nil
        ) async throws(PeerConnectionError) {
            try await connection.chained { connection throws(PeerConnectionError) in
                try connection.ask { session, _ throws(PeerError) in
                    try session.replaceTrack(of: id, with: trackID, kind: kind)
                }
            }
        }

        /// Sends nothing more, and tells the peer with the next offer.
        public func removeTrack() async throws(PeerConnectionError) {
            try await connection.ask { session, now throws(PeerError) in
                try session.removeTrack(of: id, at: now)
            }
        }
    }
}
