/// How much media a packet should hold: `a=ptime:<milliseconds>` (RFC 8866 §6.4).
public struct PacketTimeAttribute: SDPTypedAttribute {
    public static let name = "ptime"

    /// The time that a packet's media lasts.
    public var time: Duration

    /// A time.
    public init(_ time: Duration) { self.time = time }

    public init(parsing value: String) throws(SDPError) {
        time = try packetTime(value)
    }

    public var value: String { time.decimalMilliseconds }
}

/// How much media a packet may hold at most: `a=maxptime:<milliseconds>` (RFC 8866 §6.5).
public struct MaximumPacketTimeAttribute: SDPTypedAttribute {
    public static let name = "maxptime"

    /// The time that a packet's media may last.
    public var time: Duration

    /// A time.
    public init(_ time: Duration) { self.time = time }

    public init(parsing value: String) throws(SDPError) {
        time = try packetTime(value)
    }

    public var value: String { time.decimalMilliseconds }
}

/// RFC 8866 §6.4: a decimal number above 0.
private func packetTime(_ value: String) throws(SDPError) -> Duration {
    var scanner = FieldScanner(value)
    let number = try scanner.decimal("a time in milliseconds")
    try scanner.finish()
    let (seconds, rest) = number.billionths.quotientAndRemainder(dividingBy: 1_000_000_000_000)
    return Duration(
        secondsComponent: Int64(clamping: seconds),
        attosecondsComponent: Int64(clamping: rest) * 1_000_000
    )
}

extension Duration {
    /// Milliseconds as a decimal number above 0, to the picosecond.
    fileprivate var decimalMilliseconds: String {
        let (seconds, attoseconds) = components
        let (whole, overflow) = UInt64(clamping: seconds)
            .multipliedReportingOverflow(by: 1_000_000_000_000)
        let (sum, carry) = whole.addingReportingOverflow(UInt64(clamping: attoseconds / 1_000_000))
        return PositiveDecimal(billionths: overflow || carry ? .max : max(sum, 1)).text
    }
}
