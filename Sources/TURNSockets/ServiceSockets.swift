import LinuxIO
import TLSStreams
import STUN
import TURN
import Wire

/// The sockets of a ``TURNService``.
struct ServiceSockets {
    var datagrams: UDPSocket?
    var listener: TCPListener?
    var secureListener: TCPListener?
    private(set) var relays: [TURNRelayID: UDPSocket] = [:]
    private var ids: [ObjectIdentifier: TURNRelayID] = [:]
    /// By the client's address: no two streams to one listener share it.
    var streams: [SocketAddress: Stream] = [:]
    private var clients: [ObjectIdentifier: SocketAddress] = [:]
    private(set) var nextIdleCheck: Instant?

    /// One client's connection.
    struct Stream {
        let transport: StreamTransport
        let path: TURNPath
        var framing = STUNStreamFraming(acceptsChannelData: true, maximumLength: longestFrame)
        /// When it is closed unless it has an allocation or says something.
        var isIdleAt: Instant
    }

    // MARK: - Relays

    mutating func add(_ socket: UDPSocket, for relay: TURNRelayID) {
        relays[relay] = socket
        ids[ObjectIdentifier(socket)] = relay
    }

    func relay(of socket: UDPSocket) -> TURNRelayID? { ids[ObjectIdentifier(socket)] }

    mutating func closeRelay(_ relay: TURNRelayID) {
        guard let socket = relays.removeValue(forKey: relay) else { return }
        ids[ObjectIdentifier(socket)] = nil
        socket.close()
    }

    // MARK: - Streams

    /// Whether there is room for a connection from `client`.
    func mayAccept(_ client: SocketAddress) -> Bool {
        guard listener != nil, streams.count < maximumStreams else { return false }
        let sameHost = streams.keys.count { $0.address == client.address }
        return sameHost < maximumStreamsPerHost
    }

    mutating func add(
        _ transport: StreamTransport,
        _ client: SocketAddress,
        _ server: SocketAddress,
        at now: Instant
    ) {
        let idleAt = now.advanced(by: idleLimit)
        let path = TURNPath(from: client, to: server, over: .stream)
        streams[client] = Stream(transport: transport, path: path, isIdleAt: idleAt)
        clients[transport.id] = client
        nextIdleCheck = nextIdleCheck ?? idleAt
    }

    func client(of id: ObjectIdentifier) -> SocketAddress? { clients[id] }

    mutating func removeStream(_ id: ObjectIdentifier) -> TURNPath? {
        guard let client = clients.removeValue(forKey: id) else { return nil }
        let stream = streams.removeValue(forKey: client)
        if streams.isEmpty { nextIdleCheck = nil }
        return stream?.path
    }

    /// Closes the streams that have said nothing for too long; returns their paths.
    ///
    /// A client with an allocation refreshes it, so it is never silent for as long as that.
    mutating func closeIdle(at now: Instant) -> [TURNPath] {
        guard let check = nextIdleCheck, check <= now else { return [] }
        let idle = streams.values.filter { $0.isIdleAt <= now }
        for stream in idle {
            streams[stream.path.client] = nil
            clients[stream.transport.id] = nil
            stream.transport.close()
        }
        nextIdleCheck = streams.values.map(\.isIdleAt).min()
        return idle.map(\.path)
    }

    mutating func closeAll() {
        for socket in relays.values { socket.close() }
        for stream in streams.values { stream.transport.closeAfterFlush() }
        datagrams?.close()
        listener?.close()
        secureListener?.close()
        self = ServiceSockets()
    }
}

/// How long a client without an allocation may say nothing.
let idleLimit = Duration.seconds(60)
/// An allocation ends before that unless its client says something.
let idleLimitWithAllocation = Duration.seconds(3_660)
private let maximumStreams = 1_000
private let maximumStreamsPerHost = 100
/// A whole datagram behind a ChannelData header.
private let longestFrame = 65_536
