public import Wire

/// When a packet left, in seconds modulo 64 with 18 bits of fraction.
///
///     |  seconds (6)  |          fraction of a second (18)            |
public struct AbsoluteSendTime: Hashable, Sendable {
    /// The 24 bits as they stand on the wire.
    public var rawValue: UInt32

    public init(rawValue: UInt32) { self.rawValue = rawValue & 0xFF_FFFF }

    /// The send time that stands for `time`.
    public init(_ time: NTPTime) {
        self.init(rawValue: UInt32(truncatingIfNeeded: time.rawValue >> 14))
    }

    /// Reads the value of an extension element.
    public init(parsing value: Span<UInt8>) throws(ParseError) {
        var reader = ByteReader(value)
        rawValue = try reader.readUInt24()
    }

    /// How much later `other` is, taken to be less than 32 seconds away.
    public func duration(to other: AbsoluteSendTime) -> Duration {
        let difference = (other.rawValue &- rawValue) << 8
        let signed = Int64(Int32(bitPattern: difference) >> 8)
        return .nanoseconds(signed * 1_000_000_000 / 262_144)
    }
}
