import DTLS
import ICE

/// What one transport has to change.
struct TransportChange: Hashable, Sendable {
    /// Our own side of ICE.
    enum Local: Hashable, Sendable {
        case unchanged
        case start(ICECredentials)
        case restart(ICECredentials)
    }

    let id: Int
    var local = Local.unchanged
    var components = 1
    var remote: RemoteTransport?
    var dtls: DTLSParameters?

    init(id: Int) { self.id = id }
}

extension NegotiationOutcome {
    /// One transport for all sections.
    func transports(isKnown: Bool) -> [TransportChange] {
        guard localCredentials != nil || remoteTransport != nil else { return [] }
        var change = TransportChange(id: 0)
        if let localCredentials {
            change.local = isKnown ? .restart(localCredentials) : .start(localCredentials)
        }
        change.remote = remoteTransport
        change.dtls = dtls
        return [change]
    }

    /// Transports that no section uses any more.
    var closedTransports: [Int] { [] }
}

/// What both descriptions agree on for DTLS (RFC 8842).
struct DTLSParameters: Hashable, Sendable {
    var role: DTLSRole
    var fingerprints: [CertificateFingerprint]
    /// The peer's name for the association, if it gives one.
    var tlsID: String?
    /// RFC 8842 §4: another association takes the place of the one in use.
    var replaces = false
}
