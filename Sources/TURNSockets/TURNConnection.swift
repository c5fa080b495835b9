public import LinuxIO
import STUN
public import TLS
public import TLSStreams
public import TURN
public import Wire

/// A TURN client on an event loop, over UDP, TCP or TLS.
///
/// ```swift
/// let connection = try TURNConnection(configuration, over: .udp, loop: loop)
/// await connection.start()
/// for await event in connection.events {
///     if case .client(.allocated(let relayed, _)) = event { print(relayed) }
/// }
/// ```
///
/// For programs that want a relay without a call, and for looking at a server from outside; a call
/// has its relays from its peer connection.
public actor TURNConnection {
    /// What carries the messages.
    public enum Carrier: Sendable {
        /// Datagrams.
        case udp
        /// A stream that anybody on the way can read.
        case tcp
        /// TLS to a server of this name, verified against these roots.
        case tls(TLSServerName, TLSTrust)
    }

    /// What happens.
    public enum Event: Sendable {
        /// What the client says; never `.transmit`.
        case client(TURNClient.Output)
        /// A packet of a peer.
        case received([UInt8], from: SocketAddress)
        /// The way to the server is broken, or could not be made.
        case disconnected(Disconnection)
    }

    /// Why there is no way to the server.
    public enum Disconnection: Error, Hashable, Sendable {
        /// There is no socket to be had.
        case socket(SystemError)
        /// TCP or TLS: nobody there, or not who it should be; the text says what to do.
        case stream(String)
        /// What comes over the stream is not TURN.
        case garbage
    }

    /// What happens, oldest first; the newest 1,024 are kept.
    public nonisolated let events: AsyncStream<Event>

    /// Runs every method on the loop's own thread, so sockets, timers and calls never race.
    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        // `loop` is immutable and retained by this actor, so it outlives the reference.
        unsafe loop.asUnownedSerialExecutor()
    }

    nonisolated let loop: EventLoop
    private let carrier: Carrier
    private let eventSink: AsyncStream<Event>.Continuation
    var machine: TURNClient
    private var socket: UDPSocket?
    private var stream: StreamTransport?
    private var framing = STUNStreamFraming(acceptsChannelData: true)
    private var client: LoopClientID?

    /// A client of the server in `configuration`, whose transport follows `carrier`.
    public init(_ configuration: TURNClientConfiguration, over carrier: Carrier, loop: EventLoop) {
        var configuration = configuration
        configuration.transport = carrier.isStream ? .stream : .datagram
        self.loop = loop
        self.carrier = carrier
        machine = TURNClient(configuration, entropy: .system)
        (events, eventSink) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1_024))
    }

    deinit {
        eventSink.finish()
        if let client { loop.unregister(client) }
    }

    /// The relayed addresses; empty while there are none.
    public var relayedAddresses: [SocketAddress] { machine.relayedAddresses }

    /// The server's own words about its last error.
    public var serverReason: String? { machine.serverReason }

    /// The time on the loop's clock.
    public var now: Instant { loop.now }

    /// Opens a socket, and asks for a relay.
    public func start() {
        if client == nil { client = loop.register(self) }
        connect()
    }

    /// Does something with the client, such as `permit` or `bindChannel`.
    public func with(_ body: @Sendable (inout TURNClient, Instant) -> Void) { drive(body) }

    /// Sends a packet to a peer; false while the peer is not permitted.
    public func send(_ payload: [UInt8], to peer: SocketAddress) -> Bool {
        guard let message = machine.wrap(payload.span, to: peer) else { return false }
        transmit(message)
        return true
    }

    /// Closes the socket without a word to the server.
    public func abandon() {
        disconnect()
        if let client { loop.unregister(client) }
        client = nil
        eventSink.finish()
    }

    private func connect() {
        disconnect()
        framing = STUNStreamFraming(acceptsChannelData: true)
        let server = machine.server
        let any: IPAddress = server.address.family == .v4 ? .any4 : .any6
        do {
            switch carrier {
            case .udp:
                let local = SocketAddress(any, port: 0)
                socket = try UDPSocket.bind(to: local, on: loop, owner: self)
                drive { $0.start(at: $1) }
            case .tcp:
                stream = .plain(try TCPStream.connect(to: server, on: loop, owner: self))
            case .tls(let name, let trust):
                let secure = try TLSStream.connect(
                    to: server,
                    server: name,
                    trust: trust,
                    on: loop,
                    owner: self
                )
                stream = .secure(secure)
            }
        } catch let error as SystemError {
            fail(.socket(error))
        } catch {
            fail(.stream("\(error)"))
        }
    }

    private func disconnect() {
        socket?.close()
        socket = nil
        stream?.close()
        stream = nil
    }

    private func fail(_ reason: Disconnection) {
        disconnect()
        eventSink.yield(.disconnected(reason))
    }

    private func transmit(_ bytes: [UInt8]) {
        socket?.send(bytes.span, to: machine.server)
        stream?.send(bytes)
    }

    /// The only way in: one input, then every output, then the next deadline.
    private func drive(_ input: (inout TURNClient, Instant) -> Void) {
        input(&machine, loop.now)
        while let output = machine.popOutput() {
            switch output {
            case .transmit(let bytes): transmit(bytes)
            case .needsNewPath:
                eventSink.yield(.client(output))
                connect()
            case .redirected:
                eventSink.yield(.client(output))
                if carrier.isStream { connect() }
            case .allocated, .permitted, .denied, .channelBound, .channelRefused,
                .credentialsAccepted, .credentialsRefused, .failed, .lost, .closed:
                eventSink.yield(.client(output))
            }
        }
        if let client { loop.setDeadline(machine.deadline, for: client) }
    }
}

