public import LinuxIO
public import TLS
public import Wire

/// Who is told what happens on a ``TLSStream``, always on the stream's loop.
public protocol TLSStreamOwner: AnyObject, Sendable {
    /// The handshake is done; a client has verified the server.
    nonisolated func connected(_ stream: TLSStream, _ session: TLSSession)

    /// The next data have arrived.
    nonisolated func received(_ bytes: [UInt8], on stream: TLSStream)

    /// The peer has said goodbye: it sends nothing more, and reads nothing more.
    ///
    /// Unless implemented, the stream closes.
    nonisolated func receivedEnd(on stream: TLSStream)

    /// All queued bytes have gone to the kernel, after some could not go at once.
    nonisolated func drained(_ stream: TLSStream)

    /// The stream is closed: by an error, or (nil) because both sides have finished.
    ///
    /// The last call; it does not come after ``TLSStream/close()``.
    nonisolated func closed(_ stream: TLSStream, error: TLSStreamError?)
}

extension TLSStreamOwner {
    public nonisolated func connected(_ stream: TLSStream, _ session: TLSSession) {}
    public nonisolated func receivedEnd(on stream: TLSStream) { stream.closeAfterFlush() }
    public nonisolated func drained(_ stream: TLSStream) {}
}

/// A TLS connection over TCP that never blocks, on an event loop.
///
/// ```swift
/// let stream = try TLSStream.connect(
///     to: address,
///     server: TLSServerName("turn.example.org"),
///     trust: .system,
///     on: loop,
///     owner: self
/// )
/// stream.send(request)        // encrypted once the server is verified
/// ```
///
/// It holds its owner weakly, and is closed when the last reference to it goes away. All members are
/// for the loop only.
public final class TLSStream: Sendable {
    /// The loop it lives on.
    public let loop: EventLoop
    /// The address of this end.
    public let localAddress: SocketAddress
    /// The address of the other end.
    public let remoteAddress: SocketAddress

    /// Touched on the loop only, except in `deinit`, when nobody else has a reference.
    private nonisolated(unsafe) var state: State

    private struct State: ~Copyable {
        var machine: TLSConnection
        var transport: TCPStream?
        weak var owner: (any TLSStreamOwner)?
        var client: LoopClientID?
        /// Outputs are being carried out: what the owner does meanwhile only adds to them.
        var isDraining = false
        /// The transport ends once everything has been handed to it.
        var isEnding = false
    }

    /// Starts to connect to the server of that name; what comes of it is told to `owner`.
    ///
    /// It leaves from `source`, or else from the address that the system's routes choose.
    public static func connect(
        to address: SocketAddress,
        from source: IPAddress? = nil,
        server name: TLSServerName,
        trust: TLSTrust,
        configuration: TLSConfiguration = .init(),
        on loop: EventLoop,
        owner: any TLSStreamOwner
    ) throws(TLSStreamError) -> TLSStream {
        let machine = try made { () throws(TLSError) in
            try TLSConnection(client: name, trust: trust, configuration: configuration)
        }
        // The stream must exist before the transport, whose owner it is.
        let relay = Relay()
        do throws(SystemError) {
            let transport = try TCPStream.connect(
                to: address,
                from: source,
                on: loop,
                owner: relay
            )
            let stream = TLSStream(machine, transport, relay)
            unsafe stream.state.owner = owner
            return stream
        } catch {
            throw .transport(error)
        }
    }

    /// Takes over a stream that a listener has accepted and that was not started.
    ///
    /// Call ``start(owner:)`` afterwards.
    public static func accept(
        _ transport: TCPStream,
        identity: TLSIdentity,
        configuration: TLSConfiguration = .init()
    ) throws(TLSStreamError) -> TLSStream {
        let machine = try made { () throws(TLSError) in
            try TLSConnection(server: identity, configuration: configuration)
        }
        return TLSStream(machine, transport, Relay())
    }

    private let relay: Relay

    private init(_ machine: consuming TLSConnection, _ transport: TCPStream, _ relay: Relay) {
        loop = transport.loop
        localAddress = transport.localAddress
        remoteAddress = transport.remoteAddress
        self.relay = relay
        unsafe state = State(machine: machine, transport: transport)
        unsafe state.client = loop.register(self)
        unsafe relay.stream = self
    }

    deinit {
        if let client = unsafe state.client { loop.unregister(client) }
    }

    /// Begins the handshake on an accepted stream; `owner` is told from now on.
    public func start(owner: any TLSStreamOwner) {
        loop.checkOnLoop()
        unsafe state.owner = owner
        unsafe state.transport?.start(owner: relay)
        drive { $0.start(at: $1) }
    }
}

// MARK: - Sending and closing

extension TLSStream {
    /// Encrypted bytes that the kernel has not taken yet.
    ///
    /// Stop sending while there are too many, until ``TLSStreamOwner/drained(_:)``.
    public var queuedBytes: Int { unsafe state.transport?.queuedBytes ?? 0 }

