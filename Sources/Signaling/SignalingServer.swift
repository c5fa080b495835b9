public import LinuxIO
public import TLS
public import TLSStreams
public import Wire

/// A signaling server on an event loop: programs register an id and send each other messages.
///
/// ```swift
/// let server = try await SignalingServer.start(port: 0, on: loop)
/// print("ws://\(await server.address)")
/// …
/// await server.stop()
/// ```
///
/// It runs until ``stop()``, or until the last reference to it goes away.
public actor SignalingServer {
    /// What happens, for a log.
    ///
    /// Nobody has to read it: the newest 1,024 events are kept.
    public nonisolated let events: AsyncStream<SignalingEvent>

    /// Where it listens; says which port was chosen when 0 was asked for.
    public private(set) var address: SocketAddress

    /// Runs every method on the loop's own thread, so sockets, timers and calls never race.
    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        // `loop` is immutable and retained by this actor, so it outlives the reference.
        unsafe loop.asUnownedSerialExecutor()
    }

    /// Where clients find it: `ws://`, or `wss://` if it was given an identity, and the address.
    public var url: String { "\(identity == nil ? "ws" : "wss")://\(address)" }

    private nonisolated let loop: EventLoop
    private let identity: TLSIdentity?
    private let eventSink: AsyncStream<SignalingEvent>.Continuation
    private var hub: SignalingHub
    private var listener: TCPListener?
    private var client: LoopClientID?
    private var streams: [SignalingConnectionID: StreamTransport] = [:]
    private var connections: [ObjectIdentifier: SignalingConnectionID] = [:]
    private var stopWaiters: [CheckedContinuation<Void, Never>] = []

    /// Listens on `host`, which is this machine alone unless said otherwise; port 0 takes any.
    ///
    /// With an identity it speaks `wss:` only.
    public static func start(
        host: String = "127.0.0.1",
        port: UInt16 = 3_000,
        identity: TLSIdentity? = nil,
        configuration: SignalingConfiguration = .init(),
        on loop: EventLoop
    ) async throws(SignalingServerError) -> SignalingServer {
        let addresses: [SocketAddress]
        do throws(NameResolutionError) {
            addresses = try await NameResolver.resolve(host, port: port)
        } catch {
            throw .unknownHost(host, error.reason)
        }
        guard let address = addresses.first else { throw .unknownHost(host, "no address") }
        let server = SignalingServer(configuration, loop, address, identity)
        do throws(SystemError) {
            try await server.listen()
        } catch {
            throw .cannotListen(address, error)
        }
        return server
    }

    private init(
        _ configuration: SignalingConfiguration,
        _ loop: EventLoop,
        _ address: SocketAddress,
        _ identity: TLSIdentity?
    ) {
        self.loop = loop
        self.identity = identity
        self.address = address
        hub = SignalingHub(configuration: configuration)
        (events, eventSink) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1_024))
    }

    deinit {
        eventSink.finish()
        if let client { loop.unregister(client) }
    }

    /// The ids in use, sorted.
    public var registeredIDs: [String] { hub.registeredIDs }

    /// Says goodbye to every connection and closes all sockets; stopping again does nothing.
    public func stop() async {
        listener?.close()
        listener = nil
        drive { $0.stop(at: $1) }
        if !streams.isEmpty {
            await withCheckedContinuation { stopWaiters.append($0) }
        }
        finish()
    }

    private func listen() throws(SystemError) {
        let listener = try TCPListener.bind(to: address, on: loop, owner: self)
        address = listener.localAddress
        self.listener = listener
        client = loop.register(self)
    }

    private func finish() {
        if let client { loop.unregister(client) }
        client = nil
        eventSink.finish()
    }

    /// The only way in: one input, then every output, then the next deadline.
    private func drive(_ input: (inout SignalingHub, Instant) -> Void) {
        input(&hub, loop.now)
        while let output = hub.popOutput() { carryOut(output) }
        if let client { loop.setDeadline(hub.deadline, for: client) }
        guard streams.isEmpty, listener == nil else { return }
        for waiter in stopWaiters { waiter.resume() }
        stopWaiters = []
    }

    private func carryOut(_ output: SignalingHub.Output) {
        switch output {
        case .transmit(let bytes, let connection):
            guard let stream = streams[connection] else { return }
            stream.send(bytes)
            hub.reportBacklog(stream.queuedBytes, of: connection, at: loop.now)
        case .close(let connection): streams[connection]?.closeAfterFlush()
        case .abort(let connection):
            guard let stream = streams.removeValue(forKey: connection) else { return }
            connections[stream.id] = nil
            stream.close()
        case .event(let event): eventSink.yield(event)
        }
    }
}

