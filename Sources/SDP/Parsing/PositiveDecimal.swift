/// A decimal number above 0, exact to nine digits behind the point.
///
/// RFC 8866 §9: `non-zero-int-or-real`. What is finer is cut off.
struct PositiveDecimal: Hashable, Sendable {
    /// The number times a billion.
    var billionths: UInt64

    init(billionths: UInt64) { self.billionths = billionths }

    /// Reads digits with one point or none; nil for 0 and for what does not fit.
    init?(_ text: some Sequence<UInt8>) {
        var value: UInt64 = 0
        var scale: UInt64 = 1_000_000_000
        var digits = 0
        var hasPoint = false
        for byte in text {
            if byte == UInt8(ascii: "."), !hasPoint, digits > 0 {
                hasPoint = true
                digits = 0
                continue
            }
            guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) else { return nil }
            digits += 1
            if hasPoint {
                scale /= 10
                value &+= UInt64(byte - UInt8(ascii: "0")) &* scale
            } else {
                let (tens, overflow) = value.multipliedReportingOverflow(by: 10)
                let (sum, carry) = tens.addingReportingOverflow(
                    UInt64(byte - UInt8(ascii: "0")) &* scale
                )
                // Leaves room for all that can stand behind the point.
                guard !overflow, !carry, sum < .max - scale else { return nil }
                value = sum
            }
        }
        guard value > 0, digits > 0 else { return nil }
        billionths = value
    }

    /// The number without zeros that say nothing.
    var text: String {
        let (whole, rest) = billionths.quotientAndRemainder(dividingBy: 1_000_000_000)
        guard rest > 0 else { return String(whole) }
        // One before the rest keeps its leading zeros.
        var digits = String(1_000_000_000 + rest).dropFirst()
        while digits.last == "0" { digits.removeLast() }
        return "\(whole).\(digits)"
    }
}
