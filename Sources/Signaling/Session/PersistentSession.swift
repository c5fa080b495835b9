public import Wire

/// A signaling client without its socket that comes back when its connection is lost: under the same
/// id, and with all that was sent meanwhile.
///
/// The server is asked to remember the id for a while, and both sides count what has arrived. With a
/// server that does not, what is sent while there is no connection still waits for the next one.
public struct PersistentSession: Machine, Sendable {
    /// What the owner must do or know.
    public enum Output: Hashable, Sendable {
        case transmit([UInt8])
        /// The id is ours, for the first time.
        case registered
        case message(SignalingMessage)
        /// Drop the TCP connection if it is still there; another one is asked for later.
        case interrupted(SignalingEnd)
        /// Open a TCP connection, and say ``PersistentSession/opened(at:)``, or
        /// ``PersistentSession/transportClosed(at:)``.
        case connect
        case resumed(isComplete: Bool)
        /// It is over: end the TCP connection once everything is written. The last output.
        case ended(SignalingEnd)
    }

    /// The id that was asked for.
    public let id: String
    private let url: WebSocketURL
    private let configuration: SignalingConfiguration
    private var phase: Phase
    private var memory: SignalingMemory
    private var attempts = 0
    private var hasRegistered = false
    /// Whether the owner knows of a loss that was not made good.
    private var isInterrupted = false
    private var outputs = Queue<Output>()
    private var newest: Instant
    private var entropy: Entropy

    private enum Phase: Sendable {
        case attached(SignalingSession)
        case waiting(until: Instant, SignalingEnd)
        case opening(until: Instant)
        case ended
    }

    /// Connects to the server at `url`, whose TCP connection is being opened, and asks it for `id`.
    public init(
        connectingTo url: WebSocketURL,
        as id: String,
        at now: Instant,
        configuration: SignalingConfiguration = .init(),
        entropy: Entropy = .system
    ) {
        self.id = id
        self.url = url
        self.configuration = configuration
        self.entropy = entropy
        newest = now
        let digits = self.entropy.bytes(16).flatMap { [$0 >> 4, $0 & 15] }
        let token = String(digits.map { Character(Unicode.Scalar(hexadecimal[Int($0)])) })
        memory = SignalingMemory(token: configuration.reconnection.attempts > 0 ? token : nil)
        phase = .ended
        attach()
    }

    /// Whether a TCP connection is waited for.
    public var isOpening: Bool {
        if case .opening = phase { true } else { false }
    }

    public var deadline: Instant? {
        switch phase {
        case .attached(let session): session.deadline
        case .waiting(let until, _), .opening(let until): until
        case .ended: nil
        }
    }

    public mutating func popOutput() -> Output? { outputs.popFirst() }
}

// MARK: - Inputs

extension PersistentSession {
    /// The TCP connection that ``Output/connect`` has asked for is on its way.
    public mutating func opened(at now: Instant) {
        newest = max(newest, now)
        guard isOpening else { return }
        attach()
    }

    /// Bytes came from the TCP connection.
    public mutating func receive(_ bytes: Span<UInt8>, at now: Instant) {
        newest = max(newest, now)
        guard case .attached(var session) = phase else { return }
        phase = .ended
        session.receive(bytes, at: newest)
        settle(session)
    }

    /// The TCP connection has ended, or could not be opened.
    public mutating func transportClosed(at now: Instant) {
        newest = max(newest, now)
        switch phase {
        case .attached(var session):
            phase = .ended
            session.transportClosed(at: newest)
            settle(session)
        case .opening: lose(.lost(.transportLost))
        case .waiting, .ended: break
        }
    }

    /// Another way may lead to the server now: if there is no connection, it is tried at once.
    public mutating func networkChanged(at now: Instant) {
        newest = max(newest, now)
        switch phase {
        case .waiting:
            attempts = 0
            connect()
        case .attached, .opening, .ended: break
        }
    }

