public import Wire

/// A signaling server without its sockets: connections, their ids, and messages between them.
///
/// ```swift
/// let connection = hub.connect(at: now)
/// hub.receive(bytes.span, from: connection, at: now)
/// hub.drain { output in carryOut(output) }
/// ```
///
/// Report with ``reportBacklog(_:of:at:)`` how much of the output could not be written yet, so
/// that a peer that does not read is cut off.
public struct SignalingHub: Machine, Sendable {
    /// What the owner must do or know.
    public enum Output: Hashable, Sendable {
        case transmit([UInt8], to: SignalingConnectionID)
        /// End the TCP connection once everything is written.
        case close(SignalingConnectionID)
        /// End the TCP connection at once.
        case abort(SignalingConnectionID)
        case event(SignalingEvent)
    }

    let configuration: SignalingConfiguration
    var members: [SignalingConnectionID: Member] = [:]
    /// Who holds which id.
    var owners: [String: SignalingConnectionID] = [:]
    /// Those who may come back, and what is kept for them.
    var seats: [String: Seat] = [:]
    var outputs = Queue<Output>()
    private var entropy: Entropy
    private var nextNumber: UInt64 = 1
    private(set) var isStopping = false
    private(set) var newest = Instant.zero
    /// Not later than the first deadline of all members; they are searched only when it has come.
    var earliest: Instant?

    public init(configuration: SignalingConfiguration = .init(), entropy: Entropy = .system) {
        self.configuration = configuration
        self.entropy = entropy
    }

    /// One connection.
    struct Member: Sendable {
        var webSocket: WebSocketConnection
        var id: String?
        var lastHeard: Instant
        var nextPing: Instant
        /// Bytes handed to the owner that are not written yet, as far as is known.
        var backlog = 0
        /// Set once the WebSocket has ended: until when the rest may be written.
        var flushDeadline: Instant?
    }

    /// How many connections there are.
    public var connectionCount: Int { members.count }

    /// The ids in use, sorted.
    public var registeredIDs: [String] { owners.keys.sorted() }

    public var deadline: Instant? { earliest }

    public mutating func popOutput() -> Output? { outputs.popFirst() }
}

// MARK: - Inputs

extension SignalingHub {
    /// A TCP connection was accepted.
    public mutating func connect(at now: Instant) -> SignalingConnectionID {
        newest = max(newest, now)
        let connection = SignalingConnectionID(rawValue: nextNumber)
        nextNumber += 1
        let isFull = members.count >= configuration.maximumConnections
        var webSocket = WebSocketConnection(
            acceptingAt: newest,
            configuration: configuration.webSocket,
            entropy: entropy.split()
        )
        if isFull { webSocket.refuseAsFull(at: newest) }
        members[connection] = Member(
            webSocket: webSocket,
            lastHeard: newest,
            nextPing: newest.advanced(by: configuration.pingInterval)
        )
        outputs.append(.event(.connected(connection)))
        settle(connection)
        return connection
    }

    /// Bytes came over a TCP connection.
    public mutating func receive(
        _ bytes: Span<UInt8>,
        from connection: SignalingConnectionID,
        at now: Instant
    ) {
        newest = max(newest, now)
        guard members[connection] != nil else { return }
        members[connection]?.lastHeard = newest
        members[connection]?.webSocket.receive(bytes, at: newest)
        settle(connection)
    }

    /// A TCP connection has ended.
    public mutating func transportClosed(
        of connection: SignalingConnectionID,
        at now: Instant
    ) {
        newest = max(newest, now)
        guard members[connection] != nil else { return }
        members[connection]?.webSocket.transportClosed(at: newest)
        settle(connection)
        members[connection] = nil
    }

    /// How many bytes for a connection the owner has not been able to write yet.
    public mutating func reportBacklog(
        _ byteCount: Int,
        of connection: SignalingConnectionID,
        at now: Instant
    ) {
        newest = max(newest, now)
        members[connection]?.backlog = byteCount
        if byteCount > configuration.maximumBacklog { cutOff(connection, .slowReader) }
    }

    /// Says goodbye to every connection, and is done within three seconds.
    public mutating func stop(at now: Instant) {
        newest = max(newest, now)
        isStopping = true
        let last = newest.advanced(by: stopFlushTimeout)
        for connection in members.keys.sorted() {
            if let flush = members[connection]?.flushDeadline {
                members[connection]?.flushDeadline = min(flush, last)
            }
            members[connection]?.webSocket.close(
                .goingAway,
                reason: "the server stops",
                at: newest
            )
            settle(connection)
        }
    }

