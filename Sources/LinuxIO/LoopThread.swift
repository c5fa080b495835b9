import CLinux

/// What a new thread is told to do.
private final class ThreadStart: Sendable {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
}

/// Starts a thread that nobody joins.
func startThread(
    named name: String,
    _ body: @escaping @Sendable () -> Void
) throws(SystemError) {
    // No place for the thread's number: it is detached.
    try unsafe start(nil, name, body)
}

/// Starts a thread and returns what it has to be joined by.
func startJoinedThread(
    named name: String,
    _ body: @escaping @Sendable () -> Void
) throws(SystemError) -> UInt64 {
    var thread: UInt64 = 0
    // The number is written before the call returns.
    try unsafe start(&thread, name, body)
    return thread
}

@unsafe private func start(
    _ thread: UnsafeMutablePointer<UInt64>?,
    _ name: String,
    _ body: @escaping @Sendable () -> Void
) throws(SystemError) {
    // The thread takes the reference over; if there is no thread it is released below.
    let start = unsafe Unmanaged.passRetained(ThreadStart(body))
    let entry: swiftlet_thread_body = { context in
        guard let context = unsafe context else { return nil }
        unsafe Unmanaged<ThreadStart>.fromOpaque(context).takeRetainedValue().body()
        return nil
    }
    let result = unsafe swiftlet_thread_start(thread, name, entry, start.toOpaque())
    if result < 0 { unsafe start.release() }
    try check(result, "pthread_create")
}
