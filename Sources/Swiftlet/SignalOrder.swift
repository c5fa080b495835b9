/// Whose turn it is to describe, and in which order signals leave.
///
/// A signaling that suspends must not let a candidate overtake its description, nor an offer the
/// answer that was made before it.
struct SignalOrder {
    typealias Waiter = CheckedContinuation<Void, Never>

    /// Places of signals that have not left, in order.
    private var places: [Int] = []
    private var waiting: [Int: Waiter] = [:]
    private var nextPlace = 0
    private var isDescribing = false
    private var describers: [Waiter] = []

    var count: Int { places.count }

    // MARK: Places

    /// The place behind all others.
    mutating func reserve() -> Int {
        defer { nextPlace += 1 }
        places.append(nextPlace)
        return nextPlace
    }

    func isFirst(_ place: Int) -> Bool { places.first == place }

    /// Resumes `waiter` when all before `place` have left.
    mutating func wait(_ waiter: Waiter, at place: Int) { waiting[place] = waiter }

    /// The signal was sent, or there is none.
    mutating func leave(_ place: Int) {
        places.removeAll { $0 == place }
        guard let first = places.first else { return }
        waiting.removeValue(forKey: first)?.resume()
    }

    // MARK: Turns

    /// Takes the turn if it is free.
    mutating func takeTurn() -> Bool {
        guard !isDescribing else { return false }
        isDescribing = true
        return true
    }

    /// Resumes `waiter` when the turn is its own.
    mutating func waitForTurn(_ waiter: Waiter) { describers.append(waiter) }

    mutating func giveTurn() {
        if describers.isEmpty { isDescribing = false } else { describers.removeFirst().resume() }
    }
}
