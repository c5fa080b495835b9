/// Something that lives on an ``EventLoop`` and is told there what happens.
///
/// An actor whose executor is the loop enters itself with `assumeIsolated`:
///
/// ```swift
/// actor Pulse: LoopClient {
///     nonisolated func deadlinePassed() { assumeIsolated { $0.beat() } }
///     nonisolated func signalled() { assumeIsolated { $0.collectMail() } }
/// }
/// ```
public protocol LoopClient: AnyObject, Sendable {
    /// The deadline set with ``EventLoop/setDeadline(_:for:)`` has come.
    ///
    /// Called on the loop, once.
    nonisolated func deadlinePassed()

    /// ``EventLoop/signal(_:)`` was called once or more since the last time.
    ///
    /// Called on the loop.
    nonisolated func signalled()
}

/// What a loop knows a ``LoopClient`` by.
public struct LoopClientID: Hashable, Sendable {
    let slot: SlotID
}

/// A client, held weakly: a loop keeps nobody alive.
struct ClientReference {
    weak var client: (any LoopClient)?
}

/// Something with a descriptor that an event loop watches.
protocol EventSource: AnyObject, Sendable {
    /// The descriptor is ready.
    ///
    /// Called on the loop.
    func ready(_ readiness: Readiness)

    /// The loop ends: close the descriptor.
    ///
    /// Called on the loop.
    func loopStopped()
}

/// A source, held weakly: whoever drops the last reference to a socket has closed it.
struct SourceReference {
    weak var source: (any EventSource)?
}
