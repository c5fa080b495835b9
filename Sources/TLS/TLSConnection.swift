public import Wire

/// A TLS 1.2 or 1.3 connection over a stream of bytes (RFC 8446, RFC 5246).
///
///     waiting ──start──▶ handshaking ──▶ connected ──close, close_notify──▶ ended
///        │                    └────── failure ──────────────────────────────▲
///        └── close ─────────────────────────────────────────────────────────┘
///
/// A client verifies the server's certificate and that it is for the name asked for, inside the
/// handshake: ``Output/connected(_:)`` never follows a wrong one.
///
/// ```swift
/// var connection = try TLSConnection(
///     client: TLSServerName("turn.example.org"),
///     trust: .system
/// )
/// connection.start(at: now)
/// while let output = connection.popOutput() { carryOut(output) }
/// ```
public struct TLSConnection: ~Copyable, Machine, Sendable {
    /// What the owner must do, or learns.
    public enum Output: Hashable, Sendable {
        /// Send these bytes to the peer.
        case transmit([UInt8])
        /// The handshake is done, and the peer is who it should be.
        case connected(TLSSession)
        /// The peer sent this data.
        case received([UInt8])
        /// The peer said goodbye, and nothing is missing. The last output.
        case closed
        /// The connection cannot be made, or is broken. The last output.
        case failed(TLSError)
    }

    private let configuration: TLSConfiguration
    private var phase: Phase
    private var outputs = Queue<Output>()
    private var clock = Instant(nanoseconds: .min)

    /// The client's end, which wants to reach the server of that name.
    public init(
        client name: TLSServerName,
        trust: TLSTrust,
        configuration: TLSConfiguration = .init()
    ) throws(TLSError) {
        let engine = try TLSEngine.client(for: name, trust: trust, configuration: configuration)
        self.configuration = configuration
        phase = .waiting(engine)
    }

    /// The server's end, which shows `identity` and asks for no certificate.
    public init(
        server identity: TLSIdentity,
        configuration: TLSConfiguration = .init()
    ) throws(TLSError) {
        let engine = try TLSEngine.server(identity, configuration: configuration)
        self.configuration = configuration
        phase = .waiting(engine)
    }
}

// MARK: - Inputs

extension TLSConnection {
    /// Starts the handshake, once the transport is there; starting again has no effect.
    public mutating func start(at now: Instant) {
        clock = max(clock, now)
        guard phase.begin(until: clock.advanced(by: configuration.handshakeTimeout)) else { return }
        carryOut(phase.start())
    }

    /// Takes bytes of the peer's.
    ///
    /// The data in them is output at once, so nothing piles up inside: to slow the peer down, stop
    /// reading the transport.
    public mutating func receive(_ bytes: Span<UInt8>, at now: Instant) {
        clock = max(clock, now)
        if phase.isWaiting { start(at: now) }
        guard !bytes.isEmpty, !phase.hasEnded else { return }
        phase.update { $0.received += bytes.count }
        if let received = phase.handshake?.received, received > configuration.maximumHandshakeSize {
            return fail(.handshakeTooLarge(limit: configuration.maximumHandshakeSize))
        }
        carryOut(phase.receive(bytes))
    }

    /// Sends `data`, or keeps it until the handshake is done.
    public mutating func send(_ data: Span<UInt8>, at now: Instant) throws(TLSError) {
        clock = max(clock, now)
        guard !phase.hasEnded else { throw .notConnected }
        if phase.isWaiting { start(at: now) }
        guard let handshake = phase.handshake else { return carryOut(phase.send(data)) }
        let limit = configuration.maximumEarlyData
        guard data.count <= limit - handshake.early.count else {
            throw .earlyDataFull(limit: limit)
        }
        phase.update { $0.early.append(copying: data) }
    }

    /// Says goodbye and ends the connection; closing again has no effect.
    ///
    /// Send what is output, then end the transport.
    public mutating func close(at now: Instant) {
        clock = max(clock, now)
        carryOut(phase.close())
        phase = .ended
    }

    /// The transport has ended; without the peer's goodbye before, that is a failure.
    public mutating func transportClosed(at now: Instant) {
        clock = max(clock, now)
        guard !phase.hasEnded else { return }
        fail(phase.isConnected ? .truncated : .closedInHandshake)
    }
}

// MARK: - Queries and time

extension TLSConnection {
    /// Whether the handshake is done and neither side has closed.
    public var isConnected: Bool { phase.isConnected }

    /// Whether nothing more can be sent or received.
    public var hasEnded: Bool { phase.hasEnded }

    public var deadline: Instant? { phase.handshake?.deadline }

    public mutating func advance(to now: Instant) {
        clock = max(clock, now)
        guard let deadline, deadline <= clock else { return }
        fail(.timedOut)
    }

    public mutating func popOutput() -> Output? { outputs.popFirst() }

    private mutating func carryOut(_ turn: TLSEngine.Turn) {
        if !turn.bytes.isEmpty { outputs.append(.transmit(turn.bytes)) }
        for event in turn.events {
            switch event {
            case .established(let session):
                let early = phase.establish()
                outputs.append(.connected(session))
                if !early.isEmpty { carryOut(phase.send(early.span)) }
            case .data(let data): outputs.append(.received(data))
            case .peerClosed:
                outputs.append(.closed)
                phase = .ended
            case .failed(let error): fail(error)
            }
        }
    }

    /// Frees OpenSSL's state; outputs that wait still come out.
    private mutating func fail(_ error: TLSError) {
        guard !phase.hasEnded else { return }
        outputs.append(.failed(error))
        phase = .ended
    }
}
