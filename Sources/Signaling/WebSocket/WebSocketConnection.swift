public import Wire

/// One end of a WebSocket, from the opening handshake to the end (RFC 6455).
///
/// It has no socket: bytes of the TCP connection go in, bytes to write and messages come out.
///
/// ```swift
/// var connection = WebSocketConnection(acceptingAt: now, entropy: .system)
/// connection.receive(bytes.span, at: now)
/// connection.drain { output in
///     switch output {
///     case .transmit(let bytes): stream.send(bytes)
///     case .text(let text): print(text)
///     case .closed: stream.closeAfterFlush()
///     case .opened, .binary, .pong: break
///     }
/// }
/// ```
///
///     handshaking ──▶ open ──▶ closing ──▶ lingering ──▶ closed
///           │           └─────────────────────▲            ▲
///           └──────────────────────────────────────────────┘
public struct WebSocketConnection: Machine, Sendable {
    /// What the owner must do or know.
    public enum Output: Hashable, Sendable {
        /// Write these bytes to the TCP connection.
        case transmit([UInt8])
        /// The handshake is done; messages may be sent.
        case opened
        case text(String)
        case binary([UInt8])
        /// The peer answered a ping with its payload.
        case pong([UInt8])
        /// It is over: end the TCP connection once everything is written. The last output.
        case closed(WebSocketClosure)
    }

    private let role: WebSocketRole
    private let configuration: WebSocketConfiguration
    private var phase: Phase
    private var messages: WebSocketMessageReader
    private var entropy: Entropy
    private var outputs = Queue<Output>()
    private var newest: Instant

    private enum Phase: Sendable {
        case awaitingRequest(HTTPHeadReader, deadline: Instant)
        case awaitingResponse(HTTPHeadReader, key: String, deadline: Instant)
        case open
        /// Our Close frame is out, theirs is awaited.
        case closing(WebSocketCloseCode, deadline: Instant)
        /// Everything has been said; the peer should end the TCP connection.
        case lingering(WebSocketClosure, deadline: Instant)
        case closed
    }

    /// A server's end, which awaits a request.
    public init(
        acceptingAt now: Instant,
        configuration: WebSocketConfiguration = .init(),
        entropy: Entropy = .system
    ) {
        self.init(as: .server, configuration, entropy, now)
        let deadline = now.advanced(by: configuration.handshakeTimeout)
        phase = .awaitingRequest(HTTPHeadReader(), deadline: deadline)
    }

    /// A client's end; its request is the first output.
    public init(
        connectingTo url: WebSocketURL,
        at now: Instant,
        configuration: WebSocketConfiguration = .init(),
        entropy: Entropy = .system
    ) {
        self.init(as: .client, configuration, entropy, now)
        let key = WebSocketHandshake.key(using: &self.entropy)
        let deadline = now.advanced(by: configuration.handshakeTimeout)
        phase = .awaitingResponse(HTTPHeadReader(), key: key, deadline: deadline)
        outputs.append(.transmit(WebSocketHandshake.request(to: url, key: key).bytes))
    }

    private init(
        as role: WebSocketRole,
        _ configuration: WebSocketConfiguration,
        _ entropy: Entropy,
        _ now: Instant
    ) {
        self.role = role
        self.configuration = configuration
        self.entropy = entropy
        newest = now
        phase = .closed
        messages = WebSocketMessageReader(
            from: role == .client ? .server : .client,
            maximumMessageSize: configuration.maximumMessageSize,
            maximumFragments: configuration.maximumFragments
        )
    }

    /// Whether messages can be sent.
    public var isOpen: Bool {
        switch phase {
        case .open: true
        case .awaitingRequest, .awaitingResponse, .closing, .lingering, .closed: false
        }
    }

    /// Whether no message will come out any more.
    public var isEnding: Bool {
        switch phase {
        case .awaitingRequest, .awaitingResponse, .open: false
        case .closing, .lingering, .closed: true
        }
    }

    public var deadline: Instant? {
        switch phase {
        case .awaitingRequest(_, let deadline), .awaitingResponse(_, _, let deadline),
            .closing(_, let deadline), .lingering(_, let deadline):
            deadline
        case .open, .closed: nil
        }
    }

    public mutating func popOutput() -> Output? { outputs.popFirst() }
}

// MARK: - Inputs

