/// Which kinds of relayed address a client asks for (RFC 8656 §7.1).
public enum TURNAddressFamilies: Hashable, Sendable, CaseIterable {
    case ipv4
    case ipv6
    /// One of each from a single allocation; a server without IPv6 gives the IPv4 one alone.
    case both
}
