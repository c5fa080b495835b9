import CLinux
public import Wire

/// One thread that waits for sockets, deadlines and other threads, and an executor for actors.
///
/// An actor that names a loop as its executor runs on the loop's thread, so its sockets, timers and
/// methods never race, and nothing hops between them.
///
/// ```swift
/// actor Echo: DatagramOwner {
///     let loop: EventLoop
///     nonisolated var unownedExecutor: UnownedSerialExecutor {
///         unsafe loop.asUnownedSerialExecutor()
///     }
///     nonisolated func readable(_ socket: UDPSocket) {
///         assumeIsolated { $0.answer(on: socket) }
///     }
/// }
/// ```
///
/// The loop holds its clients and sockets weakly. It runs until ``stop()``.
public final class EventLoop: SerialExecutor, Sendable {
    /// The name of its thread; Linux shows the first 15 bytes.
    public let name: String

    let inbox = Guarded(LoopInbox())
    /// Written to wake the loop.
    ///
    /// Lives as long as this object, since any thread may be writing.
    let wakeup: Descriptor
    private let thread = Guarded<UInt64?>(nil)
    /// Touched by the loop's own thread only: `confined` checks that, and is the one way in.
    private nonisolated(unsafe) let core: LoopCore

    /// Starts a loop, which runs at once.
    public init(name: String = "loop") throws(SystemError) {
        self.name = name
        let poller = try Poller()
        wakeup = try Descriptor(swiftlet_wakeup_create(), from: "eventfd")
        try poller.addWakeup(wakeup.number)
        unsafe core = LoopCore(poller: poller, at: EventLoop.monotonicNow())
        let started = try startJoinedThread(named: name) { [self] in run() }
        thread.withLock { $0 = started }
    }

    /// The state of the loop, for its own thread.
    var confined: LoopCore {
        precondition(isCurrent, "only the loop's own thread may do this")
        return unsafe core
    }

    /// Whether the caller runs on this loop.
    public var isCurrent: Bool {
        // Compares addresses; nothing is read through them.
        unsafe swiftlet_get_current_loop()
            == UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque())
    }

    /// The time of the current turn when called on the loop, a fresh reading elsewhere.
    public var now: Instant {
        isCurrent ? confined.now : EventLoop.monotonicNow()
    }

    /// The monotonic clock, read now.
    public static func monotonicNow() -> Instant {
        Instant(nanoseconds: swiftlet_monotonic_now())
    }

    /// Nanoseconds since 1970, for what goes into RTCP sender reports and certificates.
    public static func wallClockUnixNanoseconds() -> Int64 {
        swiftlet_wall_clock_now()
    }
}

// MARK: - Clients

extension EventLoop {
    /// Makes `client` known to the loop, which holds it weakly.
    ///
    /// On the loop only.
    public func register(_ client: any LoopClient) -> LoopClientID {
        LoopClientID(slot: confined.register(client))
    }

    /// Forgets a client and its deadline.
    ///
    /// From any thread; at once when called on the loop.
    public func unregister(_ id: LoopClientID) {
        guard !isCurrent else { return confined.unregister(id.slot) }
        // A stopped loop calls nobody any more.
        guard inbox.withLock({ $0.phase == .running || $0.phase == .stopping }) else { return }
        execute { [self] in confined.unregister(id.slot) }
    }

    /// Sets, moves or (with nil) cancels the deadline of a client in O(log n).
    ///
    /// On the loop only.
    public func setDeadline(_ deadline: Instant?, for id: LoopClientID) {
        confined.setDeadline(deadline, for: id.slot)
    }

    /// Has the client's ``LoopClient/signalled()`` called soon, from any thread.
    ///
    /// However often it is signalled before that, the client is told once. Called on the loop, it
    /// is told after the current events and before the loop sleeps: the place to flush what has
    /// been collected.
    public func signal(_ id: LoopClientID) {
        guard !isCurrent else { return confined.signal(id.slot) }
        post { $0.signals.insert(id.slot) }
    }

    /// Calls `body` on the loop: at once when already there, otherwise soon.
    public func execute(_ body: @escaping @Sendable () -> Void) {
        guard !isCurrent else { return body() }
        post { $0.calls.append(body) }
    }

    /// Lends out the loop's own batch, empty, and empties it again afterwards.
    ///
    /// On the loop only.
    ///
    /// All connections of a loop share its memory, so that an idle one needs none.
    public func withBatch<Result, Failure: Error>(
        _ body: (inout DatagramBatch) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        let memory = confined.datagrams
        var batch = memory.takeBatch()
        defer { memory.giveBack(batch) }
        return try body(&batch)
    }

    /// Adds to the inbox, and wakes the loop if it sleeps.
    func post(_ add: (inout LoopWork) -> Void) {
        enum Wake { case none, loop, lateThread }
        let wake = inbox.withLock { inbox -> Wake in
            add(&inbox.work)
            switch inbox.phase {
            case .running, .stopping: return inbox.claimWake() ? .loop : .none
            case .stopped:
                inbox.phase = .drainingLate
                return .lateThread
            case .drainingLate: return .none
            }
        }
        switch wake {
        case .none: break
        case .loop:
            guard !isCurrent else { return confined.hasMore = true }
            swiftlet_wakeup_write(wakeup.number)
        case .lateThread: drainLate()
        }
    }
}

// MARK: - End

extension EventLoop {
    /// Ends the loop: runs what is left, closes all its sockets, and joins its thread.
    ///
    /// Actors that live on it stay usable: their calls run on short-lived threads from then on.
    public func stop() async {
        await withCheckedContinuation { continuation in
            let hasStopped = inbox.withLock { inbox in
                guard inbox.phase == .running || inbox.phase == .stopping else { return true }
                inbox.stopWaiters.append(continuation)
                return false
            }
            guard !hasStopped else { return continuation.resume() }
            requestStop()
        }
        join()
    }

    /// Ends the loop like ``stop()``, blocking the caller, who must not be on the loop.
    public func stopAndJoin() {
        precondition(!isCurrent, "a loop cannot wait for its own end")
        requestStop()
        join()
    }

    private func requestStop() {
        let mustWake = inbox.withLock { inbox in
            guard inbox.phase == .running else { return false }
            inbox.phase = .stopping
            return true
        }
        if mustWake { swiftlet_wakeup_write(wakeup.number) }
    }

    /// A second caller waits for the lock until the first has joined.
    private func join() {
        thread.withLock { thread in
            guard let running = thread else { return }
            _ = swiftlet_thread_join(running)
            thread = nil
        }
    }
}
