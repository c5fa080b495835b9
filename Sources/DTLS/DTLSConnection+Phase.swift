import Wire

/// Datagrams that came before the start, such as a client's hello that overtook the answer.
struct EarlyDatagrams {
    private(set) var datagrams: [[UInt8]] = []
    private var byteCount = 0

    /// Keeps `datagram` while there is room; a client sends again what is dropped here.
    mutating func keep(_ datagram: Span<UInt8>) {
        guard datagrams.count < maximumCount, byteCount + datagram.count <= maximumBytes else {
            return
        }
        byteCount += datagram.count
        datagrams.append([UInt8](copying: datagram))
    }
}

extension DTLSConnection {
    /// What exists when; owns the SSL, so it cannot be copied.
    enum Phase: ~Copyable, Sendable {
        case waiting(Engine, early: EarlyDatagrams)
        case handshaking(Engine)
        case connected(Engine)
        case ended
    }
}

// MARK: - Transitions

extension DTLSConnection.Phase {
    /// Leaves ``waiting`` and returns what had arrived; nil if the handshake has begun before.
    mutating func beginHandshake() -> EarlyDatagrams? {
        switch consume self {
        case .waiting(let engine, let early):
            self = .handshaking(engine)
            return early
        case .handshaking(let engine):
            self = .handshaking(engine)
            return nil
        case .connected(let engine):
            self = .connected(engine)
            return nil
        case .ended:
            self = .ended
            return nil
        }
    }

    /// The handshake is done.
    mutating func establish() {
        switch consume self {
        case .waiting(let engine, let early): self = .waiting(engine, early: early)
        case .handshaking(let engine): self = .connected(engine)
        case .connected(let engine): self = .connected(engine)
        case .ended: self = .ended
        }
    }

    /// Remembers `datagram` for the start.
    mutating func keep(_ datagram: Span<UInt8>) {
        switch consume self {
        case .waiting(let engine, var early):
            early.keep(datagram)
            self = .waiting(engine, early: early)
        case .handshaking(let engine): self = .handshaking(engine)
        case .connected(let engine): self = .connected(engine)
        case .ended: self = .ended
        }
    }
}

// MARK: - Calls that leave the phase as it is

extension DTLSConnection.Phase {
    var isConnected: Bool {
        switch self {
        case .connected: true
        case .waiting: false
        case .handshaking: false
        case .ended: false
        }
    }

    var isWaiting: Bool {
        switch self {
        case .waiting: true
        case .handshaking: false
        case .connected: false
        case .ended: false
        }
    }

    var cipherSuite: String? {
        switch self {
        case .connected(let engine): engine.cipherSuite
        case .waiting: nil
        case .handshaking: nil
        case .ended: nil
        }
    }

    var timeLeft: Duration? {
        switch self {
        case .handshaking(let engine): engine.timeLeft
        case .waiting: nil
        case .connected: nil
        case .ended: nil
        }
    }

    func start(firstTimeout: Duration) -> Engine.Turn {
        switch self {
        case .handshaking(let engine): engine.start(firstTimeout: firstTimeout)
        case .waiting: Engine.Turn()
        case .connected: Engine.Turn()
        case .ended: Engine.Turn()
        }
    }

    func receive(_ datagram: Span<UInt8>, largestDatagram: Int) -> Engine.Turn {
        switch self {
        case .handshaking(let engine):
            engine.receive(handshake: datagram, largestDatagram: largestDatagram)
        case .connected(let engine): engine.receive(records: datagram)
        case .waiting: Engine.Turn()
        case .ended: Engine.Turn()
        }
    }

    func retransmit() -> Engine.Turn {
        switch self {
        case .handshaking(let engine): engine.retransmit()
        case .waiting: Engine.Turn()
        case .connected: Engine.Turn()
        case .ended: Engine.Turn()
        }
    }

    func send(_ data: Span<UInt8>) -> Engine.Turn {
        switch self {
        case .connected(let engine): engine.send(data)
        case .waiting: Engine.Turn()
        case .handshaking: Engine.Turn()
        case .ended: Engine.Turn()
        }
    }

    func seal(
        _ data: Span<UInt8>,
        into packet: inout MutableSpan<UInt8>
    ) throws(DTLSError) -> Int {
        switch self {
        case .connected(let engine): try engine.seal(data, into: &packet)
        case .waiting: throw .notConnected
        case .handshaking: throw .notConnected
        case .ended: throw .notConnected
        }
    }

    func open(
        _ datagram: inout MutableSpan<UInt8>,
        length: Int
    ) -> (opened: Int, Engine.Turn) {
        switch self {
        case .connected(let engine): engine.open(&datagram, length: length)
        case .waiting: (0, Engine.Turn())
        case .handshaking: (0, Engine.Turn())
        case .ended: (0, Engine.Turn())
        }
    }

    func close() -> Engine.Turn {
        switch self {
        case .connected(let engine): engine.close()
        case .waiting: Engine.Turn()
        case .handshaking: Engine.Turn()
        case .ended: Engine.Turn()
        }
    }

    func releaseBuffers() {
        switch self {
        case .connected(let engine): engine.releaseBuffers()
        case .waiting: break
        case .handshaking: break
        case .ended: break
        }
    }
}

/// Room for a post-quantum hello, three times over.
private let maximumCount = 16
private let maximumBytes = 24_576
