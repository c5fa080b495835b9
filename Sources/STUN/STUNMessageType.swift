public import Wire

/// What a STUN message is for (RFC 8489 §5).
public enum STUNClass: UInt8, Hashable, Sendable, CaseIterable {
    case request = 0
    case indication = 1
    case success = 2
    case error = 3
}

/// Which STUN procedure a message belongs to (RFC 8489 §18.2).
public struct STUNMethod: RawRepresentable, Hashable, Sendable {
    /// The twelve bits on the wire.
    public var rawValue: UInt16

    /// The method with this number; only its lowest twelve bits count.
    @inlinable
    public init(rawValue: UInt16) { self.rawValue = rawValue & 0xFFF }

    /// "What is my address?", and ICE's connectivity check.
    public static let binding = STUNMethod(rawValue: 1)
}

/// The 96 bits that tie a response to its request (RFC 8489 §5).
public struct STUNTransactionID: Hashable, Sendable {
    /// The first four bytes.
    public var high: UInt32
    /// The last eight bytes.
    public var low: UInt64

    /// The identifier with these bits.
    @inlinable
    public init(high: UInt32, low: UInt64) {
        self.high = high
        self.low = low
    }

    /// A fresh identifier, which nobody off the path can guess.
    public init(using entropy: inout Entropy) {
        self.init(high: UInt32(truncatingIfNeeded: entropy.next()), low: entropy.next())
    }
}

/// Class and method as they are interleaved on the wire.
///
///      0                 1
///      2  3  4 5 6 7 8 9 0 1 2 3 4 5
///     |M |M |M|M|M|C|M|M|M|C|M|M|M|M|
///     |11|10|9|8|7|1|6|5|4|0|3|2|1|0|
enum STUNMessageType {
    static func encode(_ messageClass: STUNClass, _ method: STUNMethod) -> UInt16 {
        let bits = method.rawValue
        let kind = UInt16(messageClass.rawValue)
        return bits & 0xF | (bits & 0x70) << 1 | (bits & 0xF80) << 2 | (kind & 1) << 4
            | (kind & 2) << 7
    }

    static func decode(_ type: UInt16) -> (STUNClass, STUNMethod) {
        let method = type & 0xF | (type >> 1) & 0x70 | (type >> 2) & 0xF80
        let kind: STUNClass =
            switch (type & 0x100 != 0, type & 0x10 != 0) {
            case (false, false): .request
            case (false, true): .indication
            case (true, false): .success
            case (true, true): .error
            }
        return (kind, STUNMethod(rawValue: method))
    }
}

/// RFC 8489 §5: tells STUN from everything that came before it, and masks addresses.
let magicCookie: UInt32 = 0x2112_A442
/// RFC 8489 §5: type, length, cookie and transaction identifier.
let headerLength = 20
