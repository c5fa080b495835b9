import Wire

extension TLSConnection {
    /// What exists when; owns the SSL, so it cannot be copied.
    enum Phase: ~Copyable, Sendable {
        case waiting(TLSEngine)
        case handshaking(Opening)
        case connected(TLSEngine)
        case ended
    }

    /// A connection that is being made.
    struct Opening: ~Copyable, Sendable {
        let engine: TLSEngine
        var handshake: Handshake
    }

    /// What counts only until the handshake is done.
    struct Handshake: Sendable {
        let deadline: Instant
        /// Bytes of the peer's so far.
        var received = 0
        /// Data that waits for the end of the handshake.
        var early: [UInt8] = []
    }
}

extension TLSConnection.Phase {
    /// Leaves ``waiting``; false if that has happened before.
    mutating func begin(until deadline: Instant) -> Bool {
        switch consume self {
        case .waiting(let engine):
            self = .handshaking(
                TLSConnection.Opening(
                    engine: engine,
                    handshake: TLSConnection.Handshake(deadline: deadline)
                )
            )
            return true
        case .handshaking(let opening):
            self = .handshaking(opening)
            return false
        case .connected(let engine):
            self = .connected(engine)
            return false
        case .ended:
            self = .ended
            return false
        }
    }

    /// The handshake is done; returns the data that waited for it.
    mutating func establish() -> [UInt8] {
        switch consume self {
        case .waiting(let engine):
            self = .waiting(engine)
            return []
        case .handshaking(let opening):
            let early = opening.handshake.early
            self = .connected(opening.engine)
            return early
        case .connected(let engine):
            self = .connected(engine)
            return []
        case .ended:
            self = .ended
            return []
        }
    }

    /// Changes what counts during the handshake.
    mutating func update(_ body: (inout TLSConnection.Handshake) -> Void) {
        switch consume self {
        case .waiting(let engine): self = .waiting(engine)
        case .handshaking(var opening):
            body(&opening.handshake)
            self = .handshaking(opening)
        case .connected(let engine): self = .connected(engine)
        case .ended: self = .ended
        }
    }
}

// MARK: - Calls that leave the phase as it is

extension TLSConnection.Phase {
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

    var hasEnded: Bool {
        switch self {
        case .ended: true
        case .waiting: false
        case .handshaking: false
        case .connected: false
        }
    }

    var handshake: TLSConnection.Handshake? {
        switch self {
        case .handshaking(let opening): opening.handshake
        case .waiting: nil
        case .connected: nil
        case .ended: nil
        }
    }

    func start() -> TLSEngine.Turn {
        switch self {
        case .handshaking(let opening): opening.engine.start()
        case .waiting: TLSEngine.Turn()
        case .connected: TLSEngine.Turn()
        case .ended: TLSEngine.Turn()
        }
    }

    func receive(_ bytes: Span<UInt8>) -> TLSEngine.Turn {
        switch self {
        case .handshaking(let opening): opening.engine.receive(handshake: bytes)
        case .connected(let engine): engine.receive(records: bytes)
        case .waiting: TLSEngine.Turn()
        case .ended: TLSEngine.Turn()
        }
    }

    func send(_ data: Span<UInt8>) -> TLSEngine.Turn {
        switch self {
        case .connected(let engine): engine.send(data)
        case .waiting: TLSEngine.Turn()
        case .handshaking: TLSEngine.Turn()
        case .ended: TLSEngine.Turn()
        }
    }

    func close() -> TLSEngine.Turn {
        switch self {
        case .connected(let engine): engine.close()
        case .waiting: TLSEngine.Turn()
        case .handshaking: TLSEngine.Turn()
        case .ended: TLSEngine.Turn()
        }
    }
}
