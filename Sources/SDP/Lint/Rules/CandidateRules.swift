extension LintRule {
    /// A candidate is for a component that its section does not have.
    public static let candidateComponent = LintRule(
        .error,
        "candidate-component",
        "RFC 8839 §5.1",
        "A candidate is for a component that its section does not have.",
        advice: "Write 1, or 2 for RTCP that has a port of its own."
    )

    /// The priority of a candidate is 0 or above 2147483647.
    public static let candidatePriority = LintRule(
        .error,
        "candidate-priority",
        "RFC 8839 §5.1",
        "The priority of a candidate is 0 or above 2147483647.",
        advice: "Compute it as RFC 8445 §5.1.2 says."
    )

    /// The foundation of a candidate is not 1 to 32 letters, digits, + or /.
    public static let candidateFoundation = LintRule(
        .error,
        "candidate-foundation",
        "RFC 8839 §5.1",
        "The foundation of a candidate is not 1 to 32 letters, digits, + or /.",
        advice: "Number the foundations."
    )

    /// A candidate is there twice.
    public static let repeatedCandidate = LintRule(
        .warning,
        "repeated-candidate",
        "RFC 8445 §5.1.3",
        "A candidate is there twice.",
        advice: "Remove the one of lower priority."
    )

    /// A candidate that is no host candidate has no related address.
    public static let missingRelatedAddress = LintRule(
        .error,
        "missing-related-address",
        "RFC 8839 §5.1",
        "A candidate that is no host candidate has no related address.",
        advice: "Add raddr and rport; 0.0.0.0 and 0 hide them."
    )

    /// A host candidate has a related address.
    public static let relatedAddressOnHost = LintRule(
        .warning,
        "related-address-on-host",
        "RFC 8839 §5.1",
        "A host candidate has a related address.",
        advice: "Remove raddr and rport."
    )

    /// A TCP candidate does not say who connects.
    public static let missingTCPType = LintRule(
        .error,
        "missing-tcptype",
        "RFC 6544 §4.5",
        "A TCP candidate does not say who connects.",
        advice: "Add tcptype active, passive or so."
    )

    /// A candidate that only connects has another port than 9.
    public static let activeCandidatePort = LintRule(
        .warning,
        "active-candidate-port",
        "RFC 6544 §4.5",
        "A candidate that only connects has another port than 9.",
        advice: "Write port 9; peers never connect to it."
    )

    /// Nobody can send to the address or port of a candidate.
    public static let candidateAddress = LintRule(
        .error,
        "candidate-address",
        "RFC 8839 §5.1",
        "Nobody can send to the address or port of a candidate.",
        advice: "Leave out unspecified and multicast addresses and port 0."
    )

    /// A candidate has an address that only its own machine reaches.
    public static let loopbackCandidate = LintRule(
        .warning,
        "loopback-candidate",
        "RFC 8445 §5.1.1.1",
        "A candidate has an address that only its own machine reaches.",
        advice: "Leave it out unless both peers share the machine."
    )

    /// A candidate has a host name that is no .local name.
    public static let candidateHostName = LintRule(
        .note,
        "candidate-host-name",
        "RFC 8839 §5.1",
        "A candidate has a host name that is no .local name.",
        advice: "Write an address; peers may ignore names."
    )

    /// The type of a candidate is unknown.
    public static let unknownCandidateType = LintRule(
        .warning,
        "unknown-candidate-type",
        "RFC 8839 §5.1",
        "The type of a candidate is unknown.",
        advice: "Use host, srflx, prflx or relay."
    )

    /// The transport of a candidate is unknown.
    public static let unknownCandidateTransport = LintRule(
        .warning,
        "unknown-candidate-transport",
        "RFC 8839 §5.1",
        "The transport of a candidate is unknown.",
        advice: "Use udp or tcp."
    )

    /// The default address of a section is none of its candidates.
    public static let defaultCandidate = LintRule(
        .warning,
        "default-candidate",
        "RFC 8839 §4.2.5",
        "The default address of a section is none of its candidates.",
        advice: "Write the address and port of a candidate, or 0.0.0.0 and 9 while there are none."
    )

    static let candidateRules = [
        candidateComponent, candidatePriority, candidateFoundation, repeatedCandidate,
        missingRelatedAddress, relatedAddressOnHost, missingTCPType, activeCandidatePort,
        candidateAddress, loopbackCandidate, candidateHostName, unknownCandidateType,
        unknownCandidateTransport, defaultCandidate,
    ]
}