    public mutating func advance(to now: Instant) {
        newest = max(newest, now)
        guard let earliest, earliest <= newest else { return }
        for connection in members.keys.sorted() { advance(connection) }
        forgetOverdueSeats()
        let expiries = seats.values.compactMap(\.expiry)
        self.earliest = (members.values.compactMap { deadline(of: $0) } + expiries).min()
    }

    private mutating func advance(_ connection: SignalingConnectionID) {
        guard let member = members[connection], let due = deadline(of: member), due <= newest
        else { return }
        if let flushDeadline = member.flushDeadline {
            guard flushDeadline <= newest else { return }
            outputs.append(.abort(connection))
            members[connection] = nil
            return
        }
        if member.webSocket.isOpen, silenceEnd(of: member) <= newest {
            return cutOff(connection, .silent)
        }
        members[connection]?.webSocket.advance(to: newest)
        if member.webSocket.isOpen, member.nextPing <= newest {
            members[connection]?.nextPing = newest.advanced(by: configuration.pingInterval)
            try? members[connection]?.webSocket.ping()
        }
        settle(connection)
    }

    private func deadline(of member: Member) -> Instant? {
        if let flushDeadline = member.flushDeadline { return flushDeadline }
        guard member.webSocket.isOpen else { return member.webSocket.deadline }
        return min(member.nextPing, silenceEnd(of: member))
    }

    private func silenceEnd(of member: Member) -> Instant {
        member.lastHeard.advanced(by: configuration.silenceLimit)
    }
}

// MARK: - Outputs of the WebSockets

extension SignalingHub {
    /// Carries out what a connection's WebSocket asks for, then looks at its deadline.
    mutating func settle(_ connection: SignalingConnectionID) {
        while let output = members[connection]?.webSocket.popOutput() {
            switch output {
            case .transmit(let bytes): transmit(bytes, to: connection)
            case .opened, .pong: break
            case .text(let text): receive(text, from: connection)
            case .binary:
                refuse(connection, .malformed, "Send JSON as text messages, not as binary ones.")
            case .closed(let closure): finish(connection, closure)
            }
        }
        guard let member = members[connection] else { return }
        // A connection that is being closed must not hold its id until the last byte is written.
        if member.webSocket.isEnding { releaseID(of: connection, mayComeBack: false) }
        guard let due = deadline(of: member) else { return }
        earliest = earliest.map { min($0, due) } ?? due
    }

    private mutating func transmit(_ bytes: [UInt8], to connection: SignalingConnectionID) {
        let backlog = (members[connection]?.backlog ?? 0) + bytes.count
        members[connection]?.backlog = backlog
        guard backlog <= configuration.maximumBacklog else {
            return cutOff(connection, .slowReader)
        }
        outputs.append(.transmit(bytes, to: connection))
    }

    /// The WebSocket has ended in order: the rest is written, but not for ever.
    private mutating func finish(
        _ connection: SignalingConnectionID,
        _ closure: WebSocketClosure
    ) {
        let id = releaseID(of: connection, mayComeBack: closure == .transportLost)
        let timeout = configuration.flushTimeout
        members[connection]?.flushDeadline = newest.advanced(
            by: isStopping ? min(timeout, stopFlushTimeout) : timeout
        )
        outputs.append(.event(.left(connection, id: id, .closed(closure))))
        outputs.append(.close(connection))
    }

    /// Ends a connection that no Close frame would reach.
    mutating func cutOff(
        _ connection: SignalingConnectionID,
        _ departure: SignalingDeparture
    ) {
        guard members[connection] != nil else { return }
        let id = releaseID(of: connection, mayComeBack: departure != .slowReader)
        members[connection] = nil
        outputs.append(.event(.left(connection, id: id, departure)))
        outputs.append(.abort(connection))
    }

    @discardableResult
    private mutating func releaseID(
        of connection: SignalingConnectionID,
        mayComeBack: Bool
    ) -> String? {
        guard let id = members[connection]?.id else { return nil }
        members[connection]?.id = nil
        owners[id] = nil
        leaveSeat(of: id, mayComeBack: mayComeBack)
        return id
    }
}

/// What is not written one second after a server's goodbye is not waited for.
private let stopFlushTimeout = Duration.seconds(1)
