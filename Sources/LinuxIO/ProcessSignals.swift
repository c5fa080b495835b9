import CLinux

/// A signal that asks a program to do something.
public enum ProcessSignal: CInt, Hashable, Sendable, CaseIterable {
    /// The terminal is gone, or: read your configuration again.
    case hangUp = 1
    /// Ctrl-C.
    case interrupt = 2
    case user1 = 10
    case user2 = 12
    /// Please end.
    case terminate = 15
}

/// The signals of this process as a stream, so that a program can end in order.
///
/// ```swift
/// for await _ in try ProcessSignals.stream(of: [.interrupt, .terminate], on: loop) {
///     await connection.close()
///     break
/// }
/// ```
public enum ProcessSignals {
    /// The arrivals of `signals`, which end the process no more, until the stream is dropped.
    ///
    /// A signal has one stream at a time. Arrivals that nobody has taken are kept up to 16.
    ///
    /// A handler writes to an eventfd rather than a signalfd being read: the latter sees only
    /// signals that every thread of the process blocks, which a library cannot promise.
    public static func stream(
        of signals: Set<ProcessSignal>,
        on loop: EventLoop
    ) throws(SystemError) -> AsyncStream<ProcessSignal> {
        let (stream, continuation) = AsyncStream.makeStream(
            of: ProcessSignal.self,
            bufferingPolicy: .bufferingNewest(16)
        )
        var routes: [SignalRoute] = []
        do {
            for signal in ProcessSignal.allCases where signals.contains(signal) {
                routes.append(try SignalRoute(signal, to: continuation, on: loop))
            }
        } catch {
            for route in routes { route.close() }
            throw error
        }
        let closing = routes
        continuation.onTermination = { _ in
            for route in closing { route.close() }
        }
        return stream
    }
}

/// One signal on its way to one stream.
private final class SignalRoute: EventSource {
    private let signal: ProcessSignal
    private let sink: AsyncStream<ProcessSignal>.Continuation
    private let loop: EventLoop
    private let wakeup: SignalWakeup
    private let state = Guarded(State.opening)

    private enum State: Sendable {
        case opening
        case open(SlotID)
        case closed
    }

    init(
        _ signal: ProcessSignal,
        to sink: AsyncStream<ProcessSignal>.Continuation,
        on loop: EventLoop
    ) throws(SystemError) {
        self.signal = signal
        self.sink = sink
        self.loop = loop
        wakeup = try SignalWakeup.claim(signal)
        do throws(SystemError) {
            try check(swiftlet_route_signal(signal.rawValue, wakeup.descriptor), "sigaction")
            try loop.attach { [self] () throws(SystemError) in try attach() }
        } catch {
            close()
            throw error
        }
    }

    func close() {
        let before = state.withLock { state in
            defer { state = .closed }
            return state
        }
        switch before {
        case .closed: return
        case .opening: break
        case .open(let id):
            let (loop, descriptor) = (loop, wakeup.descriptor)
            loop.execute { loop.confined.remove(id, descriptor: descriptor) }
        }
        _ = swiftlet_route_signal(signal.rawValue, -1)
        SignalWakeup.giveBack(wakeup, of: signal)
    }

    func ready(_ readiness: Readiness) {
        if swiftlet_wakeup_read(wakeup.descriptor) > 0 { sink.yield(signal) }
    }

    func loopStopped() { sink.finish() }

    private func attach() throws(SystemError) {
        let descriptor = wakeup.descriptor
        let id = try loop.confined.add(self, descriptor: descriptor, interest: .readable)
        loop.confined.kept[id] = self
        let isOpen = state.withLock { state in
            switch state {
            case .opening:
                state = .open(id)
                return true
            case .open, .closed: return false
            }
        }
        if !isOpen { loop.confined.remove(id, descriptor: descriptor) }
    }
}

/// What the handler of one signal writes to.
///
/// Made once for each signal and never closed: the handler may be running on any thread, and must
/// not meet a stranger's descriptor of the same number.
private final class SignalWakeup: Sendable {
    private let owned: Descriptor
    private static let free = Guarded<[ProcessSignal: SignalWakeup]>([:])
    private static let claimed = Guarded<Set<ProcessSignal>>([])

    private init() throws(SystemError) {
        owned = try Descriptor(swiftlet_wakeup_create(), from: "eventfd")
    }

    var descriptor: CInt { owned.number }

    static func claim(_ signal: ProcessSignal) throws(SystemError) -> SignalWakeup {
        let isFree = claimed.withLock { $0.insert(signal).inserted }
        guard isFree else { throw SystemError(code: ErrorNumber.busy, operation: "sigaction") }
        if let known = free.withLock({ $0.removeValue(forKey: signal) }) { return known }
        do throws(SystemError) {
            return try SignalWakeup()
        } catch {
            claimed.withLock { _ = $0.remove(signal) }
            throw error
        }
    }

    static func giveBack(_ wakeup: SignalWakeup, of signal: ProcessSignal) {
        free.withLock { $0[signal] = wakeup }
        claimed.withLock { _ = $0.remove(signal) }
    }
}
