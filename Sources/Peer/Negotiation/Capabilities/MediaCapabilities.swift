/// What a session may offer and accept: W3C's `RTCRtpCapabilities`, for all kinds, and data.
///
/// An offer holds nothing else, and an answer rejects or leaves out what is not here.
///
/// ```swift
/// var configuration = PeerConfiguration()
/// configuration.capabilities.video = MediaCapabilities.full.video
/// ```
public struct MediaCapabilities: Hashable, Sendable {
    /// What sections of one kind may hold, in order of preference.
    public struct Kind: Hashable, Sendable {
        /// The formats; one for retransmission stands for one behind each format of media.
        public var codecs: [CodecCapability]
        /// The RTP header extensions.
        public var headerExtensions: [HeaderExtensionCapability]
        /// The longest packet in milliseconds that is accepted (RFC 8866 §6.4).
        public var maximumPacketTime: Int?
        /// How many simulcast encodings of one track are accepted from the peer; 0 for none.
        public var receivedEncodings = 0
        /// How many simulcast encodings of one track are sent at most.
        public var sentEncodings = 1
        /// Whether RTCP packets may be reduced in size (RFC 5506).
        public var hasReducedSizeRTCP = false

        /// Formats and header extensions, and nothing beyond.
        public init(
            codecs: [CodecCapability] = [],
            headerExtensions: [HeaderExtensionCapability] = []
        ) {
            self.codecs = codecs
            self.headerExtensions = headerExtensions
        }
    }

    /// What a section of data channels says (RFC 8841).
    public struct Data: Hashable, Sendable {
        /// The port of SCTP inside DTLS.
        public var sctpPort: UInt16
        /// The largest message that is accepted; 0 means any size.
        public var maximumMessageSize: UInt64

        /// The port and message size that browsers use.
        public init(sctpPort: UInt16 = 5_000, maximumMessageSize: UInt64 = 262_144) {
            self.sctpPort = sctpPort
            self.maximumMessageSize = maximumMessageSize
        }
    }

    /// Sound.
    public var audio: Kind
    /// Pictures.
    public var video: Kind
    /// Data channels; nil if there are none.
    public var data: Data?
    /// Whether sections of one stream are grouped to be played in step (RFC 5888 §7).
    public var groupsStreams = false
    /// Whether one- and two-byte header extensions may be mixed (RFC 8285 §6).
    public var mixesExtensions = false

    /// Capabilities of each kind.
    public init(audio: Kind = Kind(), video: Kind = Kind(), data: Data? = nil) {
        self.audio = audio
        self.video = video
        self.data = data
    }

    /// The capabilities of one kind.
    public subscript(kind: MediaKind) -> Kind {
        get {
            switch kind {
            case .audio: audio
            case .video: video
            }
        }
        set {
            switch kind {
            case .audio: audio = newValue
            case .video: video = newValue
            }
        }
    }
}

/// One RTP header extension a session can offer and accept.
public struct HeaderExtensionCapability: Hashable, Sendable {
    /// What the extension is.
    public var uri: String
    /// The id in our own offers, while nothing else has it.
    public var id: UInt8?

    /// An extension, and the id it is offered under.
    public init(_ uri: String, id: UInt8? = nil) {
        self.uri = uri
        self.id = id
    }
}
