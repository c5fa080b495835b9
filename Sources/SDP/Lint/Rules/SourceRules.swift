extension LintRule {
    /// A source has no CNAME.
    public static let missingCNAME = LintRule(
        .warning,
        "missing-cname",
        "RFC 5576 §6.1",
        "A source has no CNAME.",
        advice: "Add a=ssrc with cname; it ties the streams of a peer together."
    )

    /// A source has two CNAMEs.
    public static let conflictingCNAME = LintRule(
        .error,
        "conflicting-cname",
        "RFC 5576 §6.1",
        "A source has two CNAMEs.",
        advice: "Keep one of them."
    )

    /// A group names a source that has no ssrc line.
    public static let groupUnknownSource = LintRule(
        .warning,
        "group-unknown-source",
        "RFC 5576 §4.2",
        "A group names a source that has no ssrc line.",
        advice: "Add a=ssrc lines for all sources of the group."
    )

    /// A group has fewer sources than its semantics need.
    public static let sourceGroupSize = LintRule(
        .error,
        "source-group-size",
        "RFC 5576 §4.2",
        "A group has fewer sources than its semantics need.",
        advice: "FID and FEC-FR name two sources each."
    )

    /// The semantics of a group of sources are not registered.
    public static let unknownSourceGroup = LintRule(
        .note,
        "unknown-source-group",
        "RFC 5576 §4.2",
        "The semantics of a group of sources are not registered.",
        advice: "Use FID or FEC-FR."
    )

    /// Two sections of a bundle have the same source.
    public static let repeatedSource = LintRule(
        .error,
        "repeated-source",
        "RFC 9143 §9.1",
        "Two sections of a bundle have the same source.",
        advice: "Give every section sources of its own."
    )

    /// A section has several tracks.
    public static let severalTracks = LintRule(
        .warning,
        "several-tracks",
        "RFC 9429 §5.2.1",
        "A section has several tracks.",
        advice: "Give every track a section of its own; peers with one track a section take "
            + "the first."
    )

    /// A section that sends does not name its streams.
    public static let missingMSID = LintRule(
        .note,
        "missing-msid",
        "RFC 8830 §2",
        "A section that sends does not name its streams.",
        advice: "Add a=msid; without it the receiver makes up a stream."
    )

    /// Simulcast is signalled by a group of sources.
    public static let legacySimulcast = LintRule(
        .note,
        "legacy-simulcast",
        "RFC 8853 §5",
        "Simulcast is signalled by a group of sources.",
        advice: "Use a=rid and a=simulcast."
    )

    static let sourceRules = [
        missingCNAME, conflictingCNAME, groupUnknownSource, sourceGroupSize, unknownSourceGroup,
        repeatedSource, severalTracks, missingMSID, legacySimulcast,
    ]
}
