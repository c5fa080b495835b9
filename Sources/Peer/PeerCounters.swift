/// What a session counts of itself.
public struct PeerCounters: Hashable, Sendable {
    /// Bytes of all datagrams handed to the socket.
    public var bytesSent = 0
    /// Bytes of all datagrams taken from the socket.
    public var bytesReceived = 0
    /// Datagrams that belong to no protocol of the connection.
    public var unknownPackets = 0
    /// Media from an address that ICE has not validated, or before there were keys.
    public var earlyMediaPackets = 0
    /// Media that failed authentication, or was replayed.
    public var unauthenticPackets = 0
    /// Authentic packets that are no RTP or RTCP.
    public var malformedPackets = 0
    /// Authentic RTP that belongs to no section.
    public internal(set) var unroutedPackets = 0
    /// DTLS that came too early, and for which there was no room.
    public internal(set) var droppedEarlyPackets = 0
    /// Application data over DTLS, which nothing has asked for.
    public var unexpectedApplicationData = 0

    init() {}
}
