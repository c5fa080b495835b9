public import Wire

/// A DTLS 1.2 connection over one ICE path (RFC 6347, RFC 5764, RFC 8827 §6.5).
///
///     waiting ──start──▶ handshaking ──▶ connected ──close, close_notify──▶ ended
///        │                    └────── failure ──────────────────────────────▲
///        └── close ─────────────────────────────────────────────────────────┘
///
/// The peer's certificate is checked against `peerFingerprints` inside the handshake, so
/// ``Output/connected(_:peerCertificate:)`` never follows a wrong one. Datagrams that arrive before
/// ``start(roundTripTime:at:)`` are kept.
///
/// ```swift
/// var connection = try DTLSConnection(
///     role: .client,
///     certificate: certificate,
///     peerFingerprints: fingerprints
/// )
/// connection.start(roundTripTime: .milliseconds(40), at: now)
/// while let output = connection.popOutput() { carryOut(output) }
/// ```
public struct DTLSConnection: ~Copyable, Machine, Sendable {
    /// What the owner must do, or learns.
    public enum Output: Hashable, Sendable {
        /// Send this datagram to the peer.
        case transmit([UInt8])
        /// The handshake is done; the keys are nil if the peer wants no SRTP.
        case connected(KeyingMaterial?, peerCertificate: [UInt8])
        /// The peer sent this record.
        case applicationData([UInt8])
        /// The peer said goodbye with close_notify.
        case closed
        /// The connection cannot be made, or is broken. Nothing follows.
        case failed(DTLSError)
    }

    private let configuration: DTLSConfiguration
    private var phase: Phase
    private var outputs = Queue<Output>()
    private var clock = Instant(nanoseconds: .min)
    /// When OpenSSL's retransmission timer fires.
    private var retransmission: Instant?
    /// When to look whether the connection has fallen idle.
    private var idleCheck: Instant?
    private var lastUse = Instant.zero
    private var largestDatagram = 0

    /// Makes a connection that waits for ``start(roundTripTime:at:)``.
    public init(
        role: DTLSRole,
        certificate: Certificate,
        peerFingerprints: [CertificateFingerprint],
        configuration: DTLSConfiguration = .init()
    ) throws(DTLSError) {
        guard !peerFingerprints.decisive.isEmpty else { throw .noUsableFingerprint }
        let engine = try Engine.make(
            role: role,
            certificate: certificate,
            fingerprints: peerFingerprints,
            configuration: configuration
        )
        self.configuration = configuration
        phase = .waiting(engine, early: EarlyDatagrams())
    }
}

// MARK: - Inputs

extension DTLSConnection {
    /// Starts the handshake: a client's hello leaves, a server takes what has arrived so far.
    ///
    /// Retransmissions begin after twice the round trip, but not below 50 ms, and double from there.
    /// Starting again has no effect.
    public mutating func start(roundTripTime: Duration?, at now: Instant) {
        clock = max(clock, now)
        guard let early = phase.beginHandshake() else { return }
        let timeout = configuration.firstTimeout(roundTripTime: roundTripTime)
        carryOut(phase.start(firstTimeout: timeout))
        for datagram in early.datagrams { receive(datagram.span, at: now) }
    }

    /// Takes a datagram of the peer's; anything that is no DTLS record is dropped.
    public mutating func receive(_ datagram: Span<UInt8>, at now: Instant) {
        clock = max(clock, now)
        guard !datagram.isEmpty, dtlsFirstBytes ~= datagram[0] else { return }
        largestDatagram = max(largestDatagram, datagram.count)
        if phase.isConnected { noteUse() }
        guard !phase.isWaiting else { return phase.keep(datagram) }
        carryOut(phase.receive(datagram, largestDatagram: largestDatagram))
    }

    /// Takes the datagram in the first `length` bytes and puts the data of its record in its place.
    ///
    /// Returns how many bytes of data there are; 0 when the datagram brought none, or brought it before
    /// the handshake was done. The way for packets at full speed: nothing is allocated. What else came
    /// of the datagram are outputs, as with ``receive(_:at:)``.
    public mutating func open(
        _ datagram: inout MutableSpan<UInt8>,
        length: Int,
        at now: Instant
    ) -> Int {
        precondition(0...datagram.count ~= length, "the datagram lies within its span")
        guard phase.isConnected, length > 0, dtlsFirstBytes ~= datagram[0] else {
            receive(datagram.span.extracting(0..<length), at: now)
            return 0
        }
        clock = max(clock, now)
        noteUse()
        let (opened, turn) = phase.open(&datagram, length: length)
        carryOut(turn)
        return opened
    }

