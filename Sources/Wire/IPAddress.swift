/// An IPv4 or IPv6 address; a value of 21 bytes that owns no memory.
///
/// ```swift
/// let address = IPAddress("2001:db8::1")
/// address?.isPrivate        // false
/// ```
public struct IPAddress: Hashable, Sendable {
    /// Which protocol an address belongs to.
    public enum Family: Hashable, Sendable, CaseIterable { case v4, v6 }

    // IPv4 lives in the lower half as its IPv4-mapped form would (RFC 4291 §2.5.5.2), and `family`
    // tells the two apart: one layout, so that equality and hashing follow no pointer.
    @usableFromInline let high: UInt64
    @usableFromInline let low: UInt64
    /// The interface a link-local IPv6 address belongs to (RFC 4007 §11); 0 when not said.
    public let scope: UInt32
    /// IPv4 or IPv6.
    public let family: Family

    /// An IPv4 address from its number, the first byte highest.
    @inlinable
    public init(v4 number: UInt32) {
        high = 0
        low = UInt64(number)
        scope = 0
        family = .v4
    }

    /// An IPv6 address from its two halves.
    @inlinable
    public init(v6High high: UInt64, low: UInt64, scope: UInt32 = 0) {
        self.high = high
        self.low = low
        self.scope = scope
        family = .v6
    }

    /// An address from its 4 or 16 bytes; nil for any other number of them.
    public init?(bytes: Span<UInt8>) {
        func number(_ range: Range<Int>) -> UInt64 {
            var value: UInt64 = 0
            for index in range { value = value << 8 | UInt64(bytes[index]) }
            return value
        }
        switch bytes.count {
        case 4: self.init(v4: UInt32(truncatingIfNeeded: number(0..<4)))
        case 16: self.init(v6High: number(0..<8), low: number(8..<16))
        default: return nil
        }
    }

    /// The 4 or 16 bytes in network order.
    public var bytes: [UInt8] {
        switch family {
        case .v4: (0..<4).map { UInt8(truncatingIfNeeded: low >> (24 - 8 * $0)) }
        case .v6:
            (0..<8).map { UInt8(truncatingIfNeeded: high >> (56 - 8 * $0)) }
                + (0..<8).map { UInt8(truncatingIfNeeded: low >> (56 - 8 * $0)) }
        }
    }

    /// The number of an IPv4 address; nil for IPv6.
    @inlinable public var v4Number: UInt32? {
        family == .v4 ? UInt32(truncatingIfNeeded: low) : nil
    }

    /// The two halves of an IPv6 address; nil for IPv4.
    @inlinable public var v6Halves: (high: UInt64, low: UInt64)? {
        family == .v6 ? (high, low) : nil
    }

    /// The same address on the interface numbered `scope`; IPv4 has none and stays as it is.
    public func scoped(to scope: UInt32) -> IPAddress {
        family == .v6 ? IPAddress(v6High: high, low: low, scope: scope) : self
    }

    /// 127.0.0.1.
    public static let loopback4 = IPAddress(v4: 0x7F00_0001)
    /// ::1.
    public static let loopback6 = IPAddress(v6High: 0, low: 1)
    /// 0.0.0.0.
    public static let any4 = IPAddress(v4: 0)
    /// ::.
    public static let any6 = IPAddress(v6High: 0, low: 0)
}

// MARK: - Classification

extension IPAddress {
    /// 0.0.0.0 or ::, also when IPv4 hides in IPv6.
    public var isUnspecified: Bool {
        if let inner = embeddedV4 { return inner == 0 }
        return high == 0 && low == 0
    }

    /// 127.0.0.0/8 or ::1 (RFC 1122 §3.2.1.3, RFC 4291 §2.5.3), also when IPv4 hides in IPv6.
    public var isLoopback: Bool {
        if let inner = embeddedV4 { return inner >> 24 == 127 }
        return high == 0 && low == 1
    }

    /// 169.254.0.0/16 or fe80::/10 (RFC 3927, RFC 4291 §2.5.6).
    public var isLinkLocal: Bool {
        if let inner = embeddedV4 { return inner >> 16 == 0xA9FE }
        return high >> 54 == 0xFE80 >> 6
    }

    /// An address of a private network: RFC 1918 §3, shared space (RFC 6598), fc00::/7 (RFC 4193).
    public var isPrivate: Bool {
        guard let inner = embeddedV4 else { return high >> 57 == 0xFC >> 1 }
        return inner >> 24 == 10 || inner >> 20 == 0xAC1 || inner >> 16 == 0xC0A8
            || inner >> 22 == 0x6440_0000 >> 22
    }

    /// 224.0.0.0/4 or ff00::/8.
    public var isMulticast: Bool {
        if let inner = embeddedV4 { return inner >> 28 == 0xE }
        return high >> 56 == 0xFF
    }

    /// An IPv4 address written as IPv6, ::ffff:0:0/96 (RFC 4291 §2.5.5.2).
    public var isV4Mapped: Bool { family == .v6 && high == 0 && low >> 32 == 0xFFFF }

    /// The address as other hosts mean it: IPv4 taken out of its IPv4-mapped form.
    ///
    /// Compare and filter this one, or `::ffff:127.0.0.1` passes a rule against loopback.
    public var unmapped: IPAddress {
        isV4Mapped ? IPAddress(v4: UInt32(truncatingIfNeeded: low)) : self
    }

    /// The IPv4 number, whether plain or mapped into IPv6.
    private var embeddedV4: UInt32? {
        family == .v4 || isV4Mapped ? UInt32(truncatingIfNeeded: low) : nil
    }
}
