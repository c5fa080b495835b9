import Glibc
import Synchronization

/// A thread of its own that runs a device until it is told to stop.
final class PCMThread: Sendable {
    private struct State {
        var isStopping = false
        var failure: AudioError?
        var thread: pthread_t?
    }

    private let state = Mutex(State())
    private let body: @Sendable (PCMThread) throws(AudioError) -> Void

    /// Starts the thread; `body` runs on it, and looks at ``isStopping`` at least ten times a second.
    init(_ body: @escaping @Sendable (PCMThread) throws(AudioError) -> Void) throws(AudioError) {
        self.body = body
        var thread = pthread_t()
        // The thread releases what is retained for it here.
        let context = unsafe Unmanaged.passRetained(self)
        let code = unsafe pthread_create(&thread, nil, runThread, context.toOpaque())
        guard code == 0 else {
            unsafe context.release()
            throw .thread(code: code)
        }
        state.withLock { $0.thread = thread }
    }

    var isStopping: Bool { state.withLock(\.isStopping) }

    /// Why the thread ended by itself, if it did.
    var failure: AudioError? { state.withLock(\.failure) }

    /// Tells the thread to end and waits until it has; does nothing the second time.
    func stop() {
        let thread = state.withLock { state in
            state.isStopping = true
            return state.thread.take()
        }
        guard let thread else { return }
        guard pthread_equal(thread, pthread_self()) == 0 else {
            pthread_detach(thread)
            return
        }
        _ = pthread_join(thread, nil)
    }

    fileprivate func run() {
        do throws(AudioError) {
            try body(self)
        } catch {
            state.withLock { $0.failure = error }
        }
    }
}

private func runThread(_ context: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
    guard let context = unsafe context else { return nil }
    unsafe Unmanaged<PCMThread>.fromOpaque(context).takeRetainedValue().run()
    return nil
}

/// Keeps devices without a clock of their own, such as 'null', at the speed of sound.
struct Pace {
    private let sampleRate: Int
    private let slack: Int
    private var start: Int64?
    private var frames = 0

    /// Up to `slack` frames may be ahead of time.
    init(sampleRate: Int, slack: Int) {
        self.sampleRate = max(1, sampleRate)
        self.slack = slack
    }

    /// Notes that `count` frames have passed, and sleeps if that was too fast.
    mutating func note(_ count: Int) {
        let now = Self.monotonicNanoseconds
        let begun = start ?? now
        start = begun
        frames += count
        let due = begun + Int64(frames - slack) * 1_000_000_000 / Int64(sampleRate)
        guard due > now else {
            // A device that stood still begins anew, or it would run to catch up.
            if now - due > 1_000_000_000 { (start, frames) = (now, 0) }
            return
        }
        let wait = min(due - now, 100_000_000)
        var time = timespec(tv_sec: 0, tv_nsec: Int(wait))
        unsafe _ = nanosleep(&time, nil)
    }

    private static var monotonicNanoseconds: Int64 {
        var time = timespec()
        unsafe _ = clock_gettime(CLOCK_MONOTONIC, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
