import LinuxIO
import TLS
import TLSStreams
import Wire

/// One end of a TLS connection that keeps what happens.
actor End: TLSStreamOwner {
    enum Event: Hashable, Sendable {
        case connected
        case end
        case drained
        case closed(TLSStreamError?)
    }

    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        // `loop` is retained by this actor, so it outlives the reference.
        unsafe loop.asUnownedSerialExecutor()
    }
    /// What has happened but data, in order.
    nonisolated let events: AsyncStream<Event>
    private let sink: AsyncStream<Event>.Continuation
    private(set) var stream: TLSStream?
    private(set) var received = 0

    init(on loop: EventLoop) {
        self.loop = loop
        (events, sink) = AsyncStream.makeStream()
    }

    func connect(
        to address: SocketAddress,
        as name: String,
        trust: TLSTrust,
        configuration: TLSConfiguration = .init()
    ) throws {
        stream = try TLSStream.connect(
            to: address,
            server: TLSServerName(name),
            trust: trust,
            configuration: configuration,
            on: loop,
            owner: self
        )
    }

    func adopt(_ stream: TLSStream, isReading: Bool) {
        self.stream = stream
        if !isReading { stream.pauseReading() }
        stream.start(owner: self)
    }

    func use<Value: Sendable>(_ body: @Sendable (TLSStream) -> Value) -> Value? {
        stream.map { body($0) }
    }

    nonisolated func connected(_: TLSStream, _: TLSSession) { sink.yield(.connected) }
    nonisolated func received(_ bytes: [UInt8], on _: TLSStream) {
        assumeIsolated { $0.received += bytes.count }
    }
    nonisolated func receivedEnd(on stream: TLSStream) {
        sink.yield(.end)
        stream.closeAfterFlush()
    }
    nonisolated func drained(_: TLSStream) { sink.yield(.drained) }
    nonisolated func closed(_: TLSStream, error: TLSStreamError?) { sink.yield(.closed(error)) }

    /// Waits for `event`, and returns what came before it.
    nonisolated func events(before event: Event) async -> [Event] {
        var seen: [Event] = []
        for await next in events {
            if next == event { break }
            seen.append(next)
        }
        return seen
    }

    /// Waits for the end, and returns why it came.
    nonisolated func end() async -> TLSStreamError? {
        for await case .closed(let error) in events { return error }
        return nil
    }

    /// Waits until `count` bytes have come.
    func wait(for count: Int) async { while received < count { await Task.yield() } }
}

/// Accepts TCP connections, and gives them to whoever wants to play the server.
actor Door: TCPListenerOwner, TCPStreamOwner {
    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        // `loop` is retained by this actor, so it outlives the reference.
        unsafe loop.asUnownedSerialExecutor()
    }
    private let identity: TLSIdentity
    private let server: End
    /// Whether the server reads from the start.
    private let isReading: Bool
    /// Whether connections are cut after the first bytes.
    private let cuts: Bool
    private var listener: TCPListener?
    private var kept: TCPStream?

    init(
        on loop: EventLoop,
        identity: TLSIdentity,
        for server: End,
        isReading: Bool = true,
        cuts: Bool = false
    ) {
        self.loop = loop
        self.identity = identity
        self.server = server
        self.isReading = isReading
        self.cuts = cuts
    }

    func open() throws -> SocketAddress {
        let wanted = SocketAddress(.loopback4, port: 0)
        let listener = try TCPListener.bind(to: wanted, on: loop, owner: self)
        self.listener = listener
        return listener.localAddress
    }

    nonisolated func accepted(_ stream: TCPStream, by _: TCPListener) {
        assumeIsolated { $0.admit(stream) }
    }

    private func admit(_ stream: TCPStream) {
        guard !cuts else {
            kept = stream
            return stream.start(owner: self)
        }
        guard let secure = try? TLSStream.accept(stream, identity: identity) else { return }
        server.assumeIsolated { $0.adopt(secure, isReading: isReading) }
    }

    nonisolated func received(_: [UInt8], on stream: TCPStream) { stream.closeAfterFlush() }
    nonisolated func closed(_: TCPStream, error _: SystemError?) {}
}
