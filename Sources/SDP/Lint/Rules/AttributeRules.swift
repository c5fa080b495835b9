extension LintRule {
    /// The name of an attribute is empty or holds characters that names may not have.
    public static let attributeName = LintRule(
        .error,
        "attribute-name",
        "RFC 8866 §5.13",
        "The name of an attribute is empty or holds characters that names may not have.",
        advice: "Use letters, digits and hyphens."
    )

    /// The value of an attribute cannot be read.
    public static let malformedAttribute = LintRule(
        .error,
        "malformed-attribute",
        "RFC 8866 §5.13",
        "The value of an attribute cannot be read.",
        advice: "Compare the value with the grammar of its RFC; peers ignore the line or "
            + "refuse the description."
    )

    /// An attribute that is only there or not has a value.
    public static let propertyWithValue = LintRule(
        .warning,
        "property-with-value",
        "RFC 8866 §5.13",
        "An attribute that is only there or not has a value.",
        advice: "Write the name alone; peers compare the whole line."
    )

    /// An attribute of media sections stands before the first of them.
    public static let mediaAttributeInSession = LintRule(
        .warning,
        "media-attribute-in-session",
        "RFC 8866 §5.13",
        "An attribute of media sections stands before the first of them.",
        advice: "Move it into the sections that it is about."
    )

    /// An attribute of the session stands in a media section.
    public static let sessionAttributeInMedia = LintRule(
        .warning,
        "session-attribute-in-media",
        "RFC 8866 §5.13",
        "An attribute of the session stands in a media section.",
        advice: "Move it before the first m= line."
    )

    /// An attribute that may come once comes again.
    public static let repeatedAttribute = LintRule(
        .warning,
        "repeated-attribute",
        "RFC 8866 §5.13",
        "An attribute that may come once comes again.",
        advice: "Keep one of them; peers take the first or the last."
    )

    /// A section states several directions.
    public static let conflictingDirections = LintRule(
        .error,
        "conflicting-directions",
        "RFC 8866 §6.7",
        "A section states several directions.",
        advice: "Keep one of sendrecv, sendonly, recvonly and inactive."
    )

    static let attributeRules = [
        attributeName, malformedAttribute, propertyWithValue, mediaAttributeInSession,
        sessionAttributeInMedia, repeatedAttribute, conflictingDirections,
    ]
}
