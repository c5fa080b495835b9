public import LinuxIO
public import TLS
public import TLSStreams
import Wire

/// A registered place at a signaling server, on an event loop.
///
/// ```swift
/// let client = try await SignalingClient.connect(to: "ws://127.0.0.1:3000", as: "left", on: loop)
/// try await client.send(.offer(sdp), to: "right")
/// for await message in client.messages {
///     switch message.content {
///     case .answer(let sdp): accept(sdp)
///     case .candidate(let line, let mid): add(line, to: mid)
///     case .disconnect: return
///     case .error(let code, let text): print(code, text)
///     case .offer, .register: break
///     }
/// }
/// await client.close()
/// ```
///
/// Candidates come after the description they belong to, and a description that was sent twice comes
/// once. When the connection is lost, or the interface it uses goes, the client comes back under the
/// same id (``SignalingReconnection``); ``news`` says so.
public actor SignalingClient {
    /// The id that others send to.
    public nonisolated let id: String

    /// What others sent, in order; ends when the client does.
    ///
    /// Iterate once. Messages must not be lost and must not pile up: when 1,024 of them are unread, the connection
    /// is closed.
    public nonisolated let messages: AsyncStream<SignalingMessage>

    /// Losses of the connection, and returns; nobody has to read them.
    public nonisolated let news: AsyncStream<SignalingConnectionNews>

    /// How the connection ended; nil as long as it lives.
    public private(set) var end: SignalingEnd?

    /// Runs every method on the loop's own thread, so sockets, timers and calls never race.
    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        // `loop` is immutable and retained by this actor, so it outlives the reference.
        unsafe loop.asUnownedSerialExecutor()
    }

    private nonisolated let loop: EventLoop
    private let messageSink: AsyncStream<SignalingMessage>.Continuation
    private let newsSink: AsyncStream<SignalingConnectionNews>.Continuation
    private var session: PersistentSession
    private var way: Way
    private var watcher: InterfaceWatcher?
    private var stream: StreamTransport?
    private var client: LoopClientID?
    private var opening: CheckedContinuation<SignalingClientError?, Never>?
    private var closeWaiters: [CheckedContinuation<Void, Never>] = []

    /// Connects, registers `id`, and returns when the id is ours.
    ///
    /// For a URL with `wss:` the server's certificate is verified against `trust`.
    public static func connect(
        to url: String,
        as id: String,
        trust: TLSTrust = .system,
        configuration: SignalingConfiguration = .init(),
        on loop: EventLoop
    ) async throws(SignalingClientError) -> SignalingClient {
        let (target, addresses) = try await locate(url)
        var failure = SignalingClientError.unknownHost(target.host, "no address")
        for address in addresses {
            let way = Way(text: url, url: target, trust: trust, address: address)
            let client = SignalingClient(way, id, configuration, loop)
            guard let error = await client.open() else { return client }
            failure = error
            // A server that answered has decided; only without one is the next address tried.
            guard case .cannotConnect = error else { break }
        }
        throw failure
    }

    private static func locate(
        _ text: String
    ) async throws(SignalingClientError) -> (WebSocketURL, [SocketAddress]) {
        let url: WebSocketURL
        do throws(WebSocketURLError) {
            url = try WebSocketURL(text)
        } catch {
            throw .invalidURL(text, error)
        }
        do throws(NameResolutionError) {
            return (url, try await NameResolver.resolve(url.host, port: url.port))
        } catch {
            throw .unknownHost(url.host, error.reason)
        }
    }

    private init(
        _ way: Way,
        _ id: String,
        _ configuration: SignalingConfiguration,
        _ loop: EventLoop
    ) {
        self.id = id
        self.loop = loop
        self.way = way
        session = PersistentSession(
            connectingTo: way.url,
            as: id,
            at: loop.now,
            configuration: configuration
        )
        (messages, messageSink) = AsyncStream.makeStream(
            bufferingPolicy: .bufferingOldest(maximumUnreadMessages)
        )
        (news, newsSink) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(64))
    }

    deinit {
        messageSink.finish()
        newsSink.finish()
        if let client { loop.unregister(client) }
    }

    /// Sends `content` to the peer that registered as `target`; while the connection is interrupted it
    /// waits.
    public func send(
        _ content: SignalingMessage.Content,
        to target: String
    ) throws(SignalingSendError) {
        var failure: SignalingSendError?
        drive { session, now in
            do throws(SignalingSendError) {
                try session.send(content, to: target, at: now)
            } catch {
                failure = error
            }
        }
        if let failure { throw failure }
    }

    /// Ends the connection in order; the id becomes free.
    ///
    /// Closing again does nothing.
    public func close() async {
        drive { $0.close(at: $1) }
        guard stream != nil else { return }
        await withCheckedContinuation { closeWaiters.append($0) }
    }

    /// Connects and registers; returns what went wrong.
    private func open() async -> SignalingClientError? {
        client = loop.register(self)
        return await withCheckedContinuation { continuation in
            opening = continuation
            do throws(SignalingClientError) {
                stream = try connect()
                watch()
                drive { _, _ in }
            } catch {
                fail(error)
            }
        }
    }

    /// The way to a server.
    private struct Way {
        let text: String
        let url: WebSocketURL
        let trust: TLSTrust
        var address: SocketAddress
    }

    private func connect() throws(SignalingClientError) -> StreamTransport {
        guard way.url.isSecure else {
            do throws(SystemError) {
                return .plain(try TCPStream.connect(to: way.address, on: loop, owner: self))
            } catch {
                throw .cannotConnect(way.address, error)
            }
        }
        let name: TLSServerName
        do throws(TLSError) {
            name = try TLSServerName(way.url.host)
        } catch {
            throw .cannotSecure(way.address, error)
        }
        return .secure(try secureStream(to: name))
    }

    private func secureStream(
        to name: TLSServerName
    ) throws(SignalingClientError) -> TLSStream {
        do throws(TLSStreamError) {
            return try TLSStream.connect(
                to: way.address,
                server: name,
                trust: way.trust,
                on: loop,
                owner: self
            )
        } catch {
            throw SignalingClientError(error, at: way.address)
        }
    }

    private func fail(_ error: SignalingClientError) {
        guard let opening else { return }
        self.opening = nil
        finish(.lost(.transportLost))
        opening.resume(returning: error)
    }

    /// The only way in: one input, then every output, then the next deadline.
    private func drive(_ input: (inout PersistentSession, Instant) -> Void) {
        input(&session, loop.now)
        while let output = session.popOutput() { carryOut(output) }
        if let client { loop.setDeadline(session.deadline, for: client) }
    }

    private func carryOut(_ output: PersistentSession.Output) {
        switch output {
        case .transmit(let bytes): stream?.send(bytes)
        case .registered:
            opening?.resume(returning: nil)
            opening = nil
        case .message(let message):
            guard case .dropped = messageSink.yield(message) else { return }
            session.close(because: .messagesUnread(limit: maximumUnreadMessages), at: loop.now)
        case .interrupted(let end):
            stream?.close()
            stream = nil
            newsSink.yield(.interrupted(end))
        case .connect: connectAgain()
        case .resumed(let isComplete): newsSink.yield(.resumed(isComplete: isComplete))
        case .ended(let end):
            // The session has waited for the server's last word, so nothing is left to wait for.
            stream?.close()
            opening?.resume(returning: .refused(id, end))
            opening = nil
            finish(end)
        }
    }

    private func finish(_ end: SignalingEnd) {
        stream = nil
        if self.end == nil { self.end = end }
        if let client { loop.unregister(client) }
        client = nil
        watcher?.close()
        watcher = nil
        messageSink.finish()
        newsSink.finish()
        for waiter in closeWaiters { waiter.resume() }
        closeWaiters = []
    }
}

