public import Wire

/// One deadline that calls a closure on its loop.
///
/// ```swift
/// let timer = LoopTimer(on: loop) { [weak self] in self?.giveUp() }
/// timer.set(loop.now.advanced(by: .seconds(5)))
/// ```
///
/// Dropping the timer cancels it. All members are for the loop only, except `deinit`.
public final class LoopTimer: LoopClient {
    private let loop: EventLoop
    private let action: @Sendable () -> Void
    /// Written once, in `init`, on the loop.
    private nonisolated(unsafe) var id: LoopClientID?

    /// A timer that does not run yet.
    public init(on loop: EventLoop, _ action: @escaping @Sendable () -> Void) {
        self.loop = loop
        self.action = action
        unsafe id = loop.register(self)
    }

    deinit {
        if let id = unsafe id { loop.unregister(id) }
    }

    /// Starts the timer, or moves it.
    public func set(_ deadline: Instant) {
        if let id = unsafe id { loop.setDeadline(deadline, for: id) }
    }

    /// Stops the timer; stopping one that does not run does nothing.
    public func cancel() {
        if let id = unsafe id { loop.setDeadline(nil, for: id) }
    }

    public nonisolated func deadlinePassed() { action() }

    public nonisolated func signalled() {}
}