    /// Sends `data` as one record in one datagram; without data nothing is sent.
    public mutating func send(_ data: Span<UInt8>, at now: Instant) throws(DTLSError) {
        clock = max(clock, now)
        try check(data)
        guard !data.isEmpty else { return }
        noteUse()
        carryOut(phase.send(data))
    }

    /// Writes a record of `data` to the start of `packet` and returns its length.
    ///
    /// The way for packets at full speed: nothing is allocated. `packet` needs room for `data` and
    /// ``maximumOverhead``.
    public mutating func seal(
        _ data: Span<UInt8>,
        into packet: inout MutableSpan<UInt8>,
        at now: Instant
    ) throws(DTLSError) -> Int {
        clock = max(clock, now)
        try check(data)
        let need = data.count + Self.maximumOverhead
        guard packet.count >= need else { throw .noRoom(need: need) }
        guard !data.isEmpty else { return 0 }
        noteUse()
        return try phase.seal(data, into: &packet)
    }

    /// Ends the connection; close_notify leaves if it was established.
    ///
    /// Closing again has no effect.
    public mutating func close(at now: Instant) {
        clock = max(clock, now)
        carryOut(phase.close())
        end()
    }
}

// MARK: - Queries and time

extension DTLSConnection {
    /// How many bytes a record has beyond its data: header, explicit nonce and tag of AES-GCM.
    public static var maximumOverhead: Int { 13 + 8 + 16 }

    /// The most data one call of ``send(_:at:)`` takes.
    public var maximumMessageSize: Int { configuration.datagramSize - Self.maximumOverhead }

    /// Whether the handshake is done and neither side has closed.
    public var isConnected: Bool { phase.isConnected }

    /// The negotiated cipher suite by its IANA name, while connected.
    public var cipherSuite: String? { phase.cipherSuite }

    public var deadline: Instant? {
        guard let retransmission, let idleCheck else { return retransmission ?? idleCheck }
        return min(retransmission, idleCheck)
    }

    public mutating func advance(to now: Instant) {
        clock = max(clock, now)
        if let due = retransmission, due <= clock { retransmit() }
        if let due = idleCheck, due <= clock { checkIdleness() }
    }

    public mutating func popOutput() -> Output? { outputs.popFirst() }

    private mutating func retransmit() {
        let turn = phase.retransmit()
        let disagrees = turn.timer == .none
        retransmission = nil
        carryOut(turn)
        // OpenSSL goes by the wall clock. When that was set back it does nothing yet: ask again later.
        guard disagrees, let left = phase.timeLeft else { return }
        let wait = min(max(left, configuration.minimumTimeout), configuration.maximumTimeout)
        retransmission = clock.advanced(by: wait)
    }

    private mutating func noteUse() {
        lastUse = clock
        if idleCheck == nil { idleCheck = clock.advanced(by: configuration.idleTimeout) }
    }

    private mutating func checkIdleness() {
        let idleAt = lastUse.advanced(by: configuration.idleTimeout)
        guard idleAt <= clock else {
            idleCheck = idleAt
            return
        }
        idleCheck = nil
        phase.releaseBuffers()
    }

    private func check(_ data: Span<UInt8>) throws(DTLSError) {
        guard phase.isConnected else { throw .notConnected }
        guard data.count <= maximumMessageSize else {
            throw .messageTooLarge(limit: maximumMessageSize)
        }
    }

    private mutating func carryOut(_ turn: Engine.Turn) {
        for datagram in turn.datagrams { outputs.append(.transmit(datagram)) }
        switch turn.timer {
        case .none: break
        case .started(let wait): retransmission = clock.advanced(by: wait)
        case .stopped: retransmission = nil
        }
        for event in turn.events {
            switch event {
            case .established(let keys, let certificate):
                phase.establish()
                noteUse()
                outputs.append(.connected(keys, peerCertificate: certificate))
            case .message(let message): outputs.append(.applicationData(message))
            case .peerClosed:
                end()
                outputs.append(.closed)
            case .failed(let error):
                end()
                outputs.append(.failed(error))
            }
        }
    }

    /// Frees OpenSSL's state; outputs that wait still come out.
    private mutating func end() {
        phase = .ended
        retransmission = nil
        idleCheck = nil
    }
}

/// RFC 7983 §7: the first byte of DTLS.
private let dtlsFirstBytes: ClosedRange<UInt8> = 20...63