// MARK: - What happens on the sockets

extension SignalingServer: TCPListenerOwner, TCPStreamOwner, LoopClient {
    public nonisolated func accepted(_ stream: TCPStream, by _: TCPListener) {
        assumeIsolated { $0.accept(stream) }
    }

    public nonisolated func received(_ bytes: [UInt8], on stream: TCPStream) {
        assumeIsolated { $0.receive(bytes, over: .plain(stream)) }
    }

    public nonisolated func receivedEnd(on stream: TCPStream) {
        assumeIsolated { $0.noteEnd(of: .plain(stream)) }
    }

    public nonisolated func drained(_ stream: TCPStream) {
        assumeIsolated { $0.noteDrained(.plain(stream)) }
    }

    public nonisolated func closed(_ stream: TCPStream, error _: SystemError?) {
        assumeIsolated { $0.noteClosed(.plain(stream)) }
    }

    public nonisolated func deadlinePassed() {
        assumeIsolated { $0.drive { $0.advance(to: $1) } }
    }

    public nonisolated func signalled() {}

    private func accept(_ stream: TCPStream) {
        // Whoever was accepted in the turn that stopped us is let go with its stream.
        guard listener != nil else { return }
        drive { hub, now in
            guard let transport = transport(over: stream) else { return }
            let connection = hub.connect(at: now)
            streams[connection] = transport
            connections[transport.id] = connection
            switch transport {
            case .plain(let stream): stream.start(owner: self)
            case .secure(let stream): stream.start(owner: self)
            }
        }
    }

    /// Nil if OpenSSL has no memory for another connection.
    private func transport(over stream: TCPStream) -> StreamTransport? {
        guard let identity else { return .plain(stream) }
        return (try? TLSStream.accept(stream, identity: identity)).map { .secure($0) }
    }

    private func receive(_ bytes: [UInt8], over transport: StreamTransport) {
        guard let connection = connections[transport.id] else { return }
        drive { $0.receive(bytes.span, from: connection, at: $1) }
    }

    private func noteEnd(of transport: StreamTransport) {
        guard let connection = connections[transport.id] else { return }
        drive { $0.transportClosed(of: connection, at: $1) }
        transport.closeAfterFlush()
    }

    private func noteDrained(_ transport: StreamTransport) {
        guard let connection = connections[transport.id] else { return }
        drive { $0.reportBacklog(0, of: connection, at: $1) }
    }

    private func noteClosed(_ transport: StreamTransport) {
        guard let connection = connections.removeValue(forKey: transport.id) else { return }
        streams[connection] = nil
        drive { $0.transportClosed(of: connection, at: $1) }
    }
}

extension SignalingServer: TLSStreamOwner {
    public nonisolated func received(_ bytes: [UInt8], on stream: TLSStream) {
        assumeIsolated { $0.receive(bytes, over: .secure(stream)) }
    }

    public nonisolated func receivedEnd(on stream: TLSStream) {
        assumeIsolated { $0.noteEnd(of: .secure(stream)) }
    }

    public nonisolated func drained(_ stream: TLSStream) {
        assumeIsolated { $0.noteDrained(.secure(stream)) }
    }

    public nonisolated func closed(_ stream: TLSStream, error _: TLSStreamError?) {
        assumeIsolated { $0.noteClosed(.secure(stream)) }
    }
}

/// Why a signaling server did not start.
public enum SignalingServerError: Error, Hashable, Sendable {
    /// The host is no address of this machine and no name for one.
    case unknownHost(String, String)
    case cannotListen(SocketAddress, SystemError)
}

extension SignalingServerError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .unknownHost(let host, let reason):
            "cannot listen on \"\(host)\": \(reason); use an address of this machine, "
                + "127.0.0.1 for itself alone or 0.0.0.0 for everybody"
        case .cannotListen(let address, let error): "cannot listen on \(address): \(error)"
        }
    }
}

extension NameResolutionError {
    /// Why it failed, for people.
    var reason: String {
        switch self {
        case .notFound: "there is no such host"
        case .temporaryFailure: "the name server does not answer; try again later"
        case .failed(_, let reason): reason
        case .cancelled: "cancelled"
        case .system(let error): "\(error)"
        }
    }
}
