/// A counter that wraps, ordered by serial number arithmetic (RFC 1982 §3.2).
///
/// Deliberately not `Comparable`: the order is not transitive across more than half the range,
/// so sorting by it would be a bug.
///
/// ```swift
/// struct StreamSequence: SerialNumber { var rawValue: UInt16 }
/// StreamSequence(rawValue: 65_535).precedes(StreamSequence(rawValue: 0))   // true
/// ```
public protocol SerialNumber: Hashable, Sendable {
    associatedtype RawValue: FixedWidthInteger & UnsignedInteger & Sendable
    /// The number as it stands on the wire.
    var rawValue: RawValue { get }
    init(rawValue: RawValue)
}

extension SerialNumber {
    /// The number that follows, zero after the largest (RFC 1982 §3.1).
    @inlinable public var successor: Self { Self(rawValue: rawValue &+ 1) }

    /// Whether this number comes before `other`.
    ///
    /// Numbers exactly half the range apart have no order (RFC 1982 §3.2): neither precedes the
    /// other.
    @inlinable
    public func precedes(_ other: Self) -> Bool {
        let distance = other.rawValue &- rawValue
        return distance != 0 && distance <= RawValue.max / 2
    }

    /// How many steps lead from this number to `other`, going forward.
    @inlinable
    public func distance(to other: Self) -> RawValue { other.rawValue &- rawValue }
}
