public import LinuxIO
public import TLS
public import TLSStreams
public import Wire

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
/// once.
public actor SignalingClient {
    /// The id that others send to.
    public nonisolated let id: String

    /// What others sent, in order; ends with the connection.
    ///
    /// Iterate once. Messages must not be lost and must not pile up: when 1,024 of them are unread, the connection
    /// is closed.
    public nonisolated let messages: AsyncStream<SignalingMessage>

    /// How the connection ended; nil as long as it lives.
    public private(set) var end: SignalingEnd?

    /// Runs every method on the loop's own thread, so sockets, timers and calls never race.
    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        // `loop` is immutable and retained by this actor, so it outlives the reference.
        unsafe loop.asUnownedSerialExecutor()
    }

    private nonisolated let loop: EventLoop
    private let messageSink: AsyncStream<SignalingMessage>.Continuation
    private var session: SignalingSession
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
            let client = SignalingClient(target, id, configuration, loop)
            let route = Route(address: address, url: target, trust: trust)
            guard let error = await client.open(route) else { return client }
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
        _ url: WebSocketURL,
        _ id: String,
        _ configuration: SignalingConfiguration,
        _ loop: EventLoop
    ) {
        self.id = id
        self.loop = loop
        session = SignalingSession(
            connectingTo: url,
            as: id,
            at: loop.now,
            configuration: configuration
        )
        (messages, messageSink) = AsyncStream.makeStream(
            bufferingPolicy: .bufferingOldest(maximumUnreadMessages)
        )
    }

    deinit {
        messageSink.finish()
        if let client { loop.unregister(client) }
    }

    /// Sends `content` to the peer that registered as `target`.
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
    private func open(_ route: Route) async -> SignalingClientError? {
        client = loop.register(self)
        return await withCheckedContinuation { continuation in
            opening = continuation
            do throws(SignalingClientError) {
                stream = try connect(route)
                drive { _, _ in }
            } catch {
                fail(error)
            }
        }
    }

    /// One way to a server.
    private struct Route {
        let address: SocketAddress
        let url: WebSocketURL
        let trust: TLSTrust
    }

    private func connect(_ route: Route) throws(SignalingClientError) -> StreamTransport {
        guard route.url.isSecure else {
            do throws(SystemError) {
                return .plain(try TCPStream.connect(to: route.address, on: loop, owner: self))
            } catch {
                throw .cannotConnect(route.address, error)
            }
        }
        let name: TLSServerName
        do throws(TLSError) {
            name = try TLSServerName(route.url.host)
        } catch {
            throw .cannotSecure(route.address, error)
        }
        return .secure(try secureStream(route, to: name))
    }

    private func secureStream(
        _ route: Route,
        to name: TLSServerName
    ) throws(SignalingClientError) -> TLSStream {
        do throws(TLSStreamError) {
            return try TLSStream.connect(
                to: route.address,
                server: name,
                trust: route.trust,
                on: loop,
                owner: self
            )
        } catch {
            throw SignalingClientError(error, at: route.address)
        }
    }

    private func fail(_ error: SignalingClientError) {
        guard let opening else { return }
        self.opening = nil
        finish(.lost(.transportLost))
        opening.resume(returning: error)
    }

    /// The only way in: one input, then every output, then the next deadline.
    private func drive(_ input: (inout SignalingSession, Instant) -> Void) {
        input(&session, loop.now)
        while let output = session.popOutput() { carryOut(output) }
        if let client { loop.setDeadline(session.deadline, for: client) }
    }

    private func carryOut(_ output: SignalingSession.Output) {
        switch output {
        case .transmit(let bytes): stream?.send(bytes)
        case .registered:
            opening?.resume(returning: nil)
            opening = nil
        case .message(let message):
            guard case .dropped = messageSink.yield(message) else { return }
            session.close(because: .messagesUnread(limit: maximumUnreadMessages), at: loop.now)
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
        messageSink.finish()
        for waiter in closeWaiters { waiter.resume() }
        closeWaiters = []
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
            client.drive { $0.transportClosed(at: $1) }
        }
    }
}

/// Why a client could not connect and register.
public enum SignalingClientError: Error, Hashable, Sendable {
    case invalidURL(String, WebSocketURLError)
    case unknownHost(String, String)
    case cannotConnect(SocketAddress, SystemError?)
    /// The server of a `wss:` URL cannot prove who it is, or speaks no TLS.
    case cannotSecure(SocketAddress, TLSError)
    /// The server, or what answered in its place, did not give us the id.
    case refused(String, SignalingEnd)
}

extension SignalingClientError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .invalidURL(let url, let error): "\"\(url)\": \(error)"
        case .unknownHost(let host, let reason): "cannot find the host \"\(host)\": \(reason)"
        case .cannotConnect(let address, let error):
            "no signaling server at \(address): "
                + (error.map { "\($0)" } ?? "the connection was closed")
                + "; start one with: swiftlet signal"
        case .cannotSecure(let address, let error):
            "no secure connection to the signaling server at \(address): \(error)"
        case .refused(let id, let end): "cannot register as \"\(id)\": \(end)"
        }
    }
}

extension SignalingClientError {
    /// What ended a secure stream to `address`.
    init(_ error: TLSStreamError, at address: SocketAddress) {
        switch error {
        case .tls(let error): self = .cannotSecure(address, error)
        case .transport(let error): self = .cannotConnect(address, error)
        }
    }
}

extension SignalingEnd: CustomStringConvertible {
    public var description: String {
        switch self {
        case .closed: "closed"
        case .idTaken: "the id belongs to somebody else; choose another one"
        case .refused(let code, let text): text.isEmpty ? "refused (\(code))" : text
        case .noAnswer: "the server does not answer"
        case .silent: "nothing was heard of the server any more"
        case .messagesUnread(let limit): "\(limit) messages were not read"
        case .lost(let closure): "\(closure)"
        }
    }
}

extension WebSocketClosure: CustomStringConvertible {
    public var description: String {
        switch self {
        case .requested(let code): "closed (\(code))"
        case .byPeer(let code, let reason):
            reason.isEmpty ? "closed by the other side (\(code))" : "\(reason) (\(code))"
        case .violation(let violation): "the other side broke the WebSocket protocol: \(violation)"
        case .handshakeFailed(let error): "\(error)"
        case .transportLost: "the connection was lost"
        }
    }
}

private let maximumUnreadMessages = 1_024
