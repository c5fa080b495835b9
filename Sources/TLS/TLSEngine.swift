import COpenSSL
import Wire

/// One `SSL` between two memory BIOs, and its ``TLSNotes``; frees all, and cannot be copied, so
/// cannot be freed twice.
///
/// Every call empties the thread's error queue first: OpenSSL takes a leftover of somebody else's
/// for a failure of this connection.
@safe
struct TLSEngine: ~Copyable, Sendable {
    // Owned by this value alone, which one thread at a time uses.
    nonisolated(unsafe) private let ssl: OpaquePointer
    /// What came from the peer and OpenSSL has not read, and what it wrote; the SSL owns both.
    nonisolated(unsafe) private let inbound: OpaquePointer
    nonisolated(unsafe) private let outbound: OpaquePointer
    nonisolated(unsafe) private let notes: UnsafeMutablePointer<TLSNotes>

    /// What came of one input, in the order it must reach the outside.
    struct Turn {
        var bytes: [UInt8] = []
        var events: [Event] = []
    }

    enum Event {
        case established(TLSSession)
        case data([UInt8])
        case peerClosed
        case failed(TLSError)
    }

    /// A client that will accept only the server of that name.
    static func client(
        for name: TLSServerName,
        trust: TLSTrust,
        configuration: TLSConfiguration
    ) throws(TLSError) -> TLSEngine {
        guard let context = trust.context else { throw .library(.drain()) }
        let engine = try make(context, expecting: name, protocols: [])
        try engine.expect(name, trust, configuration)
        return engine
    }

    /// A server that shows `identity`.
    static func server(
        _ identity: TLSIdentity,
        configuration: TLSConfiguration
    ) throws(TLSError) -> TLSEngine {
        guard let list = configuration.protocolList else { throw .invalidApplicationProtocol }
        let engine = try make(identity.context, expecting: nil, protocols: list)
        unsafe SSL_set_accept_state(engine.ssl)
        return engine
    }

    private static func make(
        _ context: TLSContext,
        expecting name: TLSServerName?,
        protocols: [UInt8]
    ) throws(TLSError) -> TLSEngine {
        ERR_clear_error()
        guard let ssl = unsafe SSL_new(context.pointer) else { throw .library(.drain()) }
        guard let inbound = unsafe BIO_new(BIO_s_mem()), let outbound = unsafe BIO_new(BIO_s_mem())
        else {
            // Nothing else refers to the SSL; a lost BIO of no bytes is all that may stay.
            unsafe SSL_free(ssl)
            throw .library(.drain())
        }
        let engine = unsafe TLSEngine(
            owning: ssl,
            inbound,
            outbound,
            TLSNotes(protocols: protocols, expected: name)
        )
        guard unsafe SSL_set_ex_data(ssl, notesIndex, engine.notes) == 1 else {
            throw .library(.drain())
        }
        return engine
    }

    private init(
        owning ssl: OpaquePointer,
        _ inbound: OpaquePointer,
        _ outbound: OpaquePointer,
        _ notes: TLSNotes
    ) {
        // The SSL takes over the single reference to each BIO.
        unsafe SSL_set_bio(ssl, inbound, outbound)
        unsafe self.ssl = ssl
        unsafe self.inbound = inbound
        unsafe self.outbound = outbound
        unsafe self.notes = UnsafeMutablePointer<TLSNotes>.allocate(capacity: 1)
        unsafe self.notes.initialize(to: notes)
    }

    deinit {
        // The SSL goes first: its callbacks may look at the notes.
        unsafe SSL_free(ssl)
        unsafe notes.deinitialize(count: 1)
        unsafe notes.deallocate()
    }

    private func expect(
        _ name: TLSServerName,
        _ trust: TLSTrust,
        _ configuration: TLSConfiguration
    ) throws(TLSError) {
        guard let list = configuration.protocolList else { throw .invalidApplicationProtocol }
        unsafe SSL_set_connect_state(ssl)
        unsafe SSL_set_verify(ssl, trust.verifies ? SSL_VERIFY_PEER : SSL_VERIFY_NONE) {
            unsafe noteVerification($0, $1)
        }
        // This function alone returns 0 for success; it copies the list.
        guard unsafe list.isEmpty || SSL_set_alpn_protos(ssl, list, CUnsignedInt(list.count)) == 0,
            let parameters = unsafe SSL_get0_param(ssl)
        else { throw .library(.drain()) }
        if let date = configuration.date {
            unsafe X509_VERIFY_PARAM_set_time(parameters, Int(date))
        }
        unsafe X509_VERIFY_PARAM_set_depth(parameters, maximumDepth)
        // RFC 9525 §6.3: `*` stands for a whole label, and the common name counts for nothing.
        unsafe X509_VERIFY_PARAM_set_hostflags(
            parameters,
            CUnsignedInt(X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS | X509_CHECK_FLAG_NEVER_CHECK_SUBJECT)
        )
        let isSet: Bool
        if let address = name.address?.bytes {
            // RFC 6066 §3: an address is not told to the server.
            isSet = unsafe X509_VERIFY_PARAM_set1_ip(parameters, address, address.count) == 1
        } else {
            isSet =
                unsafe X509_VERIFY_PARAM_set1_host(parameters, name.text, name.text.utf8.count) == 1
                && swiftlet_ssl_set_server_name(ssl, name.text) == 1
        }
        guard isSet else { throw .library(.drain()) }
    }
}

// MARK: - Calls