// MARK: - Coming back

extension SignalingClient: InterfaceWatcherOwner {
    /// The server may have another address by now, and be looked up in vain while there is no way.
    private func connectAgain() {
        let (text, known) = (way.text, way.address)
        Task { [weak self] in
            let found = try? await Self.locate(text).1
            await self?.connectAgain(to: found?.first ?? known)
        }
    }

    private func connectAgain(to address: SocketAddress) {
        guard session.isOpening else { return }
        way.address = address
        do throws(SignalingClientError) {
            stream = try connect()
            drive { $0.opened(at: $1) }
        } catch {
            drive { $0.transportClosed(at: $1) }
        }
    }

    /// A connection whose interface has gone would be silent, and nothing else.
    private func watch() {
        guard !way.address.address.isLoopback else { return }
        watcher = try? InterfaceWatcher.start(on: loop, owner: self)
    }

    public nonisolated func interfacesChanged(
        _ change: InterfaceChange,
        by watcher: InterfaceWatcher
    ) {
        assumeIsolated { $0.interfacesChanged(change) }
    }

    private func interfacesChanged(_ change: InterfaceChange) {
        let gone = change.vanished.map(\.address)
        if let stream, gone.contains(stream.localAddress.address) {
            stream.close()
            self.stream = nil
            drive { $0.transportClosed(at: $1) }
        }
        guard !change.appeared.isEmpty else { return }
        drive { $0.networkChanged(at: $1) }
    }
}

// MARK: - What happens on the socket

extension SignalingClient: TCPStreamOwner, LoopClient {
    public nonisolated func received(_ bytes: [UInt8], on _: TCPStream) {
        assumeIsolated { $0.drive { $0.receive(bytes.span, at: $1) } }
    }

    public nonisolated func receivedEnd(on _: TCPStream) {
        assumeIsolated { $0.drive { $0.transportClosed(at: $1) } }
    }

    public nonisolated func closed(_ stream: TCPStream, error: SystemError?) {
        assumeIsolated { client in
            client.fail(.cannotConnect(stream.remoteAddress, error))
            client.stream = nil
            client.drive { $0.transportClosed(at: $1) }
        }
    }

    public nonisolated func deadlinePassed() {
        assumeIsolated { $0.drive { $0.advance(to: $1) } }
    }

    public nonisolated func signalled() {}
}

extension SignalingClient: TLSStreamOwner {
    public nonisolated func received(_ bytes: [UInt8], on _: TLSStream) {
        assumeIsolated { $0.drive { $0.receive(bytes.span, at: $1) } }
    }

    public nonisolated func receivedEnd(on _: TLSStream) {
        assumeIsolated { $0.drive { $0.transportClosed(at: $1) } }
    }

    public nonisolated func closed(_ stream: TLSStream, error: TLSStreamError?) {
        assumeIsolated { client in
            client.fail(
                error.map { SignalingClientError($0, at: stream.remoteAddress) }
                    ?? .cannotConnect(stream.remoteAddress, nil)
            )
            client.stream = nil
            client.drive { $0.transportClosed(at: $1) }
        }
    }
}

private let maximumUnreadMessages = 1_024
