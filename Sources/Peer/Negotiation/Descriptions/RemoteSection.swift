import DTLS
import ICE
import SDP
import Wire

/// One m-section of the peer's description, read.
struct RemoteSection: Hashable, Sendable {
    /// What a section carries.
    enum Content: Hashable, Sendable {
        case media(MediaKind)
        case data(DataFormat)
        /// Something that negotiation does not know; it can only be rejected.
        case unknown
    }

    let index: Int
    var mid: String
    /// Whether the description names the mid, or it was made up.
    var namesMid: Bool
    /// The m= line's words, to reject the section in them.
    var form: SectionForm
    var content: Content
    var isRejected: Bool
    var isBundleOnly: Bool
    /// Whether RTP and RTCP share a port; and whether they must.
    var mux = Multiplexing.none
    var direction: MediaDirection
    var media = RemoteMedia()
    /// What the section itself says of its transport, or the session for it.
    var transport: RemoteTransport
    /// Candidates that came by themselves, as they were signaled.
    var trickled: [CandidateAttribute] = []
    /// Whether the end of candidates was signaled by itself.
    var hasTrickledEnd = false

    enum Multiplexing: Hashable, Sendable {
        case none, offered, only
    }
}

/// What an m= line says besides the port.
struct SectionForm: Hashable, Sendable {
    var kind: String
    var protocolName: String
    var formats: [String]
}

/// What a section of media says beyond its transport.
struct RemoteMedia: Hashable, Sendable {
    var codecs: [RemoteCodec] = []
    var extensions: [SectionExtension] = []
    var ssrcs: [UInt32] = []
    var streamIDs: [String] = []
    var rids: [RIDAttribute] = []
    var simulcast: SimulcastAttribute?
    var hasReducedSizeRTCP = false
    /// Whether the section itself lets one- and two-byte extensions be mixed (RFC 8285 §6).
    var mixesExtensions = false
}

/// A format as the peer describes it.
struct RemoteCodec: Hashable, Sendable {
    var payloadType: UInt8
    var key: FormatKey
    var purpose: CodecCapability.Purpose
    /// The payload type it repeats.
    var repeats: UInt8?
    /// Profile and level, of H.264.
    var pictureLevel: H264Level?
    /// Feedback the peer gives and wants for it.
    var feedback: [String]
}

/// How the peer describes a section of data channels.
struct DataFormat: Hashable, Sendable {
    var sctpPort: UInt16
    /// RFC 8841 §6.1: 64 KiB where it is not said; 0 means any size.
    var maximumMessageSize: UInt64
    /// `a=sctpmap` of early drafts, whose m= line names the port instead of the format.
    var isLegacy: Bool
}

/// The transport attributes of a section, those of the session included.
struct RemoteTransport: Hashable, Sendable {
    var credentials: ICECredentials?
    var isLite = false
    /// Whether the peer takes back nominations (draft-thatcher-ice-renomination).
    var renominates = false
    var pacing: Duration?
    var fingerprints: [CertificateFingerprint] = []
    var setup: SetupRole?
    var tlsID: String?
    var candidates: [Candidate] = []
    /// Candidates whose addresses are names of the local network (mDNS).
    var named: [CandidateAttribute] = []
    var isComplete = false

    /// What a bundled section leaves out, the section that speaks for the group says (RFC 9143 §7.1.3).
    ///
    /// A section with credentials of its own has a transport of its own while the group is only offered.
    mutating func inherit(_ shared: RemoteTransport) {
        guard credentials == nil || credentials == shared.credentials else { return }
        credentials = shared.credentials
        if fingerprints.isEmpty { fingerprints = shared.fingerprints }
        if setup == nil { setup = shared.setup }
        if tlsID == nil { tlsID = shared.tlsID }
        isComplete = isComplete || shared.isComplete
        for candidate in shared.candidates { keep(candidate) }
        for candidate in shared.named { keep(named: candidate) }
    }

    /// Remembers a candidate, unless it is known or there are too many.
    mutating func keep(_ candidate: Candidate) {
        guard candidates.count < maximumCandidates, !candidates.contains(candidate) else { return }
        candidates.append(candidate)
    }

    /// Remembers a candidate with a name, unless it is known or there are too many.
    mutating func keep(named candidate: CandidateAttribute) {
        guard named.count < maximumNamed, !named.contains(candidate) else { return }
        named.append(candidate)
    }
}

/// What one description may bring for one transport; the agent has limits of its own.
let maximumCandidates = 100
/// Names cost a question each.
let maximumNamed = 16