extension WebSocketConnection {
    /// Bytes came from the TCP connection.
    public mutating func receive(_ bytes: Span<UInt8>, at now: Instant) {
        newest = max(newest, now)
        switch phase {
        case .awaitingRequest(var reader, let deadline):
            phase = .awaitingRequest(HTTPHeadReader(), deadline: deadline)
            if let head = readHead(bytes, with: &reader) {
                answer(head, rest: reader.rest)
            } else if !isEnding {
                phase = .awaitingRequest(reader, deadline: deadline)
            }
        case .awaitingResponse(var reader, let key, let deadline):
            phase = .awaitingResponse(HTTPHeadReader(), key: key, deadline: deadline)
            if let head = readHead(bytes, with: &reader) {
                accept(head, key: key, rest: reader.rest)
            } else if !isEnding {
                phase = .awaitingResponse(reader, key: key, deadline: deadline)
            }
        case .open, .closing:
            messages.append(bytes)
            readMessages()
        case .lingering, .closed: break
        }
    }

    /// The TCP connection has ended, by the peer or by an error.
    public mutating func transportClosed(at now: Instant) {
        newest = max(newest, now)
        switch phase {
        case .awaitingRequest, .awaitingResponse, .open: end(.transportLost)
        case .closing(let code, _): end(.requested(code))
        case .lingering(let closure, _): end(closure)
        case .closed: break
        }
    }

    public mutating func advance(to now: Instant) {
        newest = max(newest, now)
        guard let deadline, deadline <= newest else { return }
        switch phase {
        case .awaitingRequest: refuse(.timedOut)
        case .awaitingResponse: end(.handshakeFailed(.timedOut))
        case .closing(let code, _): end(.requested(code))
        case .lingering(let closure, _): end(closure)
        case .open, .closed: break
        }
    }

    /// Sends one text message.
    public mutating func send(_ text: String) throws(WebSocketSendError) {
        guard isOpen else { throw .notOpen }
        transmit(.text, Array(text.utf8))
    }

    /// Sends one binary message.
    public mutating func send(_ bytes: [UInt8]) throws(WebSocketSendError) {
        guard isOpen else { throw .notOpen }
        transmit(.binary, bytes)
    }

    /// Asks the peer for a sign of life: it answers with `payload`, of which 125 bytes are sent.
    public mutating func ping(_ payload: [UInt8] = []) throws(WebSocketSendError) {
        guard isOpen else { throw .notOpen }
        transmit(.ping, Array(payload.prefix(maximumControlPayload)))
    }

    /// Ends the connection in order; closing twice is no error.
    ///
    /// Of a long `reason` the first 123 bytes are sent.
    public mutating func close(
        _ code: WebSocketCloseCode = .normal,
        reason: String = "",
        at now: Instant
    ) {
        newest = max(newest, now)
        switch phase {
        case .awaitingRequest, .awaitingResponse: end(.requested(code))
        case .open:
            transmitClose(code, reason)
            phase = .closing(code, deadline: newest.advanced(by: configuration.closeTimeout))
        case .closing, .lingering, .closed: break
        }
    }

    /// Refuses a client before its request has been read: the server is full.
    public mutating func refuseAsFull(at now: Instant) {
        newest = max(newest, now)
        switch phase {
        case .awaitingRequest: refuse(.serverFull)
        case .awaitingResponse, .open, .closing, .lingering, .closed: break
        }
    }
}

// MARK: - Handshake

extension WebSocketConnection {
    /// Collects a head; nil when it is not complete or the handshake has failed.
    private mutating func readHead(
        _ bytes: Span<UInt8>,
        with reader: inout HTTPHeadReader
    ) -> HTTPHead? {
        do throws(HTTPHeadError) {
            return try reader.append(bytes)
        } catch {
            switch error {
            case .tooLarge, .tooManyFields: failHandshake(.headTooLarge)
            case .malformedLine: failHandshake(.malformedHead)
            }
            return nil
        }
    }

    private mutating func answer(_ request: HTTPHead, rest: [UInt8]) {
        do throws(WebSocketHandshakeError) {
            let key = try WebSocketHandshake.check(request: request)
            outputs.append(.transmit(WebSocketHandshake.acceptance(of: key).bytes))
            open(with: rest)
        } catch {
            refuse(error)
        }
    }

    private mutating func accept(_ response: HTTPHead, key: String, rest: [UInt8]) {
        do throws(WebSocketHandshakeError) {
            try WebSocketHandshake.check(response: response, key: key)
            open(with: rest)
        } catch {
            end(.handshakeFailed(error))
        }
    }

    private mutating func open(with rest: [UInt8]) {
        phase = .open
        outputs.append(.opened)
        guard !rest.isEmpty else { return }
        messages.append(rest.span)
        readMessages()
    }

