import SDP

/// A description of ours, and what we meant by it.
struct LocalDescription: Sendable {
    /// One m-section of it.
    struct Section: Sendable {
        var content: Content
        var mid: String
        /// The number of the transport it names, or rides on; nil if it has none yet.
        var transport: Int?
        /// Whether the BUNDLE group names it.
        var isGrouped: Bool
        var form: SectionForm

        var isRejected: Bool {
            switch content {
            case .rejected: true
            case .media, .data: false
            }
        }

        var isMedia: Bool {
            switch content {
            case .media: true
            case .data, .rejected: false
            }
        }
    }

    enum Content: Sendable {
        case media(TransceiverID, LocalMedia)
        case data
        /// With the transceiver that ends with it, if there is one.
        case rejected(TransceiverID?)
    }

    var kind: SessionDescription.Kind
    var sections: [Section]
    /// As it was written, without candidates.
    var description: SDPDescription
    var text: String
}

/// What a section of ours says of media.
struct LocalMedia: Hashable, Sendable {
    var direction: MediaDirection
    /// Whether msid lines tell what we send, or would (RFC 9429 §5.2.1: by the transceiver's wish).
    var announces: Bool
    var codecs: [SectionCodec]
    /// The program's preferences that these follow.
    var preferences: [CapabilityTable.Entry]?
    var extensions: [SectionExtension]
    var streamIDs: [String]
    /// Encodings we send at once; empty without simulcast.
    var sent: [SimulcastAttribute.Alternative] = []
    /// Encodings of the peer's that we take.
    var received: [SimulcastAttribute.Alternative] = []
    var hasReducedSizeRTCP = false
}
