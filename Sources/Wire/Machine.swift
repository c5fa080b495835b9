/// A protocol engine that is told things and asked things, and does nothing on its own.
///
/// Inputs are ordinary mutating methods, one for each thing that can happen, each taking the time it
/// happened. After every input: pop outputs until nil, then read ``deadline``.
///
/// ```swift
/// transaction.receive(response, at: now)
/// transaction.drain { output in carryOut(output) }
/// loop.wake(at: transaction.deadline)
/// ```
public protocol Machine<Output>: ~Copyable {
    /// One thing the owner must do: send bytes, or tell the layer above.
    associatedtype Output: Sendable

    /// When to call ``advance(to:)`` if nothing else happens first; nil when idle.
    var deadline: Instant? { get }

    /// Runs every timer due at `now`. Afterwards ``deadline`` is nil or later than `now`.
    mutating func advance(to now: Instant)

    /// Removes and returns the oldest output.
    mutating func popOutput() -> Output?
}

extension Machine where Self: ~Copyable {
    /// Hands every waiting output to `body`, oldest first.
    @inlinable
    public mutating func drain(_ body: (Output) -> Void) {
        while let output = popOutput() { body(output) }
    }
}
