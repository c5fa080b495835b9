import CLinux
import Wire

extension EventLoop {
    /// The life of the loop's thread.
    func run() {
        unsafe swiftlet_set_current_loop(Unmanaged.passUnretained(self).toOpaque())
        while turn() {}
        _ = runUntilEmpty(rounds: roundsBeforeClosing)
        confined.stopSources()
        confined.poller = nil
        finish()
        let waiters = inbox.withLock { inbox in
            defer { inbox.stopWaiters = [] }
            return inbox.stopWaiters
        }
        swiftlet_set_current_loop(nil)
        for waiter in waiters { waiter.resume() }
    }

    /// Inbox → jobs → mailboxes → deadlines → sockets.
    ///
    /// Returns whether the loop goes on.
    ///
    /// The thread sleeps only when none of them had anything, and then until the next deadline.
    private func turn() -> Bool {
        let core = confined
        core.now = EventLoop.monotonicNow()
        core.turns += 1
        core.hasMore = false
        var arrival = takeInbox()
        core.fireDeadlines()
        core.deliverSignals()
        runDeferred()
        guard arrival != .stop else { return false }
        if arrival == .work && inbox.withLock({ $0.fallAsleepIfEmpty() }) { arrival = .nothing }
        let mayRest = arrival == .nothing && !core.hasLocalWork
        core.poller?.wait(timeout: mayRest ? timeUntilNextDeadline() : 0)
        guard core.poller?.count != 0 else { return true }
        core.now = EventLoop.monotonicNow()
        core.dispatchEvents()
        return true
    }

    /// Nanoseconds; negative for ever.
    ///
    /// The clock is read anew, since jobs may have taken a while.
    private func timeUntilNextDeadline() -> Int64 {
        guard let deadline = confined.nextDeadline else { return -1 }
        return max(0, EventLoop.monotonicNow().duration(to: deadline).nanoseconds)
    }

    private enum Arrival { case nothing, work, stop }

    /// Runs what other threads have sent.
    private func takeInbox() -> Arrival {
        let core = confined
        var work = core.takeSpareWork()
        defer { core.giveBack(work) }
        let (hasWork, isStopping) = inbox.withLock {
            ($0.take(into: &work), $0.phase != .running)
        }
        guard hasWork else { return isStopping ? .stop : .nothing }
        // The loop outlives this call; each job is in exactly one inbox and runs once.
        let executor = unsafe asUnownedSerialExecutor()
        for job in work.jobs { unsafe job.runSynchronously(on: executor) }
        for call in work.calls { call() }
        core.deliver(work.signals)
        work.removeAll()
        return isStopping ? .stop : .work
    }

    private func runDeferred() {
        let core = confined
        guard !core.deferred.isEmpty else { return }
        var calls: [() -> Void] = []
        swap(&calls, &core.deferred)
        for call in calls { call() }
    }

    /// Runs everything that is left, and what that leads to.
    ///
    /// Returns whether nothing is left.
    private func runUntilEmpty(rounds: Int) -> Bool {
        for _ in 0..<rounds {
            let core = confined
            core.hasMore = false
            let arrival = takeInbox()
            core.deliverSignals()
            runDeferred()
            let isEmpty = inbox.withLock { $0.work.isEmpty }
            if isEmpty && arrival == .stop && !core.hasLocalWork { return true }
        }
        return false
    }

    /// Runs what is left and enters the phase `stopped` in the same step that finds nothing.
    ///
    /// Jobs without end go on on a thread of their own, so that whoever stops the loop can.
    private func finish() {
        for _ in 0..<roundsAfterClosing {
            _ = runUntilEmpty(rounds: 1)
            let hasLocalWork = confined.hasLocalWork
            let isDone = inbox.withLock { inbox in
                guard inbox.work.isEmpty && !hasLocalWork else { return false }
                inbox.phase = .stopped
                return true
            }
            guard !isDone else { return }
        }
        inbox.withLock { $0.phase = .drainingLate }
        drainLate()
    }

    /// Runs work that came after the end on a thread of its own, which is the loop meanwhile: an
    /// actor must not hang because its loop has gone.
    func drainLate() {
        do throws(SystemError) {
            try startThread(named: name) { [self] in
                // Only one such thread exists at a time: the phase says so.
                unsafe swiftlet_set_current_loop(Unmanaged.passUnretained(self).toOpaque())
                confined.now = EventLoop.monotonicNow()
                finish()
                swiftlet_set_current_loop(nil)
            }
        } catch {
            // Without memory for a thread the work waits for the next post to try again.
            inbox.withLock { $0.phase = .stopped }
        }
    }
}

private let roundsBeforeClosing = 100
private let roundsAfterClosing = 1_000
