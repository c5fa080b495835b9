/// How many pictures a second there are at most: `a=framerate:<number>` (RFC 8866 §6.13).
public struct FrameRateAttribute: SDPTypedAttribute {
    public static let name = "framerate"

    /// Pictures a second, above 0 and at most a million.
    public var framesPerSecond: Double

    /// A rate.
    public init(_ framesPerSecond: Double) { self.framesPerSecond = framesPerSecond }

    public init(parsing value: String) throws(SDPError) {
        var scanner = FieldScanner(value)
        let place = scanner
        let number = try scanner.decimal("frames a second")
        guard number.billionths <= maximumBillionths else { throw place.failure("frames a second") }
        try scanner.finish()
        framesPerSecond = Double(number.billionths) / billion
    }

    public var value: String {
        // Below 2⁵¹ the way to a Double and back is exact.
        let billionths = framesPerSecond.isFinite ? (framesPerSecond * billion).rounded() : 0
        let bounded = min(max(billionths, 1), Double(maximumBillionths))
        return PositiveDecimal(billionths: UInt64(bounded)).text
    }
}

private let billion = 1_000_000_000.0
private let maximumBillionths: UInt64 = 1_000_000 * 1_000_000_000
