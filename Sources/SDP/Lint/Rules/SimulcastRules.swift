extension LintRule {
    /// Simulcast names an encoding that no rid line describes for that direction.
    public static let simulcastUnknownRID = LintRule(
        .error,
        "simulcast-unknown-rid",
        "RFC 8853 §5.1",
        "Simulcast names an encoding that no rid line describes for that direction.",
        advice: "Add a=rid with the same id and direction."
    )

    /// Simulcast names an encoding twice.
    public static let simulcastRepeatedRID = LintRule(
        .error,
        "simulcast-repeated-rid",
        "RFC 8853 §5.1",
        "Simulcast names an encoding twice.",
        advice: "Name every encoding once."
    )

    /// Two rid lines have the same id.
    public static let repeatedRID = LintRule(
        .error,
        "repeated-rid",
        "RFC 8851 §4",
        "Two rid lines have the same id.",
        advice: "Name every encoding of a section differently."
    )

    /// The id of an encoding has other characters than letters, digits, - and _.
    public static let ridCharacters = LintRule(
        .error,
        "rid-characters",
        "RFC 8851 §10",
        "The id of an encoding has other characters than letters, digits, - and _.",
        advice: "Use letters and digits."
    )

    /// An encoding names a payload type that the m= line does not list.
    public static let ridUnknownFormat = LintRule(
        .error,
        "rid-unknown-format",
        "RFC 8851 §4",
        "An encoding names a payload type that the m= line does not list.",
        advice: "Name payload types of the same m= line."
    )

    /// An encoding is restricted in a way that is not registered.
    public static let unknownRestriction = LintRule(
        .note,
        "unknown-restriction",
        "RFC 8851 §5",
        "An encoding is restricted in a way that is not registered.",
        advice: "Use max-width, max-height, max-fps, max-fs, max-br, max-pps, max-bpp or depend."
    )

    /// The largest allowed value of an encoding is no positive number.
    public static let restrictionValue = LintRule(
        .error,
        "restriction-value",
        "RFC 8851 §5",
        "The largest allowed value of an encoding is no positive number.",
        advice: "Write a positive number."
    )

    /// A section describes encodings and has no simulcast line.
    public static let unusedRID = LintRule(
        .note,
        "unused-rid",
        "RFC 8853 §5.1",
        "A section describes encodings and has no simulcast line.",
        advice: "Add a=simulcast, or remove the rid lines."
    )

    static let simulcastRules = [
        simulcastUnknownRID, simulcastRepeatedRID, repeatedRID, ridCharacters, ridUnknownFormat,
        unknownRestriction, restrictionValue, unusedRID,
    ]
}
