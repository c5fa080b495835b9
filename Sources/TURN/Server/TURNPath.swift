public import STUN
public import Wire

/// The way between one client and the server: what RFC 8656 calls the 5-tuple.
public struct TURNPath: Hashable, Sendable {
    /// The client, as the server sees it.
    public var client: SocketAddress
    /// The server's address that the client sends to.
    public var server: SocketAddress
    /// Datagrams, or a stream.
    public var transport: STUNTransport

    /// The path from `client` to `server`.
    public init(
        from client: SocketAddress,
        to server: SocketAddress,
        over transport: STUNTransport = .datagram
    ) {
        self.client = client
        self.server = server
        self.transport = transport
    }
}

/// One relayed address of a server, as long as it lives; no other ever has the same.
public struct TURNRelayID: Hashable, Sendable {
    let slot: Int
    let generation: UInt64
    let family: IPAddress.Family
}

/// A client's packet on its way out: send `payload`, which lies in the client's message, from the
/// relay to the peer.
public struct TURNForward: Hashable, Sendable {
    /// The relay whose socket sends it.
    public var relay: TURNRelayID
    /// Where it goes.
    public var peer: SocketAddress
    /// Where in the client's message the packet lies.
    public var payload: Range<Int>
}

/// A peer's packet on its way in: send it to the client, within this framing.
public struct TURNDelivery: Hashable, Sendable {
    /// The client it goes to.
    public var path: TURNPath
    /// What goes in front of it and behind it.
    public var framing: TURNFraming
}
