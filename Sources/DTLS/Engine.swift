import COpenSSL
import Wire

/// One `SSL` and its ``Ports``; frees both, and cannot be copied, so cannot be freed twice.
///
/// Every call empties the thread's error queue first: OpenSSL takes a leftover of somebody else's
/// for a failure of this connection.
@safe
struct Engine: ~Copyable, Sendable {
    // Owned by this value alone, which one thread at a time uses.
    nonisolated(unsafe) private let ssl: OpaquePointer
    nonisolated(unsafe) private let ports: UnsafeMutablePointer<Ports>

    /// What came of one input, in the order it must reach the outside.
    struct Turn {
        var datagrams: [[UInt8]] = []
        var timer = FlightTimer.Change.none
        var events: [Event] = []
    }

    enum Event {
        case established(KeyingMaterial?, peerCertificate: [UInt8])
        case message([UInt8])
        case peerClosed
        case failed(DTLSError)
    }

    /// A connection that has done nothing yet.
    static func make(
        role: DTLSRole,
        certificate: Certificate,
        fingerprints: [CertificateFingerprint],
        configuration: DTLSConfiguration
    ) throws(DTLSError) -> Engine {
        ERR_clear_error()
        guard let context = unsafe sharedContext, let ssl = unsafe SSL_new(context) else {
            throw .library(.drain())
        }
        // The engine owns the SSL from here on, and frees it when what follows throws.
        let engine = unsafe Engine(
            owning: ssl,
            ports: Ports(
                fingerprints: fingerprints.decisive,
                configuration: configuration
            )
        )
        guard engine.connectPorts(), unsafe certificate.install(in: ssl) else {
            throw .library(.drain())
        }
        try engine.offer(configuration.srtpProfiles)
        engine.prepare(role, configuration)
        return engine
    }

    private init(owning ssl: OpaquePointer, ports: Ports) {
        unsafe self.ssl = ssl
        unsafe self.ports = UnsafeMutablePointer<Ports>.allocate(capacity: 1)
        unsafe self.ports.initialize(to: ports)
    }

    deinit {
        // The SSL goes first: freeing it frees the BIO, whose callbacks may look at the ports.
        unsafe SSL_free(ssl)
        unsafe ports.deinitialize(count: 1)
        unsafe ports.deallocate()
    }

    private func connectPorts() -> Bool {
        guard let method = unsafe datagramMethod, let bio = unsafe BIO_new(method) else {
            return false
        }
        unsafe BIO_set_data(bio, ports)
        unsafe BIO_set_init(bio, 1)
        // One BIO for both directions: SSL_set_bio takes over the single reference.
        unsafe SSL_set_bio(ssl, bio, bio)
        return unsafe SSL_set_ex_data(ssl, portsIndex, ports) == 1
    }

    private func offer(_ profiles: [UInt16]) throws(DTLSError) {
        guard !profiles.isEmpty else { return }
        var names: [String] = []
        for number in profiles {
            guard let profile = UseSRTPProfile(rawValue: number) else {
                throw .unsupportedProfile(number)
            }
            names.append(profile.name)
        }
        // This function alone returns 0 for success.
        guard unsafe SSL_set_tlsext_use_srtp(ssl, names.joined(separator: ":")) == 0 else {
            throw .library(.drain())
        }
    }

    private func prepare(_ role: DTLSRole, _ configuration: DTLSConfiguration) {
        let size = configuration.datagramSize
        unsafe swiftlet_ssl_set_mtu(ssl, size)
        // The write buffer has this size: a record never exceeds a datagram.
        unsafe swiftlet_ssl_set_maximum_fragment(ssl, max(size, 512))
        unsafe DTLS_set_timer_cb(ssl) { ssl, last in
            // The extra data are the Ports of this SSL, set before the callback.
            guard let ssl = unsafe ssl, let data = unsafe SSL_get_ex_data(ssl, portsIndex) else {
                return last
            }
            let ports = unsafe data.assumingMemoryBound(to: Ports.self)
            return unsafe ports.pointee.timer.timeout(after: last)
        }
        switch role {
        case .client: unsafe SSL_set_connect_state(ssl)
        case .server: unsafe SSL_set_accept_state(ssl)
        }
    }
}

// MARK: - Handshake

extension Engine {
    /// Starts the handshake, with the timeout every flight of it begins with.
    func start(firstTimeout: Duration) -> Turn {
        unsafe ports.pointee.timer.first = firstTimeout.wholeMicroseconds
        var turn = Turn()
        stepHandshake(&turn, largestDatagram: 0)
        return finish(turn)
    }

    /// Takes a datagram while the handshake runs.
    func receive(handshake datagram: Span<UInt8>, largestDatagram: Int) -> Turn {
        var turn = Turn()
        lend(datagram) { stepHandshake(&turn, largestDatagram: largestDatagram) }
        return finish(turn)
    }

