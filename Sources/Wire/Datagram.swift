/// Bytes on their way between two addresses.
public struct Datagram: Hashable, Sendable {
    /// Where it comes from; for an outgoing one, the local address it must leave from.
    public var source: SocketAddress
    /// Where it goes.
    public var destination: SocketAddress
    /// What it carries.
    public var payload: [UInt8]

    /// `payload` from `source` to `destination`.
    public init(from source: SocketAddress, to destination: SocketAddress, payload: [UInt8]) {
        self.source = source
        self.destination = destination
        self.payload = payload
    }
}
