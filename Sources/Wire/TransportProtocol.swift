/// What carries a datagram between two addresses.
///
/// A UDP socket and a TCP connection may have the same address, so an address alone does not name one.
public enum TransportProtocol: Hashable, Sendable {
    case udp
    /// TCP, each datagram behind its length (RFC 4571): ``LengthPrefixedFrames``.
    case tcp
}