    /// Sends the last flight again, if OpenSSL's own clock agrees that it is time.
    func retransmit() -> Turn {
        clearErrors()
        var turn = Turn()
        if unsafe swiftlet_ssl_handle_timeout(ssl) < 0 { turn.events.append(.failed(failure())) }
        return finish(turn)
    }

    /// What is left until OpenSSL's own timer; nil if it does not run.
    var timeLeft: Duration? {
        let left = unsafe swiftlet_ssl_time_left(ssl)
        return left < 0 ? nil : .microseconds(left)
    }

    private func stepHandshake(_ turn: inout Turn, largestDatagram: Int) {
        clearErrors()
        let result = unsafe SSL_do_handshake(ssl)
        guard result == 1 else {
            if let error = error(of: result) { turn.events.append(.failed(error)) }
            return
        }
        let certificate = unsafe ports.pointee.peerCertificate
        unsafe ports.pointee.peerCertificate = []
        turn.events.append(.established(exportKeys(), peerCertificate: certificate))
        // Data may ride behind the last flight, or have overtaken it and wait inside OpenSSL.
        while readMessage(&turn, capacity: largestDatagram) {}
    }

    /// RFC 5764 §4.2: the exporter with its label and no context.
    private func exportKeys() -> KeyingMaterial? {
        // The profile belongs to OpenSSL's static table.
        guard let selected = unsafe SSL_get_selected_srtp_profile(ssl),
            let number = unsafe UInt16(exactly: selected.pointee.id),
            let profile = UseSRTPProfile(rawValue: number)
        else { return nil }
        var bytes = [UInt8](repeating: 0, count: profile.exportedLength)
        // Writes as many bytes as the array has.
        let isExported = unsafe SSL_export_keying_material(
            ssl,
            &bytes,
            bytes.count,
            exporterLabel,
            exporterLabel.utf8.count,
            nil,
            0,
            0
        )
        guard isExported == 1 else { return nil }
        let role: DTLSRole = unsafe SSL_is_server(ssl) == 1 ? .server : .client
        return KeyingMaterial(profile: number, bytes: bytes, localRole: role)
    }
}

// MARK: - Data

extension Engine {
    /// Takes a datagram once the handshake is done.
    func receive(records datagram: Span<UInt8>) -> Turn {
        var turn = Turn()
        lend(datagram) { readRemaining(&turn, capacity: datagram.count) }
        return finish(turn)
    }

    /// Takes a datagram and puts the data of its first record in its place.
    ///
    /// Whatever else comes of it is in the turn.
    func open(_ datagram: inout MutableSpan<UInt8>, length: Int) -> (opened: Int, Turn) {
        var turn = Turn()
        // OpenSSL copies the datagram before it decrypts, so both pointers may name one buffer; both
        // are given back before the closure ends.
        let opened = unsafe datagram.withUnsafeMutableBufferPointer { buffer in
            unsafe ports.pointee.input = UnsafeRawBufferPointer(
                start: buffer.baseAddress,
                count: length
            )
            defer { unsafe ports.pointee.input = nil }
            let result = unsafe read(into: buffer)
            guard result > 0 else {
                noteEnd(result, &turn)
                return 0
            }
            readRemaining(&turn, capacity: length)
            return Int(result)
        }
        return (opened, finish(turn))
    }

    /// Makes a record of `message` that leaves as one datagram.
    func send(_ message: Span<UInt8>) -> Turn {
        var turn = Turn()
        if let error = write(message) { turn.events.append(.failed(error)) }
        return finish(turn)
    }

    /// Writes a record of `message` to the start of `packet`, and returns its length.
    ///
    /// The caller has checked that it fits.
    func seal(
        _ message: Span<UInt8>,
        into packet: inout MutableSpan<UInt8>
    ) throws(DTLSError) -> Int {
        // The slot is taken back before the closure, and with it the pointer, ends.
        let error = unsafe packet.withUnsafeMutableBufferPointer { buffer in
            unsafe ports.pointee.slot = UnsafeMutableRawBufferPointer(buffer)
            unsafe ports.pointee.slotUsed = 0
            defer { unsafe ports.pointee.slot = nil }
            return write(message)
        }
        if let error { throw error }
        return unsafe ports.pointee.slotUsed
    }

    /// Sends close_notify (RFC 5246 §7.2.1).
    func close() -> Turn {
        clearErrors()
        guard restoreBuffers() else { return Turn() }
        // The result tells whether the peer has closed too, which does not matter any more.
        _ = unsafe SSL_shutdown(ssl)
        return finish(Turn())
    }

