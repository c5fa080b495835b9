/// The deadlines of a fixed set of named timers.
///
/// Timers due at the same instant fire in the order their cases are declared, so a run is
/// reproducible.
public struct Timers<Name: CaseIterable & RawRepresentable<Int> & Sendable>: Sendable {
    @usableFromInline var deadlines: [Instant?]

    /// No timer runs yet.
    ///
    /// The raw values of `Name` must be 0, 1, 2 … in declaration order.
    @inlinable
    public init() {
        deadlines = [Instant?](repeating: nil, count: Name.allCases.count)
    }

    /// The earliest deadline of all running timers.
    @inlinable public var next: Instant? {
        var earliest: Instant?
        for case let deadline? in deadlines {
            earliest = earliest.map { min($0, deadline) } ?? deadline
        }
        return earliest
    }

    /// When `name` fires; nil if it does not run.
    @inlinable
    public func deadline(of name: Name) -> Instant? { deadlines[name.rawValue] }

    /// Starts `name`, or moves it.
    @inlinable
    public mutating func set(_ name: Name, to deadline: Instant) {
        deadlines[name.rawValue] = deadline
    }

    /// Stops `name`; stopping a timer that does not run is no error.
    @inlinable
    public mutating func cancel(_ name: Name) {
        deadlines[name.rawValue] = nil
    }

    /// Stops all timers.
    @inlinable
    public mutating func cancelAll() {
        for index in deadlines.indices { deadlines[index] = nil }
    }

    /// Cancels and returns the earliest timer due at `now`.
    @inlinable
    public mutating func popDue(at now: Instant) -> Name? {
        guard let next, next <= now else { return nil }
        let name = Name.allCases.first { deadlines[$0.rawValue] == next }
        if let name { cancel(name) }
        return name
    }
}
