public import LinuxIO
import STUN
public import TLS
import TLSStreams
public import TURN
public import Wire

/// A TURN and STUN server on an event loop, over UDP, TCP and TLS.
///
/// ```swift
/// var configuration = TURNServerConfiguration(realm: "example.org", relays: [.init(address)])
/// configuration.users = ["alice": "secret"]
/// let service = try await TURNService.start(
///     configuration,
///     on: SocketAddress(address, port: 3_478),
///     loop: loop
/// )
/// …
/// await service.stop()
/// ```
///
/// For demos, tests and small deployments; it runs until ``stop()``, or until the last reference to
/// it goes away.
public actor TURNService {
    /// What happens, for a log.
    ///
    /// Nobody has to read it: the newest 1,024 events are kept.
    public nonisolated let events: AsyncStream<TURNServerEvent>

    /// Where it listens over UDP and TCP; says which port was chosen when 0 was asked for.
    public private(set) var address: SocketAddress
    /// Where it listens over TLS, if it does.
    public private(set) var secureAddress: SocketAddress?

    /// Runs every method on the loop's own thread, so sockets, timers and calls never race.
    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        // `loop` is immutable and retained by this actor, so it outlives the reference.
        unsafe loop.asUnownedSerialExecutor()
    }

    nonisolated let loop: EventLoop
    private let eventSink: AsyncStream<TURNServerEvent>.Continuation
    var server: TURNServer
    private let identity: TLSIdentity?
    var sockets = ServiceSockets()
    /// Relays with packets in the batch that is being filled; empty between reads.
    var filled: [UDPSocket] = []
    private var client: LoopClientID?

    /// Listens on `address` over UDP and TCP, and on `securePort` over TLS if there is an identity.
    public static func start(
        _ configuration: TURNServerConfiguration,
        on address: SocketAddress,
        identity: TLSIdentity? = nil,
        securePort: UInt16 = 5_349,
        loop: EventLoop
    ) async throws(SystemError) -> TURNService {
        let service = TURNService(configuration, address, identity, loop)
        do throws(SystemError) {
            try await service.listen(securePort: securePort)
        } catch {
            await service.stop()
            throw error
        }
        return service
    }

    private init(
        _ configuration: TURNServerConfiguration,
        _ address: SocketAddress,
        _ identity: TLSIdentity?,
        _ loop: EventLoop
    ) {
        self.loop = loop
        self.address = address
        self.identity = identity
        server = Self.server(configuration)
        (events, eventSink) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1_024))
    }

    deinit {
        eventSink.finish()
        if let client { loop.unregister(client) }
    }

    /// What it has done.
    public var statistics: TURNServerStatistics { server.statistics }

    /// Bytes that wait for clients to read them.
    package var queuedBytes: Int { sockets.queuedBytes }

    /// Ends all allocations and closes all sockets; stopping again does nothing.
    public func stop() {
        drive { $0.stop(at: $1) }
        sockets.closeAll()
        if let client { loop.unregister(client) }
        client = nil
        eventSink.finish()
    }

    private func listen(securePort: UInt16) throws(SystemError) {
        client = loop.register(self)
        try listenTogether(attempts: address.port == 0 ? 16 : 1)
        if identity != nil {
            let wanted = SocketAddress(address.address, port: securePort)
            let listener = try TCPListener.bind(to: wanted, on: loop, owner: self)
            sockets.secureListener = listener
            secureAddress = listener.localAddress
        }
        forbidListening()
        try watchInterfaces()
    }

    /// UDP and TCP share a number: of one that the system chose for UDP, TCP's may be in use.
    private func listenTogether(attempts: Int) throws(SystemError) {
        let datagrams = try UDPSocket.bind(to: address, on: loop, owner: self)
        do throws(SystemError) {
            let chosen = datagrams.localAddress
            sockets.listener = try TCPListener.bind(to: chosen, on: loop, owner: self)
            sockets.datagrams = datagrams
            address = chosen
        } catch {
            datagrams.close()
            guard attempts > 1 else { throw error }
            try listenTogether(attempts: attempts - 1)
        }
    }

    private static func server(_ configuration: TURNServerConfiguration) -> TURNServer {
        TURNServer(
            configuration,
            unixTime: EventLoop.wallClockUnixNanoseconds() / 1_000_000_000,
            at: EventLoop.monotonicNow(),
            entropy: .system
        )
    }

    /// The server's own ports, by every address that leads to them.
    private func forbidListening() {
        var configuration = server.configuration
        let relays = configuration.relays.flatMap { [$0.local, $0.external] }
        for listening in [address, secureAddress].compactMap(\.self) {
            configuration.listening.append(listening)
            configuration.listening += relays.map { SocketAddress($0, port: listening.port) }
        }
        server = Self.server(configuration)
    }

    /// The only way in: one input, then every output, then the next deadline.
    func drive(_ input: (inout TURNServer, Instant) -> Void) {
        input(&server, loop.now)
        finishTurn()
    }

    func finishTurn() {
        while let output = server.popOutput() { carryOut(output) }
        guard let client else { return }
        let deadlines = [server.deadline, sockets.deadline]
        loop.setDeadline(deadlines.compactMap(\.self).min(), for: client)
    }

    private func carryOut(_ output: TURNServer.Output) {
        switch output {
        case .transmit(let bytes, let path):
            switch path.transport {
            case .datagram: sockets.datagrams?.send(bytes.span, to: path.client)
            case .stream: sockets.answer(bytes, on: path)
            }
        case .openRelay(let relay, let address): openRelay(relay, at: address)
        case .closeRelay(let relay): sockets.closeRelay(relay)
        case .event(let event): eventSink.yield(event)
        }
    }

    private func openRelay(_ relay: TURNRelayID, at address: SocketAddress) {
        var options = UDPSocketOptions()
        options.receiveBufferSize = relayBufferSize
        options.sendBufferSize = relayBufferSize
        options.coalescing = .whenBusy
        do throws(SystemError) {
            let socket = try UDPSocket.bind(to: address, on: loop, options: options, owner: self)
            sockets.add(socket, for: relay)
            server.relayOpened(relay, at: loop.now)
        } catch {
            server.relayFailed(relay, at: loop.now)
        }
    }

    /// Takes a new connection, over TLS if it came to that port.
    func accept(_ accepted: TCPStream, by listener: TCPListener) {
        let path = TURNPath(
            from: accepted.remoteAddress,
            to: accepted.localAddress,
            over: .stream
        )
        let now = loop.now
        let isAdmitted = sockets.admit(path, at: now) { server.disconnected($0, at: now) }
        guard isAdmitted else { return accepted.close() }
        if listener === sockets.secureListener, let identity {
            guard let stream = try? TLSStream.accept(accepted, identity: identity) else {
                sockets.withdraw(path)
                return accepted.close()
            }
            sockets.add(.secure(stream), path)
            stream.start(owner: self)
        } else {
            sockets.add(.plain(accepted), path)
            accepted.start(owner: self)
        }
        finishTurn()
    }

    /// The stream of that client is gone.
    func forget(_ id: ObjectIdentifier) {
        guard let path = sockets.removeStream(id) else { return }
        drive { $0.disconnected(path, at: $1) }
    }

    func deadlineCame() {
        let now = loop.now
        let overdue = sockets.closeOverdue(at: now) { server.hasAllocation(on: $0) }
        for path in overdue { server.disconnected(path, at: now) }
        drive { $0.advance(to: $1) }
    }
}

/// The kernel grants at most `net.core.rmem_max`: a fifth of a second at 20 Mbit/s.
private let relayBufferSize = 512 * 1_024
