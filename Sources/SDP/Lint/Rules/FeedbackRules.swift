extension LintRule {
    /// Feedback is about a payload type that the m= line does not list.
    public static let unlistedFeedback = LintRule(
        .warning,
        "unlisted-feedback",
        "RFC 4585 §4.2",
        "Feedback is about a payload type that the m= line does not list.",
        advice: "Add the payload type to the m= line or remove the line."
    )

    /// A section lists feedback under a profile that has none.
    public static let feedbackProfile = LintRule(
        .warning,
        "feedback-profile",
        "RFC 4585 §4.2",
        "A section lists feedback under a profile that has none.",
        advice: "Use RTP/AVPF or a secure profile that ends with F."
    )

    /// A kind of feedback is not registered.
    public static let unknownFeedback = LintRule(
        .note,
        "unknown-feedback",
        "RFC 4585 §4.2",
        "A kind of feedback is not registered.",
        advice: "Remove it unless both sides know it."
    )

    static let feedbackRules = [
        unlistedFeedback, feedbackProfile, unknownFeedback,
    ]
}
