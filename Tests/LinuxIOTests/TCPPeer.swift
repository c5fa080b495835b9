import LinuxIO
import Wire

/// A stream with an actor on its loop that keeps what happens.
actor TCPPeer: TCPStreamOwner {
    enum Event: Hashable, Sendable {
        case connected
        case received([UInt8])
        case end
        case drained
        case closed(String?)
    }

    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        // `loop` is retained by this actor, so it outlives the reference.
        unsafe loop.asUnownedSerialExecutor()
    }
    /// What has happened, in order.
    nonisolated let events: AsyncStream<Event>
    private let sink: AsyncStream<Event>.Continuation
    private(set) var stream: TCPStream?
    private let answersEnd: Bool

    /// With `answersEnd` the peer's end is only noted, so that this end can go on sending.
    init(on loop: EventLoop, answersEnd: Bool = false) {
        self.loop = loop
        self.answersEnd = answersEnd
        (events, sink) = AsyncStream.makeStream()
    }

    func connect(
        to address: SocketAddress,
        from source: IPAddress? = nil
    ) throws(SystemError) {
        stream = try TCPStream.connect(to: address, from: source, on: loop, owner: self)
    }

    /// Connects, and forbids the process new descriptors before the loop can accept.
    func connectWithoutDescriptorsLeft(to address: SocketAddress) throws(SystemError) {
        try connect(to: address)
        limitDescriptors(to: 3)
    }

    func adopt(_ stream: TCPStream, isReading: Bool = true) {
        self.stream = stream
        if !isReading { stream.pauseReading() }
        stream.start(owner: self)
    }

    func use<Value: Sendable>(_ body: @Sendable (TCPStream) -> Value) -> Value? {
        stream.map { body($0) }
    }

    func drop() { stream = nil }

    nonisolated func connected(_ stream: TCPStream) { sink.yield(.connected) }
    nonisolated func received(_ bytes: [UInt8], on stream: TCPStream) {
        sink.yield(.received(bytes))
    }
    nonisolated func receivedEnd(on stream: TCPStream) {
        sink.yield(.end)
        if !answersEnd { stream.closeAfterFlush() }
    }
    nonisolated func drained(_ stream: TCPStream) { sink.yield(.drained) }
    nonisolated func closed(_ stream: TCPStream, error: SystemError?) {
        sink.yield(.closed(error?.name))
    }

    /// The events up to and with the first that `isLast` accepts.
    nonisolated func events(through isLast: (Event) -> Bool) async -> [Event] {
        var seen: [Event] = []
        for await event in events {
            seen.append(event)
            if isLast(event) { break }
        }
        return seen
    }

    /// The next `count` bytes received.
    nonisolated func bytes(_ count: Int) async -> [UInt8] {
        var bytes: [UInt8] = []
        for await event in events {
            if case .received(let more) = event { bytes += more }
            if bytes.count >= count { break }
        }
        return bytes
    }
}

/// A listener that hands each stream to a new peer.
actor Greeter: TCPListenerOwner {
    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        // `loop` is retained by this actor, so it outlives the reference.
        unsafe loop.asUnownedSerialExecutor()
    }
    nonisolated let peers: AsyncStream<TCPPeer>
    private let sink: AsyncStream<TCPPeer>.Continuation
    private(set) var listener: TCPListener?
    private let startsReading: Bool
    private let answersEnd: Bool

    init(on loop: EventLoop, startsReading: Bool = true, answersEnd: Bool = false) {
        self.loop = loop
        self.startsReading = startsReading
        self.answersEnd = answersEnd
        (peers, sink) = AsyncStream.makeStream()
    }

    func open(_ address: IPAddress = .loopback4) throws(SystemError) -> SocketAddress {
        let wanted = SocketAddress(address, port: 0)
        let listener = try TCPListener.bind(to: wanted, on: loop, owner: self)
        self.listener = listener
        return listener.localAddress
    }

    func close() { listener?.close() }

    var lastError: SystemError? { listener?.lastError }

    nonisolated func accepted(_ stream: TCPStream, by listener: TCPListener) {
        let peer = TCPPeer(on: loop, answersEnd: answersEnd)
        let startsReading = startsReading
        peer.assumeIsolated { $0.adopt(stream, isReading: startsReading) }
        sink.yield(peer)
    }

    nonisolated func next() async -> TCPPeer? {
        for await peer in peers { return peer }
        return nil
    }
}
