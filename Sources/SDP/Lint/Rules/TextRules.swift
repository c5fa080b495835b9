extension LintRule {
    /// The text is no session description, or one beyond all limits.
    public static let unreadable = LintRule(
        .error,
        "unreadable",
        "RFC 8866 §5",
        "The text is no session description, or one beyond all limits.",
        advice: "Look at the first line that is named; nothing behind it was read."
    )

    /// A line that every description has is not there.
    public static let requiredLine = LintRule(
        .error,
        "required-line",
        "RFC 8866 §5",
        "A line that every description has is not there.",
        advice: "Write v=0, o=, s=- and t=0 0, in this order."
    )

    /// A line stands where its type may not.
    public static let lineOrder = LintRule(
        .error,
        "line-order",
        "RFC 8866 §5",
        "A line stands where its type may not.",
        advice: "Write the lines in the order v o s i u e p c b t a, and in a section m i c b a."
    )

    /// A line that may come once comes again.
    public static let repeatedLine = LintRule(
        .error,
        "repeated-line",
        "RFC 8866 §5",
        "A line that may come once comes again.",
        advice: "Keep one of them."
    )

    /// A line has a type that no RFC knows.
    public static let unknownLine = LintRule(
        .warning,
        "unknown-line",
        "RFC 8866 §5",
        "A line has a type that no RFC knows.",
        advice: "Remove the line; parsers ignore it or refuse the description."
    )

    /// The fields of a line are wrong.
    public static let malformedLine = LintRule(
        .error,
        "malformed-line",
        "RFC 8866 §5",
        "The fields of a line are wrong.",
        advice: "Compare the line with the grammar of its type."
    )

    /// A line is blank, or is no <type>=<value>.
    public static let strayText = LintRule(
        .error,
        "stray-text",
        "RFC 8866 §5",
        "A line is blank, or is no <type>=<value>.",
        advice: "Remove the line."
    )

    /// A line does not end with CR LF.
    public static let lineEnding = LintRule(
        .warning,
        "line-ending",
        "RFC 8866 §5",
        "A line does not end with CR LF.",
        advice: "End every line, also the last one, with CR LF."
    )

    /// A line has spaces before its end.
    public static let trailingSpace = LintRule(
        .warning,
        "trailing-space",
        "RFC 8866 §5",
        "A line has spaces before its end.",
        advice: "Remove them; strict parsers count them as an empty field."
    )

    /// A line holds NUL, a lone CR, or bytes that are not UTF-8.
    public static let forbiddenText = LintRule(
        .error,
        "forbidden-text",
        "RFC 8866 §9",
        "A line holds NUL, a lone CR, or bytes that are not UTF-8.",
        advice: "Write UTF-8 without control characters."
    )

    static let textRules = [
        unreadable, requiredLine, lineOrder, repeatedLine, unknownLine, malformedLine,
        strayText, lineEnding, trailingSpace, forbiddenText,
    ]
}
