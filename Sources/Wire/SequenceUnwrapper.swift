/// Turns a wrapping counter into one that does not wrap.
///
/// Each number is taken to be the one nearest to the newest seen, so the result goes backwards for a
/// late packet and never jumps by more than half the range.
///
/// ```swift
/// var unwrapper = SequenceUnwrapper<UInt16>()
/// unwrapper.unwrap(65_535)   // 65535
/// unwrapper.unwrap(0)        // 65536
/// ```
public struct SequenceUnwrapper<Counter: FixedWidthInteger & UnsignedInteger & Sendable>: Sendable {
    @usableFromInline var newest: Int64?

    /// Has seen nothing yet; the first number stands for itself.
    @inlinable
    public init() {}

    /// The unwrapped value of `counter`, which becomes the newest if it lies ahead.
    @inlinable
    public mutating func unwrap(_ counter: Counter) -> Int64 {
        let value = peek(counter)
        newest = max(newest ?? value, value)
        return value
    }

    /// The unwrapped value of `counter`, remembering nothing.
    @inlinable
    public func peek(_ counter: Counter) -> Int64 {
        guard let newest else { return Int64(truncatingIfNeeded: counter) }
        let forward = counter &- Counter(truncatingIfNeeded: newest)
        guard forward > Counter.max / 2 else { return newest &+ Int64(truncatingIfNeeded: forward) }
        return newest &- Int64(truncatingIfNeeded: 0 &- forward)
    }
}