extension TURNConnection.Carrier {
    var isStream: Bool {
        switch self {
        case .udp: false
        case .tcp, .tls: true
        }
    }
}

// MARK: - What happens on the sockets

extension TURNConnection: DatagramOwner, TCPStreamOwner, TLSStreamOwner, LoopClient {
    public nonisolated func deadlinePassed() {
        assumeIsolated { $0.drive { $0.advance(to: $1) } }
    }

    public nonisolated func signalled() {}

    public nonisolated func readable(_ socket: UDPSocket) {
        assumeIsolated { connection in
            socket.receive { datagram, source in connection.take(datagram.span, from: source) }
        }
    }

    public nonisolated func connected(_: TCPStream) {
        assumeIsolated { $0.drive { $0.start(at: $1) } }
    }

    public nonisolated func connected(_: TLSStream, _: TLSSession) {
        assumeIsolated { $0.drive { $0.start(at: $1) } }
    }

    public nonisolated func received(_ bytes: [UInt8], on stream: TCPStream) {
        assumeIsolated { $0.cut(bytes, of: ObjectIdentifier(stream)) }
    }

    public nonisolated func received(_ bytes: [UInt8], on stream: TLSStream) {
        assumeIsolated { $0.cut(bytes, of: ObjectIdentifier(stream)) }
    }

    public nonisolated func closed(_ stream: TCPStream, error: SystemError?) {
        assumeIsolated { $0.ended(ObjectIdentifier(stream), error.map { "\($0)" }) }
    }

    public nonisolated func closed(_ stream: TLSStream, error: TLSStreamError?) {
        assumeIsolated { $0.ended(ObjectIdentifier(stream), error.map { "\($0)" }) }
    }

    private func ended(_ id: ObjectIdentifier, _ reason: String?) {
        guard stream?.id == id else { return }
        fail(.stream(reason ?? "the server has closed the connection"))
    }

    private func cut(_ bytes: [UInt8], of id: ObjectIdentifier) {
        guard stream?.id == id else { return }
        let server = machine.server
        // Taken out, lest what it keeps of a frame be copied with every read.
        var framing = STUNStreamFraming(acceptsChannelData: true)
        swap(&framing, &self.framing)
        var isGarbage = false
        do throws(ParseError) {
            try framing.receive(bytes.span) { frame in
                // A frame may lead to another server, or another connection to this one.
                if stream?.id == id { take(frame, from: server) }
            }
        } catch {
            isGarbage = true
        }
        guard stream?.id == id else { return }
        self.framing = framing
        if isGarbage { fail(.garbage) }
    }

    private func take(_ bytes: Span<UInt8>, from source: SocketAddress) {
        var data: TURNReceived?
        drive { client, now in data = client.receive(bytes, from: source, at: now) }
        guard let data else { return }
        eventSink.yield(
            .received([UInt8](copying: bytes.extracting(data.payload)), from: data.peer)
        )
    }
}
