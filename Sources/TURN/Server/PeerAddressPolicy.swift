public import Wire

/// To which addresses a server relays.
///
/// A relay stands inside a network and acts for somebody outside. So by default nothing goes to the
/// server's own machine, to its link, to private networks, or to an address that only looks like a
/// public one (RFC 8656 §21.2.2, RFC 6890).
///
/// ```swift
/// var policy = PeerAddressPolicy()
/// policy.allowsPrivate = true        // a laboratory
/// policy.allows(address)
/// ```
public struct PeerAddressPolicy: Hashable, Sendable {
    /// The server's own services: 127.0.0.0/8, ::1, and every port of the machine's other addresses.
    ///
    /// For a laboratory with server and peers on one machine.
    public var allowsLoopback = false
    /// 169.254.0.0/16, where clouds keep their credentials, and fe80::/10.
    public var allowsLinkLocal = false
    /// RFC 1918, the shared space of RFC 6598, and fc00::/7.
    public var allowsPrivate = false
    /// IPv6 addresses that hold an IPv4 one, which is then held against the other rules: IPv4-mapped,
    /// NAT64, 6to4, Teredo.
    public var allowsTranslated = false
    /// Addresses that are forbidden whatever the rest says.
    public var forbidden: Set<IPAddress> = []
    /// Addresses that are allowed whatever the rules say.
    ///
    /// Of an address that relays are known at, the ports of relays only.
    public var allowed: Set<IPAddress> = []

    /// Public addresses only.
    public init() {}

    /// Whether packets may go to `address`.
    public func allows(_ address: IPAddress) -> Bool {
        let plain = address.scoped(to: 0)
        guard !forbidden.contains(plain), !forbidden.contains(plain.unmapped) else { return false }
        if allowed.contains(plain) { return true }
        if let inner = plain.translatedV4 {
            return allowsTranslated && allowsPlain(inner)
        }
        return allowsPlain(plain)
    }

    private func allowsPlain(_ address: IPAddress) -> Bool {
        guard !address.isUnspecified, !address.isMulticast, !address.isReserved else {
            return false
        }
        return (allowsLoopback || !address.isLoopback)
            && (allowsLinkLocal || !address.isLinkLocal)
            && (allowsPrivate || !address.isPrivate)
    }
}

extension IPAddress {
    /// Addresses nobody has: "this network", class E and broadcast, those for protocols and
    /// benchmarks (RFC 6890), and IPv6 outside what has ever been given out.
    fileprivate var isReserved: Bool {
        if let number = v4Number {
            return number >> 24 == 0 || number >> 28 == 0xF || number >> 8 == 0xC0_0000
                || number >> 8 == 0xC0_5863 || number >> 17 == 0xC612_0000 >> 17
        }
        guard let (high, _) = v6Halves else { return true }
        // fec0::/10 (RFC 3879), and 100::/64, where packets go to die (RFC 6666).
        return high >> 54 == 0xFEC0 >> 6 || high == 0x0100_0000_0000_0000
    }

    /// The IPv4 address that a router or the kernel would take out of an IPv6 one.
    fileprivate var translatedV4: IPAddress? {
        guard let (high, low) = v6Halves else { return nil }
        let tail = IPAddress(v4: UInt32(truncatingIfNeeded: low))
        // RFC 4291 §2.5.5: mapped, and compatible; :: and ::1 are judged as what they are.
        if high == 0 { return low >> 32 == 0xFFFF || low >> 32 == 0 && low > 1 ? tail : nil }
        // RFC 6052 §2.1, RFC 8215.
        if high == 0x0064_FF9B_0000_0000 && low >> 32 == 0 { return tail }
        if high >> 16 == 0x0064_FF9B_0001 { return tail }
        // RFC 3056 §2.
        if high >> 48 == 0x2002 { return IPAddress(v4: UInt32(truncatingIfNeeded: high >> 16)) }
        // RFC 4380 §4: the client's address, inverted.
        if high >> 32 == 0x2001_0000 {
            return IPAddress(v4: ~UInt32(truncatingIfNeeded: low))
        }
        // RFC 5214 §6.1.
        let identifier = low >> 32
        if identifier == 0x0000_5EFE || identifier == 0x0200_5EFE { return tail }
        return nil
    }
}
