/// The pacing of ICE checks that the sender asks for: `a=ice-pacing:<milliseconds>`.
///
/// RFC 8839 §5.5. The larger of both sides' wishes holds.
public struct ICEPacingAttribute: SDPTypedAttribute {
    public static let name = "ice-pacing"

    /// The time between two checks, in whole milliseconds.
    public var milliseconds: UInt32

    /// A pacing; what is less than a millisecond is cut off.
    public init(_ interval: Duration) {
        milliseconds = interval.wholeMilliseconds
    }

    public init(parsing value: String) throws(SDPError) {
        var scanner = FieldScanner(value)
        // RFC 8839 §5.5: one to ten digits; more than an hour is as good as never.
        let number = try scanner.number(
            in: 0...9_999_999_999 as ClosedRange<UInt64>,
            "milliseconds"
        )
        milliseconds = UInt32(clamping: number)
        try scanner.finish()
    }

    public var value: String { String(milliseconds) }

    /// The time between two checks.
    public var interval: Duration { .milliseconds(milliseconds) }
}

extension Duration {
    /// Milliseconds, the rest cut off, as near as 32 bits come.
    var wholeMilliseconds: UInt32 {
        let (seconds, attoseconds) = components
        let (thousands, overflow) = seconds.multipliedReportingOverflow(by: 1_000)
        guard !overflow else { return seconds < 0 ? 0 : .max }
        let rest = attoseconds / 1_000_000_000_000_000
        let (sum, carry) = thousands.addingReportingOverflow(rest)
        return carry ? (seconds < 0 ? 0 : .max) : UInt32(clamping: sum)
    }
}
