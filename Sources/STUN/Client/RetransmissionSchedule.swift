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
    private let initialRTO: Duration
    private let maximumRequests: Int
    private let finalWaitMultiplier: Int

    /// Starts with the first request, which is sent now.
    ///
    /// The defaults are the RFC's: RTO 500 ms, Rc 7, Rm 16.
    public init(
        initialRTO: Duration = .milliseconds(500),
        maximumRequests: Int = 7,
        finalWaitMultiplier: Int = 16,
        at now: Instant
    ) {
        // Without these bounds a configuration could ask for a deadline that never moves on.
        self.initialRTO = max(initialRTO, .milliseconds(1))
        self.maximumRequests = max(maximumRequests, 1)
        self.finalWaitMultiplier = max(finalWaitMultiplier, 1)
        wait = self.initialRTO
        deadline = now.advanced(
            by: self.maximumRequests == 1 ? wait * self.finalWaitMultiplier : wait
        )
    }

    /// Moves on if the deadline has come.
    public mutating func expire(at now: Instant) -> Expiry {
        guard deadline <= now else { return .notDue }
        guard requests < maximumRequests else { return .giveUp }
        requests += 1
        wait *= 2
        let isLast = requests == maximumRequests
        deadline = now.advanced(by: isLast ? initialRTO * finalWaitMultiplier : wait)
        return .retransmit
    }
}
