/// What a session asks of the network beside sending datagrams.
public enum NetworkRequest: Hashable, Sendable {
    /// The transport `stream` is not used any more: close its sockets.
    case release(stream: Int)
    /// A STUN request whose USERNAME begins with this belongs to the session.
    ///
    /// Whoever shares one socket among sessions tells them apart by it.
    case listen(usernameFragment: String)
}
