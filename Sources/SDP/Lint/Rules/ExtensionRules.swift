extension LintRule {
    /// Two header extensions have the same id.
    public static let repeatedExtensionID = LintRule(
        .error,
        "repeated-extension-id",
        "RFC 8285 §5",
        "Two header extensions have the same id.",
        advice: "Number the extensions of a section differently."
    )

    /// A header extension is mapped twice for the same direction.
    public static let repeatedExtension = LintRule(
        .warning,
        "repeated-extension",
        "RFC 8285 §5",
        "A header extension is mapped twice for the same direction.",
        advice: "Keep one of the ids."
    )

    /// An id above 14 needs two-byte headers, which the description does not allow to mix.
    public static let twoByteExtensionID = LintRule(
        .note,
        "two-byte-extension-id",
        "RFC 8285 §4.2",
        "An id above 14 needs two-byte headers, which the description does not allow to mix.",
        advice: "Add a=extmap-allow-mixed, or use 1 to 14."
    )

    /// An id above 4095 only says that an extension is known.
    public static let provisionalExtensionID = LintRule(
        .note,
        "provisional-extension-id",
        "RFC 8285 §7",
        "An id above 4095 only says that an extension is known.",
        advice: "An answer gives the extension an id below 256, or leaves it out."
    )

    /// Two sections of a bundle use one id for different header extensions.
    public static let bundleExtensionID = LintRule(
        .error,
        "bundle-extension-id",
        "RFC 9143 §12",
        "Two sections of a bundle use one id for different header extensions.",
        advice: "Give an extension the same id in every section of a bundle."
    )

    /// A bundle has several RTP sections, and one lacks the header extension for mids.
    public static let missingMIDExtension = LintRule(
        .warning,
        "missing-mid-extension",
        "RFC 9143 §9.1",
        "A bundle has several RTP sections, and one lacks the header extension for mids.",
        advice: "Map urn:ietf:params:rtp-hdrext:sdes:mid in every section."
    )

    /// A section with simulcast lacks the header extension that tells encodings apart.
    public static let missingRIDExtension = LintRule(
        .error,
        "missing-rid-extension",
        "RFC 8853 §5.5",
        "A section with simulcast lacks the header extension that tells encodings apart.",
        advice: "Map urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id."
    )

    static let extensionRules = [
        repeatedExtensionID, repeatedExtension, twoByteExtensionID, provisionalExtensionID,
        bundleExtensionID, missingMIDExtension, missingRIDExtension,
    ]
}
