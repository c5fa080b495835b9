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
        var transport = TransportProtocol.udp
    }

    let component: ICEComponent
    var path: Path?
    /// What the descriptions said about DTLS; nil until both are known.
    private(set) var parameters: DTLSParameters?
    var dtls: DTLSConnection?
    /// The keys in use; those of a replaced association until its successor has some.
    var srtp: SRTPSession?
    /// The keys before those: packets that were on their way still need them.
    var retired: RetiredKeys?
    var early = EarlyDatagrams()
    var state = DTLSTransportState.new
    /// When the present state was reached.
    var selectedAt: Instant?

    private var lastSign: (path: Path, time: Instant)?

    init(component: ICEComponent) { self.component = component }

    /// Whether ICE should hear that packets come along `path`: it need not hear of each.
    func notesSign(on path: Path, at now: Instant) -> Bool {
        if let lastSign, lastSign.path == path, now < lastSign.time.advanced(by: signInterval) {
            return false
        }
        lastSign = (path, now)
        return true
    }

    var deadline: Instant? {
        let handshake: Instant? = dtls?.deadline
        guard let expiry = retired?.expiry else { return handshake }
        return handshake.map { min($0, expiry) } ?? expiry
    }

    /// Whether a datagram that cannot be used now may still be of use.
    var awaitsHandshake: Bool {
        switch state {
        case .new, .connecting: true
        case .connected, .closed, .failed: false
        }
    }

    var hasEnded: Bool {
        switch state {
        case .closed, .failed: true
        case .new, .connecting, .connected: false
        }
    }

    func advance(to now: Instant) {
        dtls?.advance(to: now)
        if let expiry = retired?.expiry, expiry <= now { retired = nil }
    }

    /// Takes over what the descriptions agree on.
    ///
    /// RFC 8842 §3.1: other fingerprints, another role or a new tls-id ask for another association; the
    /// old keys serve until it has its own. One that has failed or was closed makes room for it, too
    /// (RFC 9429 §5.11).
    func agree(on new: DTLSParameters) {
        guard parameters == nil || new.replaces else { return }
        dtls = nil
        state = .new
        parameters = new
    }

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
    func install(_ material: KeyingMaterial, at now: Instant) throws(SRTPError) {
        let profile = SRTPProtectionProfile(rawValue: material.profile)
        let keys = try SRTPMasterKeys(
            exporterOutput: material.bytes,
            profile: profile,
            isClient: material.localRole == .client
        )
        let fresh = try SRTPSession(profile: profile, keys: keys)
        if srtp != nil { retired = RetiredKeys(take(), expiry: now.advanced(by: overlap)) }
        srtp = consume fresh
    }

    private func take() -> SRTPSession? {
        var taken: SRTPSession?
        swap(&taken, &srtp)
        return taken
    }

    /// Gives back keys, handles and buffers, and reaches its last state.
    func end(_ last: DTLSTransportState) {
        dtls = nil
        srtp = nil
        retired = nil
        early.removeAll()
        state = last
    }
}

/// Keys that nothing is sent with any more.
///
/// The side that finishes a handshake later goes on with the old ones for half a round trip.
final class RetiredKeys {
    var srtp: SRTPSession?
    let expiry: Instant

    init(_ srtp: consuming SRTPSession?, expiry: Instant) {
        self.srtp = srtp
        self.expiry = expiry
    }
}

/// Five packets of audio; an unanswered check is doubted after seconds only.
private let signInterval = Duration.milliseconds(100)
/// How long packets under replaced keys are believed.
private let overlap = Duration.seconds(5)
