extension LintRule {
    /// A section of WebRTC has no ICE credentials.
    public static let missingICE = LintRule(
        .error,
        "missing-ice",
        "RFC 8839 §5.4",
        "A section of WebRTC has no ICE credentials.",
        advice: "Add a=ice-ufrag and a=ice-pwd to the section, its bundle or the session."
    )

    /// One of the two ICE credentials is missing.
    public static let halfICE = LintRule(
        .error,
        "half-ice",
        "RFC 8839 §5.4",
        "One of the two ICE credentials is missing.",
        advice: "Write a=ice-ufrag and a=ice-pwd side by side."
    )

    /// There are no candidates, and nothing says that they come later.
    public static let missingTrickle = LintRule(
        .warning,
        "missing-trickle",
        "RFC 9429 §5.2.1",
        "There are no candidates, and nothing says that they come later.",
        advice: "Add a=ice-options:trickle."
    )

    /// The description does not say that its writer follows RFC 8445.
    public static let missingICE2 = LintRule(
        .note,
        "missing-ice2",
        "RFC 9429 §5.2.1",
        "The description does not say that its writer follows RFC 8445.",
        advice: "Add ice2 to a=ice-options."
    )

    /// An ICE lite agent has other candidates than host candidates.
    public static let liteCandidates = LintRule(
        .warning,
        "lite-candidates",
        "RFC 8445 §5.2",
        "An ICE lite agent has other candidates than host candidates.",
        advice: "Remove them, or remove a=ice-lite."
    )

    /// The writer saw a default address that is no candidate, and does not use ICE here.
    public static let iceMismatch = LintRule(
        .warning,
        "ice-mismatch",
        "RFC 8839 §5.3",
        "The writer saw a default address that is no candidate, and does not use ICE here.",
        advice: "Look for a middle box that changes addresses."
    )

    static let iceRules = [
        missingICE, halfICE, missingTrickle, missingICE2, liteCandidates, iceMismatch,
    ]
}