    /// Sends `bytes`; they wait for the handshake, and do nothing after the end.
    ///
    /// More than `TLSConfiguration.maximumEarlyData` before the handshake is done end the stream.
    public func send(_ bytes: [UInt8]) {
        var failure: TLSError?
        drive { machine, now in
            guard !machine.hasEnded else { return }
            do throws(TLSError) {
                try machine.send(bytes.span, at: now)
            } catch {
                failure = error
            }
        }
        if let failure { end(.tls(failure)) }
    }

    /// Takes nothing more from the peer, so that it has to slow down.
    public func pauseReading() { unsafe state.transport?.pauseReading() }

    /// Reads again after ``pauseReading()``.
    public func resumeReading() { unsafe state.transport?.resumeReading() }

    /// Says goodbye, sends what is queued, waits for the peer to finish (five seconds at most), and
    /// closes.
    public func closeAfterFlush() {
        unsafe state.isEnding = true
        drive { $0.close(at: $1) }
    }

    /// Closes at once, dropping what is queued; closing again does nothing.
    ///
    /// The owner is not told.
    public func close() {
        loop.checkOnLoop()
        unsafe state.owner = nil
        unsafe state.transport?.close()
        release()
    }

    private func release() {
        unsafe state.transport = nil
        if let client = unsafe state.client { loop.unregister(client) }
        unsafe state.client = nil
    }

    /// Closes and tells the owner; what is queued still leaves, such as an alert.
    private func end(_ error: TLSStreamError?) {
        guard unsafe state.transport != nil else { return }
        let owner = unsafe state.owner
        unsafe state.transport?.closeAfterFlush()
        unsafe state.owner = nil
        release()
        owner?.closed(self, error: error)
    }

    /// The only way in: one input, then every output, then the next deadline.
    private func drive(_ input: (inout TLSConnection, Instant) -> Void) {
        loop.checkOnLoop()
        unsafe input(&state.machine, loop.now)
        guard unsafe !state.isDraining else { return }
        unsafe state.isDraining = true
        while let output = unsafe state.machine.popOutput() { carryOut(output) }
        unsafe state.isDraining = false
        if let client = unsafe state.client {
            loop.setDeadline(unsafe state.machine.deadline, for: client)
        }
        if unsafe state.isEnding { unsafe state.transport?.closeAfterFlush() }
    }

    private func carryOut(_ output: TLSConnection.Output) {
        switch output {
        case .transmit(let bytes): unsafe state.transport?.send(bytes)
        case .connected(let session): unsafe state.owner?.connected(self, session)
        case .received(let bytes): unsafe state.owner?.received(bytes, on: self)
        case .closed:
            guard let owner = unsafe state.owner else { return end(nil) }
            owner.receivedEnd(on: self)
        case .failed(let error): end(.tls(error))
        }
    }
}

// MARK: - What happens on the transport

extension TLSStream: LoopClient {
    public nonisolated func deadlinePassed() { drive { $0.advance(to: $1) } }

    public nonisolated func signalled() {}

    fileprivate func transportConnected() { drive { $0.start(at: $1) } }

    fileprivate func transportReceived(_ bytes: [UInt8]) {
        drive { $0.receive(bytes.span, at: $1) }
    }

    fileprivate func transportEnded() {
        unsafe state.isEnding = true
        drive { $0.transportClosed(at: $1) }
    }

    fileprivate func transportDrained() { unsafe state.owner?.drained(self) }

    fileprivate func transportClosed(_ error: SystemError?) {
        if let error { return end(.transport(error)) }
        drive { $0.transportClosed(at: $1) }
        end(nil)
    }
}

/// The transport's owner: exists before the stream, and passes everything on to it.
private final class Relay: TCPStreamOwner {
    /// Set once, before anything happens on the transport; read on the loop.
    nonisolated(unsafe) weak var stream: TLSStream?

    nonisolated func connected(_: TCPStream) { unsafe stream?.transportConnected() }
    nonisolated func received(_ bytes: [UInt8], on _: TCPStream) {
        unsafe stream?.transportReceived(bytes)
    }
    nonisolated func receivedEnd(on transport: TCPStream) {
        guard let stream = unsafe stream else { return transport.closeAfterFlush() }
        stream.transportEnded()
    }
    nonisolated func drained(_: TCPStream) { unsafe stream?.transportDrained() }
    nonisolated func closed(_: TCPStream, error: SystemError?) {
        unsafe stream?.transportClosed(error)
    }
}

extension EventLoop {
    fileprivate func checkOnLoop() {
        precondition(isCurrent, "a TLS stream is for its loop only")
    }
}

private func made(
    _ body: () throws(TLSError) -> TLSConnection
) throws(TLSStreamError) -> TLSConnection {
    do throws(TLSError) {
        return try body()
    } catch {
        throw .tls(error)
    }
}

/// Why a ``TLSStream`` could not be made, or ended.
public enum TLSStreamError: Error, Hashable, Sendable {
    /// TLS: the server is not who it should be, the protocol was broken, the peer went without a
    /// goodbye.
    case tls(TLSError)
    /// TCP: nobody is there, or the connection was lost.
    case transport(SystemError)
}

extension TLSStreamError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .tls(let error): "\(error)"
        case .transport(let error): "\(error)"
        }
    }
}
