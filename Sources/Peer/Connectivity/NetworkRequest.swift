public import Wire

/// What a session asks of the network beside sending datagrams.
public enum NetworkRequest: Hashable, Sendable {
    /// The transport `stream` is not used any more: close its sockets.
    case release(stream: Int)
    /// The sockets of `pooled`, opened ahead of time, are those of the transport `stream` from now on.
    case adopt(pooled: Int, as: Int)
    /// A STUN request whose USERNAME begins with this belongs to the session.
    ///
    /// Whoever shares one socket among sessions tells them apart by it.
    case listen(usernameFragment: String)
    /// Look up the addresses of a host, and tell ``PeerSession/resolved(_:to:at:)``.
    case resolve(host: String)
    /// Answer questions of the local network for `name` (mDNS) with `address`.
    case announce(name: String, address: IPAddress)
    /// Open one more UDP socket, and tell ``PeerSession/socketOpened(_:on:at:)``, or
    /// ``PeerSession/socketFailed(_:at:)``; at once, if that can be.
    case openSocket(SocketRequest)
    /// Close a socket that was opened for ``openSocket(_:)``.
    case closeSocket(SocketAddress)
    /// Open a stream, and tell ``PeerSession/streamOpened(_:on:at:)``.
    case openStream(StreamRequest)
    /// Close the stream of this number.
    case closeStream(Int)
    /// Open a TCP connection for ICE, and tell ``PeerSession/connectionOpened(from:to:at:)``.
    ///
    /// Datagrams go through it behind their length (`LengthPrefixedFrames`). The port of `from` means
    /// any.
    case connect(from: SocketAddress, to: SocketAddress)
    /// Close a TCP connection of ICE.
    case disconnect(from: SocketAddress, to: SocketAddress)
}

/// A UDP socket that a session wants for one relay alone: not a candidate.
public struct SocketRequest: Hashable, Sendable {
    /// What the session calls it.
    public var id: Int
    /// The transport it is for.
    public var stream: Int
    /// The socket in whose place it comes: it shall have the same address and another port.
    public var near: SocketAddress
}

/// A TCP connection that a session wants.
///
/// What goes through it comes as datagrams over TCP in the outgoing batch, from its local address to
/// ``remote``, to be written as they are.
public struct StreamRequest: Hashable, Sendable {
    /// What the session calls it.
    public var id: Int
    /// The address of ours that it shall leave from: that of the interface it is for.
    public var local: IPAddress
    /// Where it leads.
    public var remote: SocketAddress
    /// The name that the server's certificate must bear, if there is to be TLS.
    public var tlsName: String?
}
