/// Operations of a connection one behind another, in the order they were asked for
/// (W3C WebRTC §4.4.1.2).
struct OperationsChain {
    private var waiting: [CheckedContinuation<Void, Never>] = []
    private(set) var isBusy = false
    /// Negotiation was needed while operations went on: the program is told behind the last one.
    var owesNegotiationNeeded = false

    /// Begins an operation if none is under way.
    mutating func begin() -> Bool {
        guard !isBusy else { return false }
        isBusy = true
        return true
    }

    mutating func wait(_ continuation: CheckedContinuation<Void, Never>) {
        waiting.append(continuation)
    }

    /// Lets the next operation go on; false if there is none.
    mutating func end() -> Bool {
        guard !waiting.isEmpty else {
            isBusy = false
            return false
        }
        waiting.removeFirst().resume()
        return true
    }
}
