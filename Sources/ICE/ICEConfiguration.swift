/// Limits and timings of an agent; the defaults suit WebRTC.
public struct ICEConfiguration: Sendable {
    /// Whether the agent only answers checks and never sends any (RFC 8445 §2.5).
    ///
    /// For hosts that everybody can reach. It has host candidates only, and follows whatever the
    /// peer nominates.
    public var isLite = false
    /// Whether a better path may be nominated later, if the peer says so too
    /// (`a=ice-options:renomination`).
    public var usesRenomination = true

    /// Time between two ordinary checks, Ta (RFC 8445 §14.2); less than 5 ms counts as 5 ms.
    public var pacing = Duration.milliseconds(50)
    /// First wait for an answer while no round trip is known (RFC 8445 §14.3).
    public var initialRTO = Duration.milliseconds(500)
    /// Least first wait once a round trip is known.
    public var minimumRTO = Duration.milliseconds(50)
    /// Requests a check consists of, Rc (RFC 8489 §6.2.1).
    public var maximumRequests = 7
    /// How many first waits the last request is given, Rm (RFC 8489 §6.2.1).
    public var finalWaitMultiplier = 16
    /// How long a TCP connection may take to open, and a check on it to be answered, Ti
    /// (RFC 8489 §6.2.2).
    public var tcpTimeout = Duration.milliseconds(39_500)

    /// Mean time between consent checks, each ± 20 % (RFC 7675 §5.1).
    public var consentInterval = Duration.seconds(5)
    /// Time without an answer after which sending must stop (RFC 7675 §5.1).
    public var consentTimeout = Duration.seconds(30)
    /// How long a consent check may be unanswered before the path counts as disconnected.
    public var disconnectedTimeout = Duration.seconds(5)
    /// How long a consent check may be unanswered before other paths are asked whether they work;
    /// four round trips if those are longer.
    public var suspicionTimeout = Duration.milliseconds(500)
    /// Mean time between checks of a valid pair that is only kept for bad times.
    public var backupInterval = Duration.seconds(10)

    /// How long the controlling side waits for a better pair after the first valid one.
    public var nominationDelay = Duration.milliseconds(200)
    /// How long a better pair must have worked before the call moves to it; three times as long if
    /// it has failed before.
    public var betterPathDelay = Duration.seconds(1)
    /// How long an agent without a pair that can still succeed goes on hoping (RFC 8863 §4).
    public var patience = Duration.milliseconds(39_500)

    /// Valid pairs that are kept alive beside the selected one, for each component.
    public var maximumBackups = 2
    /// Remote candidates a stream keeps, peer-reflexive ones included.
    public var maximumRemoteCandidates = 100
    /// Local candidates a stream keeps.
    public var maximumLocalCandidates = 64
    /// Pairs the agent keeps (RFC 8445 §6.1.2.5).
    public var maximumPairs = 100
    /// Checks a stream remembers while its remote credentials are unknown.
    public var maximumEarlyChecks = 16
    /// Events that the agent remembers of its story, the newest ones.
    public var maximumEvents = 48
    /// Candidates that the agent remembers to have ignored, the newest ones.
    public var maximumIgnoredCandidates = 8

    /// The defaults.
    public init() {}
}