    /// Gives back the record buffers, 18 kB, until there is something to read or to write.
    ///
    /// SSL_MODE_RELEASE_BUFFERS does not do this for DTLS.
    func releaseBuffers() {
        if unsafe SSL_free_buffers(ssl) == 1 { unsafe ports.pointee.hasBuffers = false }
    }

    /// The negotiated cipher suite by its IANA name.
    var cipherSuite: String? {
        // Both are constants of OpenSSL's cipher table.
        guard let cipher = unsafe SSL_get_current_cipher(ssl),
            let name = unsafe SSL_CIPHER_standard_name(cipher)
        else { return nil }
        return unsafe String(cString: name)
    }

    private func write(_ message: Span<UInt8>) -> DTLSError? {
        clearErrors()
        guard restoreBuffers() else { return .library(.drain()) }
        // SSL_write reads `count` bytes and keeps no pointer.
        let result = unsafe message.withUnsafeBufferPointer { buffer in
            unsafe SSL_write(ssl, buffer.baseAddress, CInt(buffer.count))
        }
        return result > 0 ? nil : error(of: result) ?? .library(.drain())
    }

    /// Reads the records that are left of a datagram.
    private func readRemaining(_ turn: inout Turn, capacity: Int) {
        // Asking once more than there are records would cost a read and an allocation.
        while unsafe ports.pointee.input != nil || SSL_has_pending(ssl) == 1 {
            guard readMessage(&turn, capacity: capacity) else { return }
        }
    }

    /// Reads one record; false if there is none, or no more will come.
    private func readMessage(_ turn: inout Turn, capacity: Int) -> Bool {
        var result: CInt = 0
        // A plaintext is shorter than the datagram it came in.
        let capacity = min(max(capacity, 1), maximumPlaintext)
        // SSL_read writes at most the capacity and says how much it wrote.
        let message = unsafe [UInt8](unsafeUninitializedCapacity: capacity) { buffer, count in
            result = unsafe read(into: buffer)
            count = max(0, Int(result))
        }
        guard result <= 0 else {
            turn.events.append(.message(message))
            return true
        }
        noteEnd(result, &turn)
        return false
    }

    private func read(into buffer: UnsafeMutableBufferPointer<UInt8>) -> CInt {
        clearErrors()
        // OpenSSL makes its buffers itself when it reads.
        unsafe ports.pointee.hasBuffers = true
        return unsafe SSL_read(ssl, buffer.baseAddress, CInt(clamping: buffer.count))
    }

    /// Why nothing was read: no more input, the peer's goodbye, or a failure.
    private func noteEnd(_ result: CInt, _ turn: inout Turn) {
        if unsafe SSL_get_error(ssl, result) == SSL_ERROR_ZERO_RETURN {
            // RFC 5246 §7.2.1: answer with a close_notify of our own.
            _ = unsafe SSL_shutdown(ssl)
            turn.events.append(.peerClosed)
        } else if let error = error(of: result) {
            turn.events.append(.failed(error))
        }
    }

    /// Without buffers OpenSSL would write a record to address zero.
    private func restoreBuffers() -> Bool {
        if unsafe ports.pointee.hasBuffers { return true }
        unsafe ports.pointee.hasBuffers = SSL_alloc_buffers(ssl) == 1
        return unsafe ports.pointee.hasBuffers
    }
}

/// Empties the thread's error queue; looking first is cheaper than clearing an empty one.
private func clearErrors() {
    if ERR_peek_error() != 0 { ERR_clear_error() }
}

// MARK: - Ports and errors

extension Engine {
    private func lend(_ datagram: Span<UInt8>, _ body: () -> Void) {
        // The loan ends before the closure does, so the pointer cannot outlive the span.
        unsafe datagram.withUnsafeBufferPointer { buffer in
            unsafe ports.pointee.input = UnsafeRawBufferPointer(buffer)
            body()
            unsafe ports.pointee.input = nil
        }
    }

    private func finish(_ turn: Turn) -> Turn {
        var turn = turn
        unsafe swap(&turn.datagrams, &ports.pointee.datagrams)
        turn.timer = unsafe ports.pointee.timer.takeChange()
        return turn
    }

    /// Why a call failed; nil if it only wants more input.
    private func error(of result: CInt) -> DTLSError? {
        switch unsafe SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: nil
        default: failure()
        }
    }

    private func failure() -> DTLSError {
        let failure = OpenSSLFailure.drain()
        return unsafe ports.pointee.hasRefusedCertificate
            ? .fingerprintMismatch : DTLSError(failure)
    }
}

/// RFC 5764 §4.2.
private let exporterLabel = "EXTRACTOR-dtls_srtp"
/// RFC 5246 §6.2.1: a record's plaintext has at most 2¹⁴ bytes.
private let maximumPlaintext = 16_384
