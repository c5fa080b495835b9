public import Wire

/// When a request is sent again, and when it is given up (RFC 8489 §6.2.1).
public struct RetransmissionSchedule: Hashable, Sendable {
    /// What a deadline that has come asks for.
    public enum Expiry: Hashable, Sendable { case notDue, retransmit, giveUp }

    /// When to call ``expire(at:)`` next.
    public private(set) var deadline: Instant
    /// How often the request has been sent.
    public private(set) var requests = 1
    private var wait: Duration
    private let timing: RetransmissionTiming

    /// Starts with the first request, which is sent now.
    public init(_ timing: RetransmissionTiming, at now: Instant) {
        self.timing = timing
        wait = timing.initialRTO
        deadline = now.advanced(by: timing.maximumRequests == 1 ? timing.finalWait : wait)
    }

    /// Starts with the first request, which is sent now.
    ///
    /// The defaults are the RFC's: RTO 500 ms, Rc 7, Rm 16.
    public init(
        initialRTO: Duration = .milliseconds(500),
        maximumRequests: Int = 7,
        finalWaitMultiplier: Int = 16,
        at now: Instant
    ) {
        let timing = RetransmissionTiming(
            initialRTO: initialRTO,
            maximumRequests: maximumRequests,
            finalWaitMultiplier: finalWaitMultiplier
        )
        self.init(timing, at: now)
    }

    /// Moves on if the deadline has come.
    public mutating func expire(at now: Instant) -> Expiry {
        guard deadline <= now else { return .notDue }
        guard requests < timing.maximumRequests else { return .giveUp }
        requests += 1
        wait *= 2
        let isLast = requests == timing.maximumRequests
        deadline = now.advanced(by: isLast ? timing.finalWait : wait)
        return .retransmit
    }
}
