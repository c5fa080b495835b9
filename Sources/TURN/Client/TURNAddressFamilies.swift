/// Which kinds of relayed address a client asks for (RFC 8656 §7.1).
public enum TURNAddressFamilies: Hashable, Sendable, CaseIterable {
    /// One IPv4 address, which every server has.
    case ipv4
    /// One IPv6 address.
    case ipv6
    /// One of each from a single allocation; a server without one of them gives the other
    /// alone.
    case both
}
