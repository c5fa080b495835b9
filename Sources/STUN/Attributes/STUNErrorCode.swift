/// Why a request was refused (RFC 8489 §14.8 and §18.6).
public struct STUNErrorCode: RawRepresentable, Hashable, Sendable {
    /// The number, 300 to 699.
    public var rawValue: Int

    /// The error with this number.
    public init(rawValue: Int) { self.rawValue = rawValue }

    // RFC 8489 §14.8.
    public static let tryAlternate = STUNErrorCode(rawValue: 300)
    public static let badRequest = STUNErrorCode(rawValue: 400)
    public static let unauthenticated = STUNErrorCode(rawValue: 401)
    public static let unknownAttribute = STUNErrorCode(rawValue: 420)
    public static let staleNonce = STUNErrorCode(rawValue: 438)
    public static let serverError = STUNErrorCode(rawValue: 500)
    /// RFC 8445 §16.2.
    public static let roleConflict = STUNErrorCode(rawValue: 487)
    // RFC 8656 §19.
    public static let forbidden = STUNErrorCode(rawValue: 403)
    public static let allocationMismatch = STUNErrorCode(rawValue: 437)
    public static let addressFamilyNotSupported = STUNErrorCode(rawValue: 440)
    public static let wrongCredentials = STUNErrorCode(rawValue: 441)
    public static let unsupportedTransport = STUNErrorCode(rawValue: 442)
    public static let peerAddressFamilyMismatch = STUNErrorCode(rawValue: 443)
    public static let allocationQuotaReached = STUNErrorCode(rawValue: 486)
    public static let insufficientCapacity = STUNErrorCode(rawValue: 508)

    /// Reads the value of ERROR-CODE; nil when class or number lie outside what the RFC allows.
    init?(parsing value: Span<UInt8>) {
        guard value.count >= 4 else { return nil }
        let hundreds = Int(value[2] & 7)
        guard 3...6 ~= hundreds, value[3] <= 99 else { return nil }
        self.init(rawValue: hundreds * 100 + Int(value[3]))
    }

    /// The number as the last two bytes of its field show it: class and the rest.
    var field: UInt32 {
        let number = UInt32(truncatingIfNeeded: min(max(rawValue, 300), 699))
        return (number / 100) << 8 | number % 100
    }
}
