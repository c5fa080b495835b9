import CLinux
import Wire

/// Everything of a loop that only its own thread touches.
///
/// Arrays are kept from turn to turn, so a turn allocates nothing.
final class LoopCore {
    /// The time of the current turn.
    var now: Instant
    /// How many turns there have been: an idle loop takes none.
    var turns = 0
    /// Nil once the loop has stopped.
    var poller: Poller?
    let datagrams = DatagramMemory()
    /// Calls to be made before the loop sleeps, when nobody's method is running any more.
    var deferred: [() -> Void] = []
    /// Sources that outlive their users' references: streams that still flush, signal routes.
    var kept: [SlotID: any EventSource] = [:]
    /// Whether work was added by this thread while it counted as asleep.
    var hasMore = false

    private var spareWork = LoopWork()
    private var sources = SlotTable<SourceReference>()
    private var clients = SlotTable<ClientReference>()
    private var deadlines = DeadlineHeap()
    private var signals = SignalSet()

    init(poller: consuming Poller, at now: Instant) {
        self.now = now
        self.poller = consume poller
    }
}

// MARK: - Work

extension LoopCore {
    /// The arrays of the last turn, empty.
    func takeSpareWork() -> LoopWork {
        var work = LoopWork()
        swap(&work, &spareWork)
        return work
    }

    func giveBack(_ work: consuming LoopWork) { spareWork = work }

    var hasLocalWork: Bool { hasMore || hasSignals || !deferred.isEmpty }
}

// MARK: - Sources

extension LoopCore {
    func add(
        _ source: any EventSource,
        descriptor: CInt,
        interest: Readiness
    ) throws(SystemError) -> SlotID {
        let id = sources.insert(SourceReference(source: source))
        do throws(SystemError) {
            guard poller != nil else { throw SystemError.stopped("epoll_ctl(ADD)") }
            try poller?.add(descriptor, for: interest, as: id)
        } catch {
            sources.remove(id)
            throw error
        }
        return id
    }

    func change(_ id: SlotID, descriptor: CInt, to interest: Readiness) {
        // MOD of a watched descriptor needs no memory, so it does not fail.
        try? poller?.change(descriptor, to: interest, as: id)
    }

    /// Takes a descriptor out of the poller whose hang-up would be reported all the time.
    func suspend(descriptor: CInt) { poller?.remove(descriptor) }

    /// Puts it back.
    func resume(_ id: SlotID, descriptor: CInt, for interest: Readiness) {
        // It has been in the poller before, and the kernel has freed that room since.
        try? poller?.add(descriptor, for: interest, as: id)
    }

    /// Stops watching.
    ///
    /// The descriptor is still open.
    func remove(_ id: SlotID, descriptor: CInt) {
        poller?.remove(descriptor)
        forget(id)
    }

    /// Frees the slot of a source whose descriptor is closed already.
    func forget(_ id: SlotID) {
        sources.remove(id)
        kept[id] = nil
    }

    func dispatchEvents() {
        for index in 0..<(poller?.count ?? 0) {
            guard let (id, readiness) = poller?.event(index) else { continue }
            sources[id]?.source?.ready(readiness)
        }
    }

    func stopSources() {
        for (id, reference) in sources.all {
            reference.source?.loopStopped()
            forget(id)
        }
    }
}

// MARK: - Clients

extension LoopCore {
    func register(_ client: any LoopClient) -> SlotID {
        clients.insert(ClientReference(client: client))
    }

    func unregister(_ id: SlotID) {
        guard clients.remove(id) != nil else { return }
        deadlines.set(nil, for: id.index)
    }

    func setDeadline(_ deadline: Instant?, for id: SlotID) {
        guard clients[id] != nil else { return }
        deadlines.set(deadline, for: id.index)
    }

    var nextDeadline: Instant? { deadlines.next }
    var sourceCount: Int { sources.count }
    var clientCount: Int { clients.count }
    var deadlineCount: Int { deadlines.count }

    func signal(_ id: SlotID) { signals.insert(id) }

    var hasSignals: Bool { !signals.isEmpty }

    /// Tells each client in `set`; what they signal meanwhile waits for the next round.
    func deliver(_ set: SignalSet) {
        for id in set.clients { clients[id]?.client?.signalled() }
    }

    func deliverSignals() {
        guard !signals.isEmpty else { return }
        var raised = SignalSet()
        swap(&signals, &raised)
        deliver(raised)
        raised.removeAll()
        // Keeps the memory, unless the clients have signalled meanwhile.
        if signals.isEmpty { swap(&signals, &raised) }
    }

    /// Tells the clients whose deadline has come, each at most about once a turn: a client that
    /// sets a deadline in the past cannot keep the loop from its sockets.
    func fireDeadlines() {
        for _ in 0..<deadlines.count {
            guard let slot = deadlines.popDue(at: now) else { return }
            guard let (id, reference) = clients.occupant(of: slot) else { continue }
            guard let client = reference.client else {
                clients.remove(id)
                continue
            }
            client.deadlinePassed()
        }
    }
}
