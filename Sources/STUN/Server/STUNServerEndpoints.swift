public import Wire

/// Two addresses and two ports, four sockets together (RFC 5780 §6).
public struct STUNServerEndpoints: Hashable, Sendable {
    /// The socket that clients know.
    public let primary: SocketAddress
    /// The socket that shares neither address nor port with it.
    public let alternate: SocketAddress

    /// Nil unless addresses and ports both differ, within one family.
    public init?(primary: SocketAddress, alternate: SocketAddress) {
        guard primary.address != alternate.address, primary.port != alternate.port,
            primary.address.family == alternate.address.family
        else { return nil }
        self.primary = primary
        self.alternate = alternate
    }

    /// All four sockets that are to be opened.
    public var all: [SocketAddress] {
        [
            primary, SocketAddress(primary.address, port: alternate.port),
            SocketAddress(alternate.address, port: primary.port), alternate,
        ]
    }

    /// The socket with the other address and the other port; nil if `local` is none of the four.
    func opposite(of local: SocketAddress) -> SocketAddress? {
        changed(local, by: [.address, .port])
    }

    /// The socket that `flags` ask for when a request came in on `local`.
    func changed(_ local: SocketAddress, by flags: STUNChangeRequest) -> SocketAddress? {
        guard all.contains(local) else { return nil }
        var result = local
        if flags.contains(.address) {
            result.address =
                local.address == primary.address ? alternate.address : primary.address
        }
        if flags.contains(.port) {
            result.port = local.port == primary.port ? alternate.port : primary.port
        }
        return result
    }
}
