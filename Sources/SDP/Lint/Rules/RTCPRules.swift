extension LintRule {
    /// A section of WebRTC does not offer to share its port with RTCP.
    public static let missingRTCPMux = LintRule(
        .warning,
        "missing-rtcp-mux",
        "RFC 9429 §5.2.1",
        "A section of WebRTC does not offer to share its port with RTCP.",
        advice: "Write a=rtcp-mux; peers with the usual policy refuse the section."
    )

    /// A bundled section does not share its port with RTCP.
    public static let bundleWithoutRTCPMux = LintRule(
        .error,
        "bundle-without-rtcp-mux",
        "RFC 9143 §9.3",
        "A bundled section does not share its port with RTCP.",
        advice: "Write a=rtcp-mux in every section of a bundle."
    )

    /// A section has rtcp-mux-only without rtcp-mux.
    public static let rtcpMuxOnlyAlone = LintRule(
        .error,
        "rtcp-mux-only-alone",
        "RFC 8858 §4.2",
        "A section has rtcp-mux-only without rtcp-mux.",
        advice: "Write both; old peers know only the second."
    )

    /// An answer has rtcp-mux-only, which is for offers.
    public static let answerRTCPMuxOnly = LintRule(
        .warning,
        "answer-rtcp-mux-only",
        "RFC 8858 §4.3",
        "An answer has rtcp-mux-only, which is for offers.",
        advice: "Write a=rtcp-mux alone; it agrees to either."
    )

    /// A section of WebRTC does not offer RTCP of reduced size.
    public static let missingRTCPRsize = LintRule(
        .note,
        "missing-rtcp-rsize",
        "RFC 9429 §5.2.1",
        "A section of WebRTC does not offer RTCP of reduced size.",
        advice: "Write a=rtcp-rsize."
    )

    /// A section that only multiplexes RTCP has a candidate for RTCP alone.
    public static let rtcpMuxOnlyCandidate = LintRule(
        .warning,
        "rtcp-mux-only-candidate",
        "RFC 8858 §5.3",
        "A section that only multiplexes RTCP has a candidate for RTCP alone.",
        advice: "Remove candidates of component 2."
    )

    static let rtcpRules = [
        missingRTCPMux, bundleWithoutRTCPMux, rtcpMuxOnlyAlone, missingRTCPRsize,
        rtcpMuxOnlyCandidate, answerRTCPMuxOnly,
    ]
}
