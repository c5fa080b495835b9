public import Wire

/// A signaling client without its socket: it registers, keeps the connection alive, and brings the
/// messages of other peers into order.
public struct SignalingSession: Machine, Sendable {
    /// What the owner must do or know.
    public enum Output: Hashable, Sendable {
        case transmit([UInt8])
        /// The id is ours.
        case registered
        case message(SignalingMessage)
        /// It is over: end the TCP connection once everything is written. The last output.
        case ended(SignalingEnd)
    }

    /// The id that was asked for.
    public let id: String
    private let configuration: SignalingConfiguration
    private var webSocket: WebSocketConnection
    /// What the next connection needs to know.
    var memory: SignalingMemory
    /// Whether nothing was lost between the connection before and this one.
    private(set) var isComplete = false
    private var phase = Phase.connecting
    private var outputs = Queue<Output>()
    private var newest: Instant

    private enum Phase: Sendable {
        case connecting
        /// The request for the id is out, and a message to ourselves behind it.
        case registering(deadline: Instant)
        /// The server lives and has refused nothing so far, but does not bring our own message.
        case presuming(until: Instant)
        case registered(Life)
        case ending(SignalingEnd)
        case ended
    }

    private struct Life: Sendable {
        var lastHeard: Instant
        var nextPing: Instant
    }

    /// Connects to the server at `url` and asks it for `id`.
    public init(
        connectingTo url: WebSocketURL,
        as id: String,
        at now: Instant,
        configuration: SignalingConfiguration = .init(),
        entropy: Entropy = .system
    ) {
        self.init(
            connectingTo: url,
            as: id,
            at: now,
            configuration: configuration,
            entropy: entropy,
            memory: SignalingMemory()
        )
    }

    /// Goes on with the messages of an earlier connection.
    init(
        connectingTo url: WebSocketURL,
        as id: String,
        at now: Instant,
        configuration: SignalingConfiguration,
        entropy: Entropy,
        memory: SignalingMemory
    ) {
        self.id = id
        self.memory = memory
        self.configuration = configuration
        newest = now
        webSocket = WebSocketConnection(
            connectingTo: url,
            at: now,
            configuration: configuration.webSocket,
            entropy: entropy
        )
        settle()
    }

    /// Whether messages can be sent.
    var isRegistered: Bool {
        if case .registered = phase { true } else { false }
    }

    public var deadline: Instant? {
        switch phase {
        case .connecting, .ending: webSocket.deadline
        case .registering(let deadline), .presuming(let deadline):
            webSocket.deadline.map { min($0, deadline) } ?? deadline
        case .registered(let life):
            min(life.nextPing, life.lastHeard.advanced(by: configuration.silenceLimit))
        case .ended: nil
        }
    }

    public mutating func popOutput() -> Output? { outputs.popFirst() }
}

// MARK: - Inputs

extension SignalingSession {
    /// Bytes came from the TCP connection.
    public mutating func receive(_ bytes: Span<UInt8>, at now: Instant) {
        newest = max(newest, now)
        switch phase {
        case .registered(var life):
            life.lastHeard = newest
            phase = .registered(life)
        case .connecting, .registering, .presuming, .ending, .ended: break
        }
        webSocket.receive(bytes, at: newest)
        settle()
    }

    /// The TCP connection has ended.
    public mutating func transportClosed(at now: Instant) {
        newest = max(newest, now)
        webSocket.transportClosed(at: newest)
        settle()
    }

    /// Sends `content` to the peer that registered as `target`.
    public mutating func send(
        _ content: SignalingMessage.Content,
        to target: String,
        at now: Instant
    ) throws(SignalingSendError) {
        newest = max(newest, now)
        switch phase {
        case .registered: break
        case .connecting, .registering, .presuming, .ending, .ended: throw .notConnected
        }
        let text = SignalingMessage(content, from: id, to: target).envelope.text
        guard text.utf8.count <= configuration.maximumMessageSize else {
            throw .tooLarge(limit: configuration.maximumMessageSize)
        }
        if content == .disconnect { memory.inbox.forget(target) }
        if target != id { memory.noteSent(text) }
        do throws(WebSocketSendError) {
            try webSocket.send(text)
        } catch {
            throw .notConnected
        }
        settle()
    }

    /// Ends the session; the id becomes free.
    public mutating func close(because reason: SignalingEnd = .closed, at now: Instant) {
        newest = max(newest, now)
        end(reason)
    }

    public mutating func advance(to now: Instant) {
        newest = max(newest, now)
        guard let deadline, deadline <= newest else { return }
        switch phase {
        case .connecting, .ending: break
        case .registering(let deadline) where deadline <= newest: end(.noAnswer)
        case .registering: break
        case .presuming(let deadline): if deadline <= newest { beRegistered() }
        case .registered(var life):
            if life.lastHeard.advanced(by: configuration.silenceLimit) <= newest {
                end(.silent)
            } else {
                life.nextPing = newest.advanced(by: configuration.pingInterval)
                phase = .registered(life)
                try? webSocket.ping()
            }
        case .ended: break
        }
        webSocket.advance(to: newest)
        settle()
    }
}

// MARK: - Outputs of the WebSocket

