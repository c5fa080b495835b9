/// What other threads have for a loop.
///
/// Lives under the loop's lock.
struct LoopInbox: Sendable {
    enum Phase: Sendable {
        case running
        /// The thread ends as soon as nothing is left to do.
        case stopping
        /// The thread has ended.
        case stopped
        /// The thread has ended, and a thread of its own runs what came too late.
        case drainingLate
    }

    var work = LoopWork()
    var phase = Phase.running
    var stopWaiters: [CheckedContinuation<Void, Never>] = []
    /// Whether the loop goes to sleep, or sleeps, and has to be woken for new work.
    private var isAsleep = false

    /// Whether the caller, who has just added work, has to wake the loop.
    mutating func claimWake() -> Bool {
        defer { isAsleep = false }
        return isAsleep
    }

    /// Swaps the work with `spare`, which is empty.
    ///
    /// If there is none the loop counts as asleep.
    mutating func take(into spare: inout LoopWork) -> Bool {
        isAsleep = work.isEmpty
        guard !work.isEmpty else { return false }
        swap(&work, &spare)
        return true
    }

    /// Whether the loop may sleep now.
    mutating func fallAsleepIfEmpty() -> Bool {
        isAsleep = work.isEmpty
        return isAsleep
    }
}

/// Things to do on a loop.
struct LoopWork: Sendable {
    var jobs: [UnownedJob] = []
    var calls: [@Sendable () -> Void] = []
    var signals = SignalSet()

    var isEmpty: Bool { jobs.isEmpty && calls.isEmpty && signals.isEmpty }

    /// Forgets everything but the memory.
    mutating func removeAll() {
        jobs.removeAll(keepingCapacity: true)
        calls.removeAll(keepingCapacity: true)
        signals.removeAll()
    }
}

/// Clients to be signalled, each once, in the order of their first signal.
struct SignalSet: Sendable {
    private(set) var clients: [SlotID] = []
    /// For each slot the generation that is in `clients`; 0 if none is.
    private var generations: [UInt32] = []

    var isEmpty: Bool { clients.isEmpty }

    mutating func insert(_ id: SlotID) {
        let index = Int(id.index)
        if index >= generations.count {
            generations.append(contentsOf: repeatElement(0, count: index + 1 - generations.count))
        }
        guard generations[index] != id.generation else { return }
        generations[index] = id.generation
        clients.append(id)
    }

    mutating func removeAll() {
        for id in clients { generations[Int(id.index)] = 0 }
        clients.removeAll(keepingCapacity: true)
    }
}
