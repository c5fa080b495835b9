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
    var interfaces: InterfaceWatcher?
    private(set) var relays: [TURNRelayID: UDPSocket] = [:]
    private var ids: [ObjectIdentifier: TURNRelayID] = [:]
    private var streams: [TURNPath: Stream] = [:]
    private var paths: [ObjectIdentifier: TURNPath] = [:]
    private var rules = ClientStreams()

    /// One client's connection.
    struct Stream {
        let transport: StreamTransport
        var framing: STUNStreamFraming
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

    /// When to call ``closeOverdue(at:hasAllocation:)``.
    var deadline: Instant? { rules.deadline }

    /// Bytes that clients have not taken yet.
    var queuedBytes: Int { streams.values.reduce(0) { $0 + $1.transport.queuedBytes } }

    /// Whether there is room for a connection; one that makes room for it is closed, and its path is
    /// told to `ended`.
    mutating func admit(_ path: TURNPath, at now: Instant, ended: (TURNPath) -> Void) -> Bool {
        guard listener != nil else { return false }
        switch rules.admit(path, at: now) {
        case .refused: return false
        case .admitted(instead: let other):
            guard let other else { return true }
            close(other)
            ended(other)
            return true
        }
    }

    /// Nothing has come of a connection that was admitted.
    mutating func withdraw(_ path: TURNPath) { rules.remove(path) }

    /// Keeps a connection that was admitted.
    mutating func add(_ transport: StreamTransport, _ path: TURNPath) {
        let limit = rules.holders[path]?.longestFrame ?? 0
        let framing = STUNStreamFraming(acceptsChannelData: true, maximumLength: limit)
        streams[path] = Stream(transport: transport, framing: framing)
        paths[transport.id] = path
    }

    func path(of id: ObjectIdentifier) -> TURNPath? { paths[id] }

    /// Takes a stream out, lest what it keeps be copied; ``putBack(_:_:)`` puts it back.
    mutating func takeStream(of path: TURNPath) -> Stream? { streams.removeValue(forKey: path) }

    mutating func putBack(_ stream: consuming Stream, _ path: TURNPath) { streams[path] = stream }

    /// The client of the stream has an allocation.
    mutating func noteAllocation(on path: TURNPath, at now: Instant) {
        rules.noteAllocation(on: path, at: now)
        guard let holder = rules.holders[path] else { return }
        streams[path]?.framing.maximumLength = holder.longestFrame
    }

    /// Sends an answer.
    ///
    /// A client that does not read is not read from either until it has taken everything.
    func answer(_ bytes: [UInt8], on path: TURNPath) {
        guard let transport = streams[path]?.transport, let holder = rules.holders[path] else {
            return
        }
        transport.send(bytes)
        if transport.queuedBytes > holder.longestQueue { transport.pauseReading() }
    }

    /// The stream that a peer's packet may go over: nil while there is too much on it.
    func relayingTransport(of path: TURNPath) -> StreamTransport? {
        // A client that does not read loses datagrams, as on any network.
        guard let transport = streams[path]?.transport, let holder = rules.holders[path],
            transport.queuedBytes < holder.longestQueue
        else { return nil }
        return transport
    }

    /// All that waited for the client of a stream has gone.
    func resume(_ id: ObjectIdentifier) {
        if let path = paths[id] { streams[path]?.transport.resumeReading() }
    }

    /// The stream has ended.
    mutating func removeStream(_ id: ObjectIdentifier) -> TURNPath? {
        guard let path = paths.removeValue(forKey: id) else { return nil }
        streams[path] = nil
        rules.remove(path)
        return path
    }

    /// Closes the streams of strangers whose time is over; returns their paths.
    mutating func closeOverdue(
        at now: Instant,
        hasAllocation: (TURNPath) -> Bool
    ) -> [TURNPath] {
        let overdue = rules.takeOverdue(at: now, hasAllocation: hasAllocation)
        for path in overdue { close(path) }
        return overdue
    }

    private mutating func close(_ path: TURNPath) {
        guard let stream = streams.removeValue(forKey: path) else { return }
        paths[stream.transport.id] = nil
        stream.transport.close()
    }

    mutating func closeAll() {
        for socket in relays.values { socket.close() }
        for stream in streams.values { stream.transport.closeAfterFlush() }
        datagrams?.close()
        listener?.close()
        secureListener?.close()
        interfaces?.close()
        self = ServiceSockets()
    }
}
