import ICE

/// What a description asks the session to do.
struct NegotiationOutcome: Sendable {
    typealias Track = (id: TransceiverID, streamIDs: [String])

    /// The part we play in ICE, when it is decided.
    var role: ICERole?
    /// New local credentials: start the transport with them, or restart ICE.
    var localCredentials: ICECredentials?
    /// The peer's side of the transport, once both descriptions are known.
    var remoteTransport: RemoteTransport?
    var dtls: DTLSParameters?
    /// What each section carries, once agreed.
    var sections: [SectionParameters]?
    var midExtension: UInt8?
    /// Tracks the program must be told of.
    var tracks: [Track] = []

    func with(
        role: ICERole?,
        localCredentials: ICECredentials?,
        tracks: [Track] = []
    ) -> NegotiationOutcome {
        var outcome = self
        outcome.role = role
        outcome.localCredentials = localCredentials
        outcome.tracks = tracks
        return outcome
    }
}
