/// How patiently a request is made.
public struct RetransmissionTiming: Hashable, Sendable {
    /// The wait before the second request; each further one is twice as long.
    public let initialRTO: Duration
    /// Rc: how often the request is sent at most.
    public let maximumRequests: Int
    /// How long the answer to the last request is waited for.
    public let finalWait: Duration

    /// Timing over UDP; the defaults are those of RFC 8489 §6.2.1: RTO 500 ms, Rc 7, Rm 16.
    public init(
        initialRTO: Duration = .milliseconds(500),
        maximumRequests: Int = 7,
        finalWaitMultiplier: Int = 16
    ) {
        // Without these bounds a configuration could ask for a deadline that never moves on.
        self.initialRTO = max(initialRTO, .milliseconds(1))
        self.maximumRequests = max(maximumRequests, 1)
        finalWait = self.initialRTO * max(finalWaitMultiplier, 1)
    }

    private init(once finalWait: Duration) {
        initialRTO = finalWait
        maximumRequests = 1
        self.finalWait = finalWait
    }

    /// RFC 8489 §6.2.2: over TCP and TLS a request is sent once; Ti is 39.5 s.
    public static let stream = RetransmissionTiming(once: .milliseconds(39_500))

    /// The timing that fits `transport`, if nothing else is asked for.
    public static func standard(over transport: STUNTransport) -> RetransmissionTiming {
        switch transport {
        case .datagram: RetransmissionTiming()
        case .stream: .stream
        }
    }
}
