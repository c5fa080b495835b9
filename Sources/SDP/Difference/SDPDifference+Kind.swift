extension SDPDifference {
    /// What kind of fact differs; the raw value names it on command lines.
    public enum Kind: String, Hashable, Sendable, CaseIterable {
        /// The number of the v= line.
        case version
        /// User, session number, version and address of the o= line.
        case origin
        /// The s= line.
        case sessionName = "session-name"
        /// The i=, u=, e= and p= lines.
        case information
        /// The t=, r= and z= lines.
        case times
        /// The b= lines.
        case bandwidth
        /// The c= lines that hold.
        case address
        /// Sections that come, go, are rejected, accepted or recycled.
        case section
        /// The media type of a section.
        case mediaKind = "media-kind"
        /// The name of a section.
        case mid
        /// The direction that holds for a section.
        case direction
        /// The transport protocol of the m= line.
        case transportProtocol = "protocol"
        /// The port of the m= line.
        case port
        /// Formats of a section that is not RTP.
        case format
        /// Codecs that come and go.
        case codec
        /// The order of preference of the codecs that both have.
        case codecOrder = "codec-order"
        /// The number of a codec.
        case payloadType = "payload-type"
        /// A parameter of a codec.
        case formatParameter = "format-parameter"
        /// RTCP feedback of a codec.
        case feedback
        /// Header extensions that come and go, and their directions.
        case headerExtension = "header-extension"
        /// The id of a header extension.
        case headerExtensionID = "header-extension-id"
        /// Restricted encodings.
        case rid
        /// Which encodings are sent at once.
        case simulcast
        /// The streams and tracks of the msid lines.
        case stream
        /// The ssrc lines.
        case source
        /// The ssrc-group lines.
        case sourceGroup = "source-group"
        /// Sections that belong together, such as a bundle.
        case group
        /// Whether RTP and RTCP share a port.
        case multiplexing
        /// Where RTCP goes when it does not share.
        case rtcpAddress = "rtcp-address"
        /// ICE user name fragment and password; another pair is a restart.
        case credentials
        /// ICE options, and whether the sender is lite.
        case iceOptions = "ice-options"
        /// ICE candidates, and whether they are all there.
        case candidate
        /// Hashes of certificates.
        case fingerprint
        /// Who opens the DTLS connection.
        case setup
        /// The name of the DTLS association.
        case tlsID = "tls-id"
        /// The SCTP port.
        case sctpPort = "sctp-port"
        /// The largest message of a data channel.
        case messageSize = "message-size"
        /// An attribute that none of the above is about.
        case attribute
        /// A line that is no attribute and no field.
        case line

        var noun: String {
            switch self {
            case .sessionName: "session name"
            case .mediaKind: "kind"
            case .transportProtocol: "transport protocol"
            case .codecOrder: "codecs"
            case .payloadType: "payload type"
            case .formatParameter: "format parameter"
            case .headerExtension: "header extension"
            case .headerExtensionID: "id"
            case .source: "source"
            case .sourceGroup: "group of sources"
            case .multiplexing: "RTCP multiplexing"
            case .rtcpAddress: "RTCP address"
            case .credentials: "ICE credentials"
            case .iceOptions: "ICE options"
            case .setup: "DTLS role"
            case .tlsID: "TLS id"
            case .sctpPort: "SCTP port"
            case .messageSize: "largest message"
            case .version, .origin, .information, .times, .bandwidth, .address, .section, .mid,
                .direction, .port, .format, .codec, .feedback, .rid, .simulcast, .stream, .group,
                .candidate, .fingerprint, .attribute, .line:
                rawValue
            }
        }
    }
}

extension Set<SDPDifference.Kind> {
    /// What two runs of the same call say differently: numbers, secrets and addresses that are
    /// made up for each call.
    public static var madeUpForEachCall: Self {
        [
            .origin, .address, .port, .payloadType, .headerExtensionID, .stream, .source,
            .sourceGroup, .rtcpAddress, .credentials, .candidate, .fingerprint, .tlsID,
        ]
    }
}
