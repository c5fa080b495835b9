extension LintRule {
    /// A group names a mid that no section has.
    public static let groupUnknownMID = LintRule(
        .error,
        "group-unknown-mid",
        "RFC 5888 §6",
        "A group names a mid that no section has.",
        advice: "Name only mids of this description."
    )

    /// A group names a mid twice.
    public static let groupRepeatedMID = LintRule(
        .error,
        "group-repeated-mid",
        "RFC 5888 §5",
        "A group names a mid twice.",
        advice: "Name it once."
    )

    /// A section is in two BUNDLE groups.
    public static let overlappingBundles = LintRule(
        .error,
        "overlapping-bundles",
        "RFC 9143 §5",
        "A section is in two BUNDLE groups.",
        advice: "Leave it in one of them."
    )

    /// Several sections of WebRTC are in no BUNDLE group.
    public static let missingBundle = LintRule(
        .note,
        "missing-bundle",
        "RFC 9429 §5.2.1",
        "Several sections of WebRTC are in no BUNDLE group.",
        advice: "Add a=group:BUNDLE with all mids, so that one transport is enough."
    )

    /// The semantics of a group are not registered.
    public static let unknownGroup = LintRule(
        .note,
        "unknown-group",
        "RFC 5888 §5",
        "The semantics of a group are not registered.",
        advice: "Use BUNDLE or LS."
    )

    /// A section that is only of use in a bundle is in none.
    public static let bundleOnlyAlone = LintRule(
        .error,
        "bundle-only-alone",
        "RFC 9143 §6",
        "A section that is only of use in a bundle is in none.",
        advice: "Add its mid to the BUNDLE group."
    )

    /// A section that is only of use in a bundle has a port of its own.
    public static let bundleOnlyPort = LintRule(
        .warning,
        "bundle-only-port",
        "RFC 9143 §6",
        "A section that is only of use in a bundle has a port of its own.",
        advice: "Write port 0 beside a=bundle-only in an offer, and no a=bundle-only in an answer."
    )

    /// The first section of a bundle is only of use in a bundle.
    public static let bundleOnlyTagged = LintRule(
        .error,
        "bundle-only-tagged",
        "RFC 9143 §7.2.1",
        "The first section of a bundle is only of use in a bundle.",
        advice: "Name a section with a transport of its own first."
    )

    /// A rejected section is in a BUNDLE group.
    public static let bundleRejected = LintRule(
        .error,
        "bundle-rejected",
        "RFC 9143 §7.3.3",
        "A rejected section is in a BUNDLE group.",
        advice: "Remove its mid from the group."
    )

    /// Two sections of a bundle use one payload type for different codecs.
    public static let bundlePayloadType = LintRule(
        .error,
        "bundle-payload-type",
        "RFC 9143 §9.1.1",
        "Two sections of a bundle use one payload type for different codecs.",
        advice: "Give every codec of a bundle a number of its own."
    )

    static let bundleRules = [
        groupUnknownMID, groupRepeatedMID, overlappingBundles, missingBundle, unknownGroup,
        bundleOnlyAlone, bundleOnlyPort, bundleOnlyTagged, bundleRejected, bundlePayloadType,
    ]
}
