public import DTLS
public import ICE
public import JitterBuffer
public import SDP

/// What a session is told once, when it is made.
///
/// The defaults suit a call over the internet.
public struct PeerConfiguration: Sendable {
    /// Timings and limits of connectivity checks.
    public var ice = ICEConfiguration()
    /// Which candidates of ours there are, and what the peer is told of them.
    public var gathering = GatheringConfiguration()
    /// STUN and TURN servers to ask for candidates.
    public var iceServers: [ICEServer] = []
    /// For how many transports candidates are gathered before the first description asks for them:
    /// W3C's `iceCandidatePoolSize`.
    public var candidatePoolSize = 0
    /// Whether a path that was lost, or a much better one, leads to ``PeerEvent/negotiationNeeded`` with
    /// new credentials (RFC 8445 §9) without the program's asking.
    public var restartsByItself = true
    /// MTU, cipher preferences and timings of DTLS.
    public var dtls = DTLSConfiguration()
    /// Delays the jitter buffer may choose from.
    public var jitterBuffer = JitterBufferConfiguration()
    /// Which transports an offer asks for, should the peer not bundle: W3C's `RTCBundlePolicy`.
    public var bundlePolicy = BundlePolicy.balanced
    /// Whether RTCP may have a port of its own: W3C's `RTCRtcpMuxPolicy`.
    public var rtcpMuxPolicy = RTCPMuxPolicy.require
    /// What may be offered and accepted; by default what present modules carry.
    public var capabilities = MediaCapabilities.present
    /// How strictly the peer's descriptions are read; what is borne is listed in
    /// ``PeerWarning/descriptionDeviates(_:)``.
    ///
    /// Real peers break RFC 8866 in small ways: `.strict` is for tests of them.
    public var descriptionMode = SDPDescription.Mode.tolerant
    /// How large descriptions of the peer's may be.
    public var descriptionLimits = SDPLimits()
    /// Sections of a description beyond this number are rejected: each has streams and buffers.
    public var maximumSections = 256
    /// Transports of one session: what would need another one is bundled or rejected, for each has checks
    /// to send, a handshake and keys.
    public var maximumTransports = 64
    /// The largest payload of one audio packet that is accepted from the program.
    public var maximumAudioPayload = 1_275 * 3

    /// The defaults.
    ///
    /// DTLS repeats itself at least every 5 s: with the 60 s of RFC 6347 §4.2.4.1 a flight that was lost
    /// six times would be missed for longer than anybody waits for a call.
    public init() { dtls.maximumTimeout = .seconds(5) }
}

/// Which transports an offer asks for, should the peer not bundle (RFC 9429 §4.1.1).
public enum BundlePolicy: String, Hashable, Sendable, CaseIterable {
    /// One for the first section of each kind.
    case balanced
    /// One for every section.
    case maxCompat = "max-compat"
    /// One for all.
    case maxBundle = "max-bundle"
}

/// Whether RTCP may have a port of its own (RFC 9429 §4.1.1).
public enum RTCPMuxPolicy: String, Hashable, Sendable, CaseIterable {
    /// Ports for both are gathered; the peer decides.
    case negotiate
    /// Sections without rtcp-mux are rejected.
    case require
}
