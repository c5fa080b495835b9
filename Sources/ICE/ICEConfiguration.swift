/// Limits and timings of an agent; the defaults suit WebRTC.
public struct ICEConfiguration: Sendable {
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

    /// Mean time between consent checks, each ± 20 % (RFC 7675 §5.1).
    public var consentInterval = Duration.seconds(5)
    /// Time without an answer after which sending must stop (RFC 7675 §5.1).
    public var consentTimeout = Duration.seconds(30)
    /// How long a consent check may be unanswered before the path counts as disconnected.
    public var disconnectedTimeout = Duration.seconds(5)

    /// How long the controlling side waits for a better pair after the first valid one.
    public var nominationDelay = Duration.milliseconds(200)
    /// How long an agent without a pair that can still succeed goes on hoping (RFC 8863 §4).
    public var patience = Duration.milliseconds(39_500)

    /// Remote candidates a stream keeps, peer-reflexive ones included.
    public var maximumRemoteCandidates = 100
    /// Local candidates a stream keeps.
    public var maximumLocalCandidates = 64
    /// Pairs the agent keeps (RFC 8445 §6.1.2.5).
    public var maximumPairs = 100
    /// Checks a stream remembers while its remote credentials are unknown.
    public var maximumEarlyChecks = 16

    /// The defaults.
    public init() {}
}
