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
    var isRejected: Bool
    var isBundled: Bool
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
}

/// The header extensions that present modules carry.
enum KnownExtension {
    static let mid = ExtensionMapAttribute.midURI
    static let audioLevel = ExtensionMapAttribute.audioLevelURI
}
