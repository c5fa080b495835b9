import CLinux
import Synchronization

/// A value behind a lock that ThreadSanitizer can see.
///
/// `Mutex` is all there is to it. But the sanitizer does not notice a `Mutex`, whose futex sits in a
/// library that is not instrumented, and would report a race at each use: so it is told.
package struct Guarded<Value: Sendable>: ~Copyable, Sendable {
    private let mutex: Mutex<Value>
    /// What the sanitizer knows the lock by.
    private let mark = Mark()

    private final class Mark: Sendable {}

    package init(_ value: Value) { mutex = Mutex(value) }

    package borrowing func withLock<Result: Sendable>(
        _ body: (inout Value) throws -> Result
    ) rethrows -> Result {
        try mutex.withLock { value in
            // Nothing is read or written through the address.
            let address = unsafe Unmanaged.passUnretained(mark).toOpaque()
            unsafe swiftlet_note_acquire(address)
            defer { unsafe swiftlet_note_release(address) }
            return try body(&value)
        }
    }
}
