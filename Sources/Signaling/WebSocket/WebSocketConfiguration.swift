/// Limits and timings of one WebSocket.
public struct WebSocketConfiguration: Sendable {
    /// The largest message taken, over all its fragments.
    public var maximumMessageSize = 1_024 * 1_024
    /// The most fragments a message may come in: tiny ones without end are an attack.
    public var maximumFragments = 1_024
    /// How long the opening handshake may take.
    public var handshakeTimeout = Duration.seconds(10)
    /// How long the peer may take to answer our Close frame.
    public var closeTimeout = Duration.seconds(2)
    /// How long to wait for the peer to end the TCP connection once everything has been said.
    ///
    /// Ending it at once while bytes are unread would reset the connection and could destroy our
    /// Close frame on its way.
    public var lingerTimeout = Duration.seconds(1)

    public init() {}
}
