extension LintRule {
    /// The version of the protocol is not 0.
    public static let wrongVersion = LintRule(
        .error,
        "wrong-version",
        "RFC 8866 §5.1",
        "The version of the protocol is not 0.",
        advice: "Write v=0; the version of the session stands in the o= line."
    )

    /// A number of the o= line does not fit 63 bits.
    public static let largeSessionNumber = LintRule(
        .warning,
        "large-session-number",
        "RFC 9429 §5.2.1",
        "A number of the o= line does not fit 63 bits.",
        advice: "Take a random number below 2 to the power of 63."
    )

    /// The s= line is empty.
    public static let emptySessionName = LintRule(
        .error,
        "empty-session-name",
        "RFC 8866 §5.3",
        "The s= line is empty.",
        advice: "Write s=- for a session without a name."
    )

    /// The type of an address does not fit the address.
    public static let addressType = LintRule(
        .error,
        "address-type",
        "RFC 8866 §5.7",
        "The type of an address does not fit the address.",
        advice: "Write IN IP4 for IPv4 addresses and IN IP6 for IPv6 addresses."
    )

    /// An IPv4 multicast address has no TTL, or another address has one.
    public static let multicastTTL = LintRule(
        .error,
        "multicast-ttl",
        "RFC 8866 §5.7",
        "An IPv4 multicast address has no TTL, or another address has one.",
        advice: "Write a TTL behind multicast addresses of IPv4, and only there."
    )

    /// Neither the session nor the section has a c= line.
    public static let missingConnection = LintRule(
        .error,
        "missing-connection",
        "RFC 8866 §5.7",
        "Neither the session nor the section has a c= line.",
        advice: "Write c=IN IP4 0.0.0.0 where ICE decides about addresses."
    )

    /// A session stops before it starts.
    public static let timeOrder = LintRule(
        .error,
        "time-order",
        "RFC 8866 §5.9",
        "A session stops before it starts.",
        advice: "Write t=0 0 for a session without bounds."
    )

    /// The session has bounds in time, which WebRTC does not heed.
    public static let timedSession = LintRule(
        .note,
        "timed-session",
        "RFC 9429 §5.2.1",
        "The session has bounds in time, which WebRTC does not heed.",
        advice: "Write t=0 0."
    )

    /// The type of a bandwidth is not registered.
    public static let unknownBandwidth = LintRule(
        .note,
        "unknown-bandwidth",
        "RFC 8866 §5.8",
        "The type of a bandwidth is not registered.",
        advice: "Use AS, TIAS, CT, RS or RR."
    )

    /// A type of bandwidth is stated twice.
    public static let repeatedBandwidth = LintRule(
        .warning,
        "repeated-bandwidth",
        "RFC 8866 §5.8",
        "A type of bandwidth is stated twice.",
        advice: "Keep one of them; peers take the first or the last."
    )

    /// There is a k= line, which must not be used any more.
    public static let obsoleteKey = LintRule(
        .warning,
        "obsolete-key",
        "RFC 8866 §5.12",
        "There is a k= line, which must not be used any more.",
        advice: "Remove it; DTLS agrees on keys."
    )

    static let sessionRules = [
        wrongVersion, largeSessionNumber, emptySessionName, addressType, multicastTTL,
        missingConnection, timeOrder, timedSession, unknownBandwidth, repeatedBandwidth,
        obsoleteKey,
    ]
}
