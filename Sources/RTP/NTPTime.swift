/// A wall-clock time as NTP writes it: seconds since 1900 in 32 bits, fraction in 32 bits
/// (RFC 3550 §4).
///
/// It stands in sender reports only; machines measure with `Instant`.
public struct NTPTime: Hashable, Sendable {
    public var rawValue: UInt64

    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// The time that lies `unixNanoseconds` after 1970-01-01 UTC.
    public init(unixNanoseconds: Int64) {
        let (seconds, nanoseconds) = unixNanoseconds.flooredQuotientAndRemainder(by: 1_000_000_000)
        // The seconds wrap in 2036, as NTP's do.
        let whole = UInt64(truncatingIfNeeded: seconds &+ secondsFrom1900To1970) << 32
        rawValue = whole | (UInt64(nanoseconds) << 32) / 1_000_000_000
    }

    /// The middle 32 of the 64 bits: seconds modulo 65,536 and 16 bits of fraction
    /// (RFC 3550 §6.4.1, "last SR timestamp").
    public var middle32: UInt32 { UInt32(truncatingIfNeeded: rawValue >> 16) }

    /// This time moved by `duration`.
    public func advanced(by duration: Duration) -> NTPTime {
        let (seconds, attoseconds) = duration.components
        let fraction = (attoseconds / 1_000_000_000) << 32 / 1_000_000_000
        let moved = UInt64(truncatingIfNeeded: seconds) << 32 &+ UInt64(bitPattern: fraction)
        return NTPTime(rawValue: rawValue &+ moved)
    }
}

extension Int64 {
    fileprivate func flooredQuotientAndRemainder(by divisor: Int64) -> (Int64, Int64) {
        let (quotient, remainder) = quotientAndRemainder(dividingBy: divisor)
        return remainder < 0 ? (quotient - 1, remainder + divisor) : (quotient, remainder)
    }
}

/// RFC 868: 1900 to 1970 in seconds.
private let secondsFrom1900To1970: Int64 = 2_208_988_800
