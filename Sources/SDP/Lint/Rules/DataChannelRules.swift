extension LintRule {
    /// A section of data channels has no SCTP port.
    public static let missingSCTPPort = LintRule(
        .error,
        "missing-sctp-port",
        "RFC 8841 §5.1",
        "A section of data channels has no SCTP port.",
        advice: "Add a=sctp-port:5000."
    )

    /// A section of data channels has the attribute of an old draft.
    public static let legacySctpmap = LintRule(
        .warning,
        "legacy-sctpmap",
        "RFC 8841 §5",
        "A section of data channels has the attribute of an old draft.",
        advice: "Write a=sctp-port, and webrtc-datachannel in the m= line."
    )

    /// A section of data channels has the protocol name of an old draft.
    public static let legacySCTPProtocol = LintRule(
        .warning,
        "legacy-sctp-protocol",
        "RFC 8841 §4.2",
        "A section of data channels has the protocol name of an old draft.",
        advice: "Write UDP/DTLS/SCTP."
    )

    /// The format of a section of data channels is not webrtc-datachannel.
    public static let dataChannelFormat = LintRule(
        .warning,
        "data-channel-format",
        "RFC 8841 §4.3",
        "The format of a section of data channels is not webrtc-datachannel.",
        advice: "Write webrtc-datachannel at the end of the m= line."
    )

    /// A section of data channels does not say how large messages may be.
    public static let missingMessageSize = LintRule(
        .note,
        "missing-message-size",
        "RFC 8841 §6.1",
        "A section of data channels does not say how large messages may be.",
        advice: "Add a=max-message-size; without it peers send at most 64 KiB."
    )

    /// There are several sections of data channels.
    public static let severalDataSections = LintRule(
        .warning,
        "several-data-sections",
        "RFC 9429 §5.2.1",
        "There are several sections of data channels.",
        advice: "Open all channels in one section."
    )

    static let dataChannelRules = [
        missingSCTPPort, legacySctpmap, legacySCTPProtocol, dataChannelFormat,
        missingMessageSize, severalDataSections,
    ]
}
