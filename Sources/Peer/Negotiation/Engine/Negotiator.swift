import DTLS
import ICE
import SDP
import Wire

/// Offer and answer (RFC 9429): told descriptions and wishes, returns what the session must do.
///
/// A pure value: every input either succeeds as a whole or leaves it as it was.
struct Negotiator: Sendable {
    var signaling = SignalingPhase.stable
    var transceivers = TransceiverTable()
    var slots: [SectionSlot] = []
    var transports = TransportTable()
    var data = DataSection()
    /// Descriptions both sides have agreed on.
    var current: Agreement?
    var identity: LocalIdentity
    var numbers = SessionNumbers()
    var progress = Progress()
    let rules: Rules
    var entropy: Entropy

    /// What the configuration decides for the whole session.
    struct Rules: Sendable {
        let table: CapabilityTable
        let bundlePolicy: BundlePolicy
        let muxPolicy: RTCPMuxPolicy
        let maximumSections: Int
        let maximumTransports: Int
        let renominates: Bool

        init(_ configuration: PeerConfiguration) {
            table = CapabilityTable(configuration.capabilities)
            bundlePolicy = configuration.bundlePolicy
            muxPolicy = configuration.rtcpMuxPolicy
            maximumSections = configuration.maximumSections
            maximumTransports = configuration.maximumTransports
            renominates = configuration.ice.usesRenomination
        }

        /// How many components a transport is gathered for.
        var components: Int { muxPolicy == .negotiate ? 2 : 1 }
    }

    /// Small facts about how far negotiation has come.
    struct Progress: Sendable {
        /// What createOffer and createAnswer returned last: only that may be set.
        var offer: LocalDescription?
        var answer: LocalDescription?
        /// Fragments of credentials that restartIce wants replaced (W3C WebRTC §4.4.2).
        var fragmentsToReplace: Set<String> = []
        /// Whether the program was told that negotiation is needed, and has not done it.
        var isNegotiationNeeded = false
        /// What the session was told of each transport.
        var told: [Int: ToldTransport] = [:]
        /// Whether the part we play in ICE is decided.
        var hasICERole = false
        var nextTransaction: UInt64 = 1
    }

    init(
        fingerprint: CertificateFingerprint,
        configuration: PeerConfiguration,
        entropy: consuming Entropy
    ) {
        identity = LocalIdentity(
            fingerprint: fingerprint,
            isLite: configuration.ice.isLite,
            entropy: &entropy
        )
        rules = Rules(configuration)
        self.entropy = entropy
    }

    var state: SignalingState { signaling.state }

    mutating func close() { signaling = .closed }

    /// Throws once the session is closed.
    func requireOpen() throws(PeerError) {
        guard state != .closed else { throw .invalidState(.closed) }
    }

    /// What a rollback would come back to from here.
    var checkpoint: Checkpoint {
        Checkpoint(slots: slots, transceivers: transceivers, transports: transports, data: data)
    }

    /// The descriptions that are pending, or else agreed.
    var latestLocal: LocalDescription? { signaling.pendingLocal ?? current?.local }
    var latestRemote: RemoteDescription? { signaling.pendingRemote ?? current?.remote }
}
