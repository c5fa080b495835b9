/// What carries the messages.
public enum STUNTransport: Hashable, Sendable {
    /// UDP or DTLS: packets may be lost, so requests are sent again (RFC 8489 §6.2.1).
    case datagram
    /// TCP or TLS: a request is sent once, and the bytes are cut into messages
    /// (RFC 8489 §6.2.2; ``STUNStreamFraming``).
    case stream
}
