/// Tasks that wait for a connection to come up, in the order they came.
struct ConnectionWaiters {
    typealias Outcome = Result<Void, PeerConnectionError>

    private var waiting: [(number: Int, continuation: CheckedContinuation<Outcome, Never>)] = []
    private var last = 0

    /// What a new waiter is known by.
    mutating func nextNumber() -> Int {
        last += 1
        return last
    }

    mutating func add(_ continuation: CheckedContinuation<Outcome, Never>, number: Int) {
        waiting.append((number, continuation))
    }

    /// Lets one waiter go on, if it still waits.
    mutating func resume(_ number: Int, with outcome: Outcome) {
        guard let index = waiting.firstIndex(where: { $0.number == number }) else { return }
        waiting.remove(at: index).continuation.resume(returning: outcome)
    }

    /// Lets all waiters go on.
    mutating func resumeAll(with outcome: Outcome) {
        let all = waiting
        waiting = []
        for waiter in all { waiter.continuation.resume(returning: outcome) }
    }
}
