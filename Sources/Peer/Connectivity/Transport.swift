import DTLS
import ICE
import SRTP
import Wire

/// One ICE component with the DTLS association on it and the SRTP session keyed by that.
///
/// A reference, so that a session can keep a table of them: the handles inside cannot be copied.
/// Only its session ever holds it.
final class Transport {
    /// The two ends packets travel between.
    struct Path: Hashable {
        var local: SocketAddress
        var remote: SocketAddress
    }

    let component: ICEComponent
    var path: Path?
    /// What the descriptions said about DTLS; nil until both are known.
    var parameters: DTLSParameters?
    var dtls: DTLSConnection?
    var srtp: SRTPSession?
    var early = EarlyDatagrams()
    var state = DTLSTransportState.new

    init(component: ICEComponent) { self.component = component }

    var deadline: Instant? { dtls?.deadline }

    /// Whether a datagram that cannot be used now may still be of use.
    var awaitsHandshake: Bool {
        switch state {
        case .new, .connecting: true
        case .connected, .closed, .failed: false
        }
    }

    func advance(to now: Instant) { dtls?.advance(to: now) }

    /// Starts the handshake once there is a path and both descriptions are known.
    func startIfReady(
        certificate: Certificate,
        configuration: DTLSConfiguration,
        roundTripTime: Duration?,
        at now: Instant
    ) throws(DTLSError) {
        guard dtls == nil, state == .new, path != nil, let parameters else { return }
        var connection = try DTLSConnection(
            role: parameters.role,
            certificate: certificate,
            peerFingerprints: parameters.fingerprints,
            configuration: configuration
        )
        connection.start(roundTripTime: roundTripTime, at: now)
        dtls = consume connection
        state = .connecting
    }

    /// Takes over the keys that the handshake agreed on.
    func install(_ material: KeyingMaterial) throws(SRTPError) {
        let profile = SRTPProtectionProfile(rawValue: material.profile)
        let keys = try SRTPMasterKeys(
            exporterOutput: material.bytes,
            profile: profile,
            isClient: material.localRole == .client
        )
        srtp = try SRTPSession(profile: profile, keys: keys)
    }

    /// Gives back keys, handles and buffers, and reaches its last state.
    func end(_ last: DTLSTransportState) {
        dtls = nil
        srtp = nil
        early.removeAll()
        state = last
    }
}
