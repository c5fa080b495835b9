extension LintRule {
    /// A section with DTLS has no fingerprint.
    public static let missingFingerprint = LintRule(
        .error,
        "missing-fingerprint",
        "RFC 8842 §5.1",
        "A section with DTLS has no fingerprint.",
        advice: "Add a=fingerprint to the section, its bundle or the session."
    )

    /// A section with DTLS does not say who opens the connection.
    public static let missingSetup = LintRule(
        .error,
        "missing-setup",
        "RFC 8842 §5.1",
        "A section with DTLS does not say who opens the connection.",
        advice: "Add a=setup:actpass to an offer, active or passive to an answer."
    )

    /// DTLS is asked to wait, which it cannot.
    public static let holdconn = LintRule(
        .error,
        "holdconn",
        "RFC 8842 §5.1",
        "DTLS is asked to wait, which it cannot.",
        advice: "Use actpass, active or passive."
    )

    /// A fingerprint is made with MD2 or MD5.
    public static let forbiddenFingerprint = LintRule(
        .error,
        "forbidden-fingerprint",
        "RFC 8122 §5",
        "A fingerprint is made with MD2 or MD5.",
        advice: "Use sha-256."
    )

    /// A fingerprint is made with SHA-1.
    public static let weakFingerprint = LintRule(
        .warning,
        "weak-fingerprint",
        "RFC 8122 §5",
        "A fingerprint is made with SHA-1.",
        advice: "Use sha-256."
    )

    /// The hash function of a fingerprint is not registered.
    public static let unknownHash = LintRule(
        .warning,
        "unknown-hash",
        "RFC 8122 §5",
        "The hash function of a fingerprint is not registered.",
        advice: "Use sha-256."
    )

    /// A fingerprint has lower-case digits.
    public static let lowercaseFingerprint = LintRule(
        .note,
        "lowercase-fingerprint",
        "RFC 8122 §5",
        "A fingerprint has lower-case digits.",
        advice: "Write A to F in upper case."
    )

    /// An answer leaves open who opens the connection.
    public static let answerActpass = LintRule(
        .error,
        "answer-actpass",
        "RFC 8842 §5.3",
        "An answer leaves open who opens the connection.",
        advice: "Write a=setup:active, or passive."
    )

    /// An offer fixes who opens the connection.
    public static let offerSetup = LintRule(
        .warning,
        "offer-setup",
        "RFC 8842 §5.2",
        "An offer fixes who opens the connection.",
        advice: "Write a=setup:actpass."
    )

    /// A section with DTLS does not name its association.
    public static let missingTLSID = LintRule(
        .note,
        "missing-tls-id",
        "RFC 8842 §5.2",
        "A section with DTLS does not name its association.",
        advice: "Add a=tls-id, so that a new association can be told from an old one."
    )

    /// A tls-id is not 20 to 255 letters, digits, +, /, - or _.
    public static let tlsIDSyntax = LintRule(
        .error,
        "tls-id-syntax",
        "RFC 8842 §4",
        "A tls-id is not 20 to 255 letters, digits, +, /, - or _.",
        advice: "Take at least 120 random bits in such characters."
    )

    /// A section sends its keys in the description.
    public static let sdesKeys = LintRule(
        .warning,
        "sdes-keys",
        "RFC 8827 §6.5",
        "A section sends its keys in the description.",
        advice: "Remove a=crypto; DTLS agrees on keys."
    )

    static let dtlsRules = [
        missingFingerprint, missingSetup, holdconn, forbiddenFingerprint, weakFingerprint,
        unknownHash, lowercaseFingerprint, answerActpass, offerSetup, missingTLSID, tlsIDSyntax,
        sdesKeys,
    ]
}
