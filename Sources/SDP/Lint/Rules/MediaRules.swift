extension LintRule {
    /// The media type of a section is not registered.
    public static let unknownMediaType = LintRule(
        .warning,
        "unknown-media-type",
        "RFC 8866 §5.14",
        "The media type of a section is not registered.",
        advice: "Use audio, video or application."
    )

    /// The transport protocol of a section is not registered.
    public static let unknownProtocol = LintRule(
        .warning,
        "unknown-protocol",
        "RFC 8866 §5.14",
        "The transport protocol of a section is not registered.",
        advice: "Use UDP/TLS/RTP/SAVPF for media and UDP/DTLS/SCTP for data channels."
    )

    /// A section with DTLS has the protocol name of plain or SDES media.
    public static let legacyProtocol = LintRule(
        .note,
        "legacy-protocol",
        "RFC 9429 §5.1.2",
        "A section with DTLS has the protocol name of plain or SDES media.",
        advice: "Write UDP/TLS/RTP/SAVPF; others are understood for old peers only."
    )

    /// A section has no encryption.
    public static let unencryptedMedia = LintRule(
        .warning,
        "unencrypted-media",
        "RFC 8827 §6.5",
        "A section has no encryption.",
        advice: "Use UDP/TLS/RTP/SAVPF with a fingerprint; WebRTC peers refuse plain RTP."
    )

    /// The m= line lists no formats.
    public static let missingFormats = LintRule(
        .error,
        "missing-formats",
        "RFC 8866 §5.14",
        "The m= line lists no formats.",
        advice: "List payload types, or webrtc-datachannel; a rejected section keeps at least one."
    )

    /// A format stands twice in an m= line.
    public static let repeatedFormat = LintRule(
        .error,
        "repeated-format",
        "RFC 8866 §5.14",
        "A format stands twice in an m= line.",
        advice: "Keep the first; the order of formats is the order of preference."
    )

    /// A format of an RTP section is no payload type from 0 to 127.
    public static let payloadTypeRange = LintRule(
        .error,
        "payload-type-range",
        "RFC 8866 §5.14",
        "A format of an RTP section is no payload type from 0 to 127.",
        advice: "Write a number from 96 to 127, or from 35 to 63 when those are used up."
    )

    /// A payload type looks like an RTCP packet when both share a port.
    public static let rtcpPayloadType = LintRule(
        .error,
        "rtcp-payload-type",
        "RFC 5761 §4",
        "A payload type looks like an RTCP packet when both share a port.",
        advice: "Keep clear of 64 to 95."
    )

    /// A section with ICE asks for several ports.
    public static let severalPorts = LintRule(
        .warning,
        "several-ports",
        "RFC 8866 §5.14",
        "A section with ICE asks for several ports.",
        advice: "Write one port; ICE finds addresses for each component."
    )

    /// A section of WebRTC has no mid.
    public static let missingMID = LintRule(
        .warning,
        "missing-mid",
        "RFC 9429 §5.2.1",
        "A section of WebRTC has no mid.",
        advice: "Write a=mid with a name of its own in every section; without it there is no "
            + "bundle."
    )

    /// Two sections have the same mid.
    public static let repeatedMID = LintRule(
        .error,
        "repeated-mid",
        "RFC 5888 §4",
        "Two sections have the same mid.",
        advice: "Name every section differently."
    )

    /// A mid holds characters that names may not have.
    public static let midCharacters = LintRule(
        .error,
        "mid-characters",
        "RFC 5888 §4",
        "A mid holds characters that names may not have.",
        advice: "Use letters and digits."
    )

    /// A mid is longer than three bytes.
    public static let longMID = LintRule(
        .note,
        "long-mid",
        "RFC 9429 §5.2.1",
        "A mid is longer than three bytes.",
        advice: "Use 0, 1, 2 and so on; the mid travels in the header of packets."
    )

    /// A section that is not RTP has an attribute of RTP.
    public static let rtpAttributeElsewhere = LintRule(
        .warning,
        "rtp-attribute-elsewhere",
        "RFC 8866 §5.14",
        "A section that is not RTP has an attribute of RTP.",
        advice: "Remove it."
    )

    static let mediaRules = [
        unknownMediaType, unknownProtocol, legacyProtocol, unencryptedMedia, missingFormats,
        repeatedFormat, payloadTypeRange, rtcpPayloadType, severalPorts, missingMID,
        repeatedMID, midCharacters, longMID, rtpAttributeElsewhere,
    ]
}
