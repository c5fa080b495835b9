import ICE

/// What negotiation decided about one transport: a BUNDLE group, or a section on its own.
struct TransportOutcome: Sendable {
    /// The number the transport keeps for its life.
    var stream: Int
    /// 2 when RTCP has a component of its own (RFC 8445 §4).
    var components = 1
    /// New local credentials: begin the transport with them, or restart ICE.
    var localCredentials: ICECredentials?
    /// The peer's side, once both descriptions are known.
    var remote: RemoteTransport?
    var dtls: DTLSParameters?
    /// RFC 8842 §5: another DTLS association takes the place of the present one.
    var replacesAssociation = false
}

extension NegotiationOutcome {
    /// One transport for all sections.
    var transports: [TransportOutcome] {
        guard localCredentials != nil || remoteTransport != nil else { return [] }
        return [
            TransportOutcome(
                stream: 0,
                localCredentials: localCredentials,
                remote: remoteTransport,
                dtls: dtls
            )
        ]
    }

    /// Transports that no section uses any more.
    var unusedTransports: [Int] { [] }
}
