import CLinux

/// What a new thread is told to do.
private final class ThreadStart: Sendable {
    let loop: EventLoop
    let body: @Sendable (EventLoop) -> Void

    init(loop: EventLoop, body: @escaping @Sendable (EventLoop) -> Void) {
        self.loop = loop
        self.body = body
    }
}

extension EventLoop {
    /// Starts a thread that holds this loop and runs `body`. Returns what it is joined by.
    func startThread(
        isJoined: Bool = true,
        _ body: @escaping @Sendable (EventLoop) -> Void
    ) throws(SystemError) -> UInt64 {
        // The thread takes the reference over; if there is no thread it is released below.
        let start = unsafe Unmanaged.passRetained(ThreadStart(loop: self, body: body))
        let entry: swiftlet_thread_body = { context in
            guard let context = unsafe context else { return nil }
            let start = unsafe Unmanaged<ThreadStart>.fromOpaque(context).takeRetainedValue()
            start.body(start.loop)
            return nil
        }
        var thread: UInt64 = 0
        let context = unsafe start.toOpaque()
        let result =
            isJoined
            ? unsafe swiftlet_thread_start(&thread, name, entry, context)
            : unsafe swiftlet_thread_start(nil, name, entry, context)
        if result < 0 { unsafe start.release() }
        try check(result, "pthread_create")
        return thread
    }
}