extension SignalingSession {
    private mutating func settle() {
        while let output = webSocket.popOutput() {
            switch output {
            case .transmit(let bytes): outputs.append(.transmit(bytes))
            case .opened: register()
            case .text(let text): receive(text)
            case .binary: break
            case .pong: receivePong()
            case .closed(let closure): finish(closure)
            }
        }
    }

    private mutating func register() {
        // The servers of the field do not confirm a registration, but they carry out messages in
        // order: a message to ourselves that comes back says that the registration was not refused.
        let probing = SignalingMessage(probe, from: id, to: id).envelope
        for envelope in [registration, probing] { try? webSocket.send(envelope.text) }
        try? webSocket.ping()
        phase = .registering(
            deadline: newest.advanced(by: configuration.webSocket.handshakeTimeout)
        )
    }

    /// A server that knows the token goes on where the connection before has ended.
    private var registration: SignalingEnvelope {
        guard let token = memory.token else { return SignalingEnvelope(.register, from: id) }
        let fields: [(name: String, value: JSONValue)] = [
            ("token", .string(token)), ("received", .number(String(memory.received))),
        ]
        return SignalingEnvelope(.register, from: id, fields)
    }

    /// A pong says only that the server lives: some answer pings before the messages in front.
    private mutating func receivePong() {
        switch phase {
        case .registering: phase = .presuming(until: newest.advanced(by: presumption))
        case .connecting, .presuming, .registered, .ending, .ended: break
        }
    }

    private mutating func beRegistered() {
        phase = .registered(
            Life(lastHeard: newest, nextPing: newest.advanced(by: configuration.pingInterval))
        )
        outputs.append(.registered)
        let rest = memory.takeRest()
        isComplete = rest.isComplete
        for text in rest.texts { try? webSocket.send(text) }
        deliver()
    }

    private mutating func receive(_ text: String) {
        let isRegistered: Bool
        switch phase {
        case .registering, .presuming: isRegistered = false
        case .registered: isRegistered = true
        case .connecting, .ending, .ended: return
        }
        let envelope = Result { () throws(SignalingParseError) in
            try SignalingEnvelope(parsing: text)
        }
        if case .success(let envelope) = envelope, note(envelope) { return }
        guard let message = Self.read(envelope) else { return }
        if message.sender == id, message.content == probe {
            if !isRegistered { beRegistered() }
            return
        }
        if !isRegistered, message.sender == nil, case .error(let code, let text) = message.content {
            return end(code == .idTaken ? .idTaken(text) : .refused(code, text))
        }
        memory.inbox.receive(message)
        deliver()
    }

    /// Counts what others send; true for what the server says to the registration.
    private mutating func note(_ envelope: SignalingEnvelope) -> Bool {
        guard memory.token != nil, let sender = envelope.sender else { return false }
        guard sender == id else {
            memory.noteReceived()
            return false
        }
        guard envelope.kind == .register, case .boolean(let isResumed) = envelope.fields["resumed"],
            let received = envelope.fields["received"]?.stringOrNumber.flatMap({ Int($0) })
        else { return false }
        memory.note(SignalingMemory.Confirmation(isResumed: isResumed, received: received))
        return true
    }

    /// Reads a message; what cannot be read becomes an error, what means nothing here becomes nil.
    private static func read(
        _ envelope: Result<SignalingEnvelope, SignalingParseError>
    ) -> SignalingMessage? {
        var sender: String?
        do throws(SignalingParseError) {
            let envelope = try envelope.get()
            sender = envelope.sender
            return try SignalingMessage(envelope)
        } catch {
            guard error.code != .unknownType else { return nil }
            return SignalingMessage(.error(code: error.code, text: "\(error)"), from: sender)
        }
    }

    private mutating func deliver() {
        switch phase {
        case .registered: break
        case .connecting, .registering, .presuming, .ending, .ended: return
        }
        while let message = memory.inbox.next() { outputs.append(.message(message)) }
    }

    private mutating func end(_ reason: SignalingEnd) {
        switch phase {
        case .connecting, .registering, .presuming, .registered: break
        case .ending, .ended: return
        }
        phase = .ending(reason)
        webSocket.close(at: newest)
        settle()
    }

    private mutating func finish(_ closure: WebSocketClosure) {
        switch phase {
        case .ending(let reason): outputs.append(.ended(reason))
        case .connecting, .registering, .presuming, .registered:
            outputs.append(.ended(.lost(closure)))
        case .ended: break
        }
        phase = .ended
    }
}

/// How a signaling session ended.
public enum SignalingEnd: Error, Hashable, Sendable {
    /// We closed it.
    case closed
    /// Another connection holds the id; the server's own words.
    case idTaken(String)
    /// The server refused the registration for another reason.
    case refused(SignalingErrorCode, String)
    /// The server did not answer the registration.
    case noAnswer
    /// Nothing was heard of the server for too long.
    case silent
    /// Our program did not read its messages.
    case messagesUnread(limit: Int)
    /// The connection ended, or never came about.
    case lost(WebSocketClosure)
}

/// Why a message was not sent.
public enum SignalingSendError: Error, Hashable, Sendable {
    /// The session has not registered yet, or has ended.
    case notConnected
    /// The message would be larger than servers take.
    case tooLarge(limit: Int)
}

/// Means nothing to anybody: the end of candidates for a section that does not exist.
private let probe = SignalingMessage.Content.candidate("", mid: "registered?")
/// How long a server that lives may take to refuse.
private let presumption = Duration.seconds(1)
