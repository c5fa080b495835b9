import DTLS
import ICE
import SDP
import Wire

/// One m-section of the peer's description, read and judged.
struct RemoteSection: Hashable, Sendable {
    var index: Int
    var mid: String
    /// Whether the description names the mid, or it was made up.
    var namesMid: Bool
    var kind: String
    /// The m= line's protocol and formats, to reject the section in its own words.
    var protocolName: String
    var formats: [String]
    var isRTP: Bool
    var isRejected: Bool
    /// Whether it can share the one transport.
    var isBundled: Bool
    /// Whether the description's BUNDLE group names it.
    var isGrouped: Bool
    var hasRTCPMux: Bool
    var direction: MediaDirection
    /// Opus, by the peer's payload type; nil if the section does not offer it.
    var opus: OpusFormat?
    var extensions: [NegotiatedExtension]
    var ssrcs: [UInt32]
    var streamIDs: [String]
    var transport: RemoteTransport

    /// Whether both sides can use the section: one transport, RTCP on it, and a codec we have.
    var isUsable: Bool {
        kind == MediaKind.audio.rawValue && !isRejected && hasRTCPMux && isBundled && opus != nil
            && index < maximumSections && isRTP
    }
}

/// How the peer wants Opus (RFC 7587 §6.1).
struct OpusFormat: Hashable, Sendable {
    var payloadType: UInt8
    var parameters = OpusParameters()
}

/// One a=extmap line of an extension that we know.
struct NegotiatedExtension: Hashable, Sendable {
    var id: UInt8
    var uri: String
}

/// The transport attributes of a section, those of the session included.
struct RemoteTransport: Hashable, Sendable {
    var credentials: ICECredentials?
    var isLite = false
    var pacing: Duration?
    var fingerprints: [CertificateFingerprint] = []
    var setup: SetupRole?
    var candidates: [Candidate] = []
    var isComplete = false
    var namesTLSID = false

    /// What a bundled section leaves out, the section that speaks for the group says (RFC 9143 §7.1.3).
    ///
    /// A section with credentials of its own has a transport of its own while the group is only offered.
    mutating func inherit(_ shared: RemoteTransport) {
        guard credentials == nil || credentials == shared.credentials else { return }
        credentials = shared.credentials
        if fingerprints.isEmpty { fingerprints = shared.fingerprints }
        if setup == nil { setup = shared.setup }
        candidates += shared.candidates.filter { !candidates.contains($0) }
        candidates = Array(candidates.prefix(maximumCandidates))
        isComplete = isComplete || shared.isComplete
        namesTLSID = namesTLSID || shared.namesTLSID
    }
}

/// What one description may bring; the agent has limits of its own.
let maximumCandidates = 100
/// Sections beyond are rejected: each that is accepted has streams and buffers.
let maximumSections = 64

/// The header extensions that present modules carry.
enum KnownExtension {
    static let mid = ExtensionMapAttribute.midURI
    static let audioLevel = ExtensionMapAttribute.audioLevelURI
}