extension TLSEngine {
    /// Starts the handshake: a client's hello leaves.
    func start() -> Turn {
        var turn = Turn()
        stepHandshake(&turn)
        return finish(turn)
    }

    /// Takes bytes while the handshake runs.
    func receive(handshake bytes: Span<UInt8>) -> Turn {
        var turn = Turn()
        if take(bytes, &turn) { stepHandshake(&turn) }
        return finish(turn)
    }

    /// Takes bytes once the handshake is done.
    func receive(records bytes: Span<UInt8>) -> Turn {
        var turn = Turn()
        if take(bytes, &turn) { readRecords(&turn) }
        return finish(turn)
    }

    /// Encrypts all of `data`.
    func send(_ data: Span<UInt8>) -> Turn {
        ERR_clear_error()
        var turn = Turn()
        var sent = 0
        while sent < data.count {
            let part = data.extracting(sent..<min(sent + maximumWrite, data.count))
            // SSL_write reads `count` bytes and keeps no pointer; a memory BIO takes them all.
            let result = unsafe part.withUnsafeBufferPointer { buffer in
                unsafe SSL_write(ssl, buffer.baseAddress, CInt(buffer.count))
            }
            guard result > 0 else {
                turn.events.append(.failed(failure()))
                break
            }
            sent += Int(result)
        }
        return finish(turn)
    }

    /// Sends close_notify (RFC 8446 §6.1).
    func close() -> Turn {
        ERR_clear_error()
        // The result tells whether the peer has closed too, which does not matter any more.
        _ = unsafe SSL_shutdown(ssl)
        return finish(Turn())
    }

    private func take(_ bytes: Span<UInt8>, _ turn: inout Turn) -> Bool {
        ERR_clear_error()
        guard !bytes.isEmpty else { return true }
        // The BIO copies the bytes.
        let taken = unsafe bytes.withUnsafeBufferPointer { buffer in
            unsafe BIO_write(inbound, buffer.baseAddress, CInt(clamping: buffer.count))
        }
        guard Int(taken) == bytes.count else {
            turn.events.append(.failed(.library(.drain())))
            return false
        }
        return true
    }

    private func stepHandshake(_ turn: inout Turn) {
        ERR_clear_error()
        let result = unsafe SSL_do_handshake(ssl)
        guard result == 1 else {
            if let error = error(of: result) { turn.events.append(.failed(error)) }
            return
        }
        turn.events.append(.established(session))
        // Data may ride behind the last flight.
        readRecords(&turn)
    }

    private func readRecords(_ turn: inout Turn) {
        while true {
            ERR_clear_error()
            var result: CInt = 0
            // A call brings at most one record; SSL_read says how much it wrote.
            let data = unsafe [UInt8](unsafeUninitializedCapacity: maximumPlaintext) {
                buffer,
                count in
                result = unsafe SSL_read(ssl, buffer.baseAddress, CInt(buffer.count))
                count = max(0, Int(result))
            }
            guard result <= 0 else {
                turn.events.append(.data(data))
                continue
            }
            if unsafe SSL_get_error(ssl, result) == SSL_ERROR_ZERO_RETURN {
                // RFC 5246 §7.2.1: answer with a close_notify of our own.
                _ = unsafe SSL_shutdown(ssl)
                turn.events.append(.peerClosed)
            } else if let error = error(of: result) {
                turn.events.append(.failed(error))
            }
            return
        }
    }

    private func finish(_ turn: Turn) -> Turn {
        var turn = turn
        turn.bytes = unsafe drained(outbound)
        return turn
    }
}

// MARK: - Results

extension TLSEngine {
    private var session: TLSSession {
        // All strings are constants of OpenSSL's tables or belong to the SSL, and are copied.
        let cipher = unsafe SSL_get_current_cipher(ssl).flatMap {
            unsafe SSL_CIPHER_standard_name($0)
        }
        var start: UnsafePointer<UInt8>?
        var length: CUnsignedInt = 0
        unsafe SSL_get0_alpn_selected(ssl, &start, &length)
        let chosen = unsafe UnsafeBufferPointer(start: start, count: Int(length))
        var requested: TLSServerName?
        if unsafe SSL_is_server(ssl) == 1,
            let name = unsafe SSL_get_servername(ssl, TLSEXT_NAMETYPE_host_name)
        {
            requested = TLSServerName(hostName: unsafe Array(String(cString: name).utf8))
        }
        return unsafe TLSSession(
            version: SSL_version(ssl) == TLS1_2_VERSION ? .tls12 : .tls13,
            cipherSuite: cipher.map { unsafe String(cString: $0) } ?? "",
            applicationProtocol: chosen.isEmpty ? nil : String(decoding: chosen, as: UTF8.self),
            requestedName: requested
        )
    }

    /// Why a call failed; nil if it only wants more input.
    private func error(of result: CInt) -> TLSError? {
        switch unsafe SSL_get_error(ssl, result) {
        case SSL_ERROR_WANT_READ, SSL_ERROR_WANT_WRITE: nil
        default: failure()
        }
    }

    private func failure() -> TLSError {
        let failure = TLSLibraryFailure.drain()
        return unsafe notes.pointee.refusal ?? TLSError(failure)
    }
}

/// RFC 8446 §5.1: a record's plaintext has at most 2¹⁴ bytes.
private let maximumPlaintext = 16_384
private let maximumWrite = 1 << 20
/// Chains of public authorities have two or three certificates.
private let maximumDepth: CInt = 10