    private mutating func failHandshake(_ error: WebSocketHandshakeError) {
        switch role {
        case .client: end(.handshakeFailed(error))
        case .server: refuse(error)
        }
    }

    /// A server's answer in HTTP, after which it ends the connection.
    private mutating func refuse(_ error: WebSocketHandshakeError) {
        outputs.append(.transmit(WebSocketHandshake.refusal(of: error)))
        end(.handshakeFailed(error))
    }
}

// MARK: - Messages and the end

extension WebSocketConnection {
    private mutating func readMessages() {
        do throws(WebSocketViolation) {
            while canRead, let item = try messages.next() { accept(item) }
        } catch {
            fail(error)
        }
    }

    private var canRead: Bool {
        switch phase {
        case .open, .closing: true
        case .awaitingRequest, .awaitingResponse, .lingering, .closed: false
        }
    }

    private mutating func accept(_ item: WebSocketMessageReader.Item) {
        switch item {
        case .close(let code, let reason): acceptClose(code, reason)
        // RFC 6455 §5.5.1: what comes after our Close frame may be thrown away.
        case .text(let bytes):
            if isOpen { outputs.append(.text(String(decoding: bytes, as: UTF8.self))) }
        case .binary(let bytes):
            if isOpen { outputs.append(.binary(bytes)) }
        case .ping(let payload):
            if isOpen { transmit(.pong, payload) }
        case .pong(let payload):
            if isOpen { outputs.append(.pong(payload)) }
        }
    }

    private mutating func acceptClose(_ code: WebSocketCloseCode, _ reason: String) {
        switch phase {
        case .open:
            // RFC 6455 §5.5.1: a Close frame is answered with one, usually with its code.
            transmitClose(code, "")
            settle(.byPeer(code, reason: reason))
        case .closing(let ours, _): settle(.requested(ours))
        case .awaitingRequest, .awaitingResponse, .lingering, .closed: break
        }
    }

    /// Both have said all.
    ///
    /// RFC 6455 §7.1.1: the server ends the TCP connection, the client waits.
    private mutating func settle(_ closure: WebSocketClosure) {
        switch role {
        case .server: end(closure)
        case .client: linger(closure)
        }
    }

    /// RFC 6455 §7.1.7: says why, and reads no further.
    private mutating func fail(_ violation: WebSocketViolation) {
        if isOpen { transmitClose(violation.closeCode, "\(violation)") }
        linger(.violation(violation))
    }

    private mutating func linger(_ closure: WebSocketClosure) {
        messages.discard()
        phase = .lingering(closure, deadline: newest.advanced(by: configuration.lingerTimeout))
    }

    private mutating func end(_ closure: WebSocketClosure) {
        messages.discard()
        phase = .closed
        outputs.append(.closed(closure))
    }

    private mutating func transmitClose(_ code: WebSocketCloseCode, _ reason: String) {
        guard code.mayBeSent else { return transmit(.close, []) }
        var payload = [UInt8(code.rawValue >> 8), UInt8(truncatingIfNeeded: code.rawValue)]
        for character in reason.unicodeScalars {
            let bytes = Array(String(character).utf8)
            guard payload.count + bytes.count <= maximumControlPayload else { break }
            payload += bytes
        }
        transmit(.close, payload)
    }

    private mutating func transmit(_ opcode: WebSocketOpcode, _ payload: [UInt8]) {
        // RFC 6455 §5.3: a fresh key for each frame, which the application cannot foresee.
        let key: UInt32? = role == .client ? UInt32(truncatingIfNeeded: entropy.next()) : nil
        outputs.append(.transmit(WebSocketFrame(opcode, payload).encoded(maskingKey: key)))
    }
}

/// How a WebSocket ended.
public enum WebSocketClosure: Error, Hashable, Sendable {
    /// We closed it.
    case requested(WebSocketCloseCode)
    /// The peer closed it.
    case byPeer(WebSocketCloseCode, reason: String)
    /// The peer broke a rule.
    case violation(WebSocketViolation)
    /// It never opened.
    case handshakeFailed(WebSocketHandshakeError)
    /// The TCP connection ended without a Close frame.
    case transportLost
}

/// Why a message could not be sent.
public enum WebSocketSendError: Error, Hashable, Sendable {
    /// The handshake is not done, or the connection is being closed.
    case notOpen
}

/// RFC 6455 §5.5.
private let maximumControlPayload = 125
