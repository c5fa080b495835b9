/// A point on a monotonic clock that has no epoch, in nanoseconds.
///
/// Machines never make one up: the shell reads the clock once a turn and passes it in.
public struct Instant: InstantProtocol, Hashable, Sendable {
    /// Nanoseconds since an origin that is the same for all instants of one process.
    public var nanoseconds: Int64

    /// The instant that lies `nanoseconds` after the origin.
    @inlinable
    public init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    /// The origin, where simulations start.
    @inlinable public static var zero: Instant { Instant(nanoseconds: 0) }

    /// This instant moved by `duration`; it stops at the ends of the range instead of trapping.
    @inlinable
    public func advanced(by duration: Duration) -> Instant {
        let (sum, overflow) = nanoseconds.addingReportingOverflow(duration.nanoseconds)
        guard overflow else { return Instant(nanoseconds: sum) }
        return Instant(nanoseconds: duration < .zero ? .min : .max)
    }

    /// How far `other` lies after this instant; negative if it lies before.
    @inlinable
    public func duration(to other: Instant) -> Duration {
        let (difference, overflow) = other.nanoseconds.subtractingReportingOverflow(nanoseconds)
        guard overflow else { return .nanoseconds(difference) }
        return .nanoseconds(other < self ? Int64.min : Int64.max)
    }

    @inlinable
    public static func < (left: Instant, right: Instant) -> Bool {
        left.nanoseconds < right.nanoseconds
    }
}

extension Duration {
    /// The whole nanoseconds of this duration, limited to what 64 bits hold (292 years).
    @inlinable public var nanoseconds: Int64 {
        let (seconds, attoseconds) = components
        let (scaled, overflow) = seconds.multipliedReportingOverflow(by: 1_000_000_000)
        let (sum, carried) = scaled.addingReportingOverflow(attoseconds / 1_000_000_000)
        guard overflow || carried else { return sum }
        return seconds < 0 ? .min : .max
    }

    /// This duration in seconds, for arithmetic where rounding does no harm.
    @inlinable public var inSeconds: Double {
        let (seconds, attoseconds) = components
        return Double(seconds) + Double(attoseconds) * 1e-18
    }

    /// This duration in milliseconds, for arithmetic and display.
    @inlinable public var inMilliseconds: Double { inSeconds * 1_000 }
}
