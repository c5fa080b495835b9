import DTLS
import ICE

/// What a description asks the session to do.
///
/// Carry it out in this order: ``role``, ``transports`` in theirs, ``closedTransports``,
/// ``sections``.
struct NegotiationOutcome: Sendable {
    /// The part we play in ICE, when it is decided.
    var role: ICERole?
    /// Transports that are new or of which something changed, lowest number first.
    var transports: [TransportChange] = []
    /// Numbers of transports that nothing rides on any more: close them.
    var closedTransports: [Int] = []
    /// What each audio section carries, once agreed; nil if that did not change.
    var sections: [SectionParameters]?
}

/// What one transport has to change.
///
/// A transport is one ICE data stream (RFC 8445 §4) with one DTLS association on each of its
/// components: that of a BUNDLE group, or of a section that has one for itself. Its number never
/// changes and never means another one.
struct TransportChange: Hashable, Sendable {
    /// Our own side of ICE.
    enum Local: Hashable, Sendable {
        /// As it was.
        case unchanged
        /// The transport is new: make it, and gather candidates for it.
        case start(ICECredentials)
        /// RFC 8445 §9: other credentials than before.
        case restart(ICECredentials)
        /// A restart that was not answered is not to be: the credentials before it are in force.
        case takeBackRestart
    }

    let id: Int
    var local = Local.unchanged
    /// 1 where RTCP shares the port, 2 where it has its own (component 2).
    ///
    /// It begins with 2 under `RTCPMuxPolicy.negotiate`, and falls to 1 with the answer.
    var components = 1
    /// The peer's side of ICE, once both descriptions are known; nil if it did not change.
    var remote: RemoteTransport?
    /// DTLS, once both descriptions are known; nil if it did not change.
    var dtls: DTLSParameters?

    init(id: Int) { self.id = id }
}

/// What both descriptions agree on for DTLS (RFC 8842).
struct DTLSParameters: Hashable, Sendable {
    var role: DTLSRole
    var fingerprints: [CertificateFingerprint]
    /// The peer's name for the association, if it gives one.
    var tlsID: String?
    /// RFC 8842 §3.1: fingerprint, role or tls-id differ from what was agreed before, so the
    /// association in use ends and a new one takes its place.
    var replaces = false
}
