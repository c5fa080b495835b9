import LinuxIO
import Wire

/// A lock that closures can share.
final class Shared<Value: Sendable>: Sendable {
    let value: Guarded<Value>

    init(_ value: consuming Guarded<Value>) { self.value = value }
}

/// An actor that says where it runs.
actor Probe {
    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        // `loop` is retained by this actor, so it outlives the reference.
        unsafe loop.asUnownedSerialExecutor()
    }
    private(set) var calls = 0

    init(on loop: EventLoop) { self.loop = loop }

    var isOnLoop: Bool { loop.isCurrent }

    func count() { calls += 1 }

    func stopLoop() async { await loop.stop() }

    func yieldUntilCancelled() async {
        while !Task.isCancelled { await Task.yield() }
    }
}

/// A mailbox that any thread posts to.
final class Mailbox: LoopClient {
    private let loop: EventLoop
    private let id = Guarded<LoopClientID?>(nil)
    private let counts = Guarded((waiting: 0, received: 0, signals: 0))

    init(on loop: EventLoop) { self.loop = loop }

    var received: Int { counts.withLock { $0.received } }
    var signals: Int { counts.withLock { $0.signals } }

    func register() {
        let registered = loop.register(self)
        id.withLock { $0 = registered }
    }

    func unregister() {
        if let id = id.withLock({ $0.take() }) { loop.unregister(id) }
    }

    func post() {
        counts.withLock { $0.waiting += 1 }
        signal()
    }

    func signal() {
        if let id = id.withLock({ $0 }) { loop.signal(id) }
    }

    nonisolated func signalled() {
        counts.withLock {
            $0.received += $0.waiting
            $0.waiting = 0
            $0.signals += 1
        }
    }

    nonisolated func deadlinePassed() {}
}

/// A client whose deadline is always in the past.
final class Pulse: LoopClient {
    private let loop: EventLoop
    private let id = Guarded<LoopClientID?>(nil)
    private let count = Guarded(0)

    init(on loop: EventLoop) { self.loop = loop }

    var beats: Int { count.withLock { $0 } }

    func begin() {
        let registered = loop.register(self)
        id.withLock { $0 = registered }
        loop.setDeadline(loop.now, for: registered)
    }

    func end() {
        if let id = id.withLock({ $0.take() }) { loop.unregister(id) }
    }

    nonisolated func deadlinePassed() {
        count.withLock { $0 += 1 }
        if let id = id.withLock({ $0 }) { loop.setDeadline(loop.now, for: id) }
    }

    nonisolated func signalled() {}
}