    /// Sends `content` to the peer that registered as `target`; without a connection it waits.
    public mutating func send(
        _ content: SignalingMessage.Content,
        to target: String,
        at now: Instant
    ) throws(SignalingSendError) {
        newest = max(newest, now)
        switch phase {
        case .attached(var session) where session.isRegistered || !hasRegistered:
            phase = .ended
            defer { settle(session) }
            try session.send(content, to: target, at: newest)
        case .attached(var session):
            phase = .ended
            defer { settle(session) }
            try session.memory.keep(content, from: id, to: target, configuration)
        case .waiting, .opening: try memory.keep(content, from: id, to: target, configuration)
        case .ended: throw .notConnected
        }
    }

    /// Ends it; the id becomes free.
    public mutating func close(because reason: SignalingEnd = .closed, at now: Instant) {
        newest = max(newest, now)
        switch phase {
        case .attached(var session):
            phase = .ended
            session.close(because: reason, at: newest)
            settle(session)
        case .waiting, .opening: end(reason)
        case .ended: break
        }
    }

    public mutating func advance(to now: Instant) {
        newest = max(newest, now)
        switch phase {
        case .attached(var session):
            phase = .ended
            session.advance(to: newest)
            settle(session)
        case .waiting(let until, _): if until <= newest { connect() }
        case .opening(let until): if until <= newest { lose(.noAnswer) }
        case .ended: break
        }
    }
}

// MARK: - One connection after another

extension PersistentSession {
    private mutating func attach() {
        let session = SignalingSession(
            connectingTo: url,
            as: id,
            at: newest,
            configuration: configuration,
            entropy: entropy.split(),
            memory: memory
        )
        settle(session)
    }

    /// Takes what the session has to say, and goes on with it unless it has ended.
    private mutating func settle(_ current: SignalingSession) {
        var session = current
        var end: SignalingEnd?
        while let output = session.popOutput() {
            switch output {
            case .transmit(let bytes): outputs.append(.transmit(bytes))
            case .registered: noteRegistered(isComplete: session.isComplete)
            case .message(let message): outputs.append(.message(message))
            case .ended(let reason): end = reason
            }
        }
        memory = session.memory
        guard let end else {
            phase = .attached(session)
            return
        }
        lose(end)
    }

    private mutating func noteRegistered(isComplete: Bool) {
        attempts = 0
        outputs.append(hasRegistered ? .resumed(isComplete: isComplete) : .registered)
        hasRegistered = true
        isInterrupted = false
    }

    private mutating func lose(_ reason: SignalingEnd) {
        let settings = configuration.reconnection
        guard hasRegistered, isWorthRetrying(reason), attempts < settings.attempts else {
            return end(reason)
        }
        if !isInterrupted { outputs.append(.interrupted(reason)) }
        isInterrupted = true
        let share = UInt8(truncatingIfNeeded: entropy.next())
        let delay = settings.delay(after: attempts, share: share)
        attempts += 1
        phase = .waiting(until: newest.advanced(by: delay), reason)
    }

    private func isWorthRetrying(_ reason: SignalingEnd) -> Bool {
        switch reason {
        case .lost(.transportLost), .silent, .noAnswer: true
        // A server that starts again may refuse at first; ours may take the old connection for live.
        case .lost(.handshakeFailed), .idTaken: isInterrupted
        case .lost(.requested), .lost(.byPeer), .lost(.violation): false
        case .closed, .refused, .messagesUnread: false
        }
    }

    private mutating func connect() {
        phase = .opening(until: newest.advanced(by: configuration.reconnection.connectTimeout))
        outputs.append(.connect)
    }

    private mutating func end(_ reason: SignalingEnd) {
        phase = .ended
        outputs.append(.ended(reason))
    }
}

extension SignalingMemory {
    /// Keeps a message of ours for the next connection.
    fileprivate mutating func keep(
        _ content: SignalingMessage.Content,
        from id: String,
        to target: String,
        _ configuration: SignalingConfiguration
    ) throws(SignalingSendError) {
        let text = SignalingMessage(content, from: id, to: target).envelope.text
        guard text.utf8.count <= configuration.maximumMessageSize else {
            throw .tooLarge(limit: configuration.maximumMessageSize)
        }
        if content == .disconnect { inbox.forget(target) }
        // Who talks to itself is not worth the wait.
        guard target != id else { return }
        guard keep(text) else { throw .notConnected }
    }
}

private let hexadecimal = [UInt8]("0123456789abcdef".utf8)
