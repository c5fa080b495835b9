/// Bytes on their way between two addresses.
public struct Datagram: Hashable, Sendable {
    /// Where it comes from; for an outgoing one, the local address it must leave from.
    public var source: SocketAddress
    /// Where it goes.
    public var destination: SocketAddress
    /// What it carries.
    public var payload: [UInt8]
    /// What carries it; over TCP it is framed by whoever owns the connection.
    public var transport: TransportProtocol

    /// `payload` from `source` to `destination`.
    public init(
        from source: SocketAddress,
        to destination: SocketAddress,
        over transport: TransportProtocol = .udp,
        payload: [UInt8]
    ) {
        self.source = source
        self.destination = destination
        self.payload = payload
        self.transport = transport
    }
}
