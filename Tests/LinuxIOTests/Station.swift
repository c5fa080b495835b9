import LinuxIO
import Wire

/// A datagram socket with an actor on its loop that keeps what arrives.
actor Station: DatagramOwner {
    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        // `loop` is retained by this actor, so it outlives the reference.
        unsafe loop.asUnownedSerialExecutor()
    }
    /// What has arrived, in order.
    nonisolated let arrivals: AsyncStream<Datagram>
    private let sink: AsyncStream<Datagram>.Continuation
    private(set) var socket: UDPSocket?
    /// What to do with each datagram before it is kept.
    var change: (@Sendable (inout MutableSpan<UInt8>) -> Void)?
    var closesAtFirst = false

    init(on loop: EventLoop) {
        self.loop = loop
        (arrivals, sink) = AsyncStream.makeStream()
    }

    /// Binds to a free port and returns the address.
    func open(
        _ address: IPAddress = .loopback4,
        options: UDPSocketOptions = .init()
    ) throws(SystemError) -> SocketAddress {
        let wanted = SocketAddress(address, port: 0)
        let socket = try UDPSocket.bind(to: wanted, on: loop, options: options, owner: self)
        self.socket = socket
        return socket.localAddress
    }

    nonisolated func readable(_ socket: UDPSocket) {
        assumeIsolated { $0.collect(from: socket) }
    }

    private func collect(from socket: UDPSocket) {
        socket.receive { datagram, source in
            change?(&datagram)
            if closesAtFirst { socket.close() }
            sink.yield(
                Datagram(
                    from: source,
                    to: socket.localAddress,
                    payload: [UInt8](copying: datagram.span)
                )
            )
        }
    }

    func send(_ payloads: [[UInt8]], to destination: SocketAddress) {
        guard let socket else { return }
        var batch = DatagramBatch()
        for payload in payloads {
            batch.append(
                Datagram(from: socket.localAddress, to: destination, payload: payload)
            )
        }
        socket.send(&batch)
    }

    func setChange(_ change: @escaping @Sendable (inout MutableSpan<UInt8>) -> Void) {
        self.change = change
    }

    func closeAtFirst() { closesAtFirst = true }

    /// Reads nothing until `body` has returned, since it holds the loop.
    func hold<Value: Sendable>(
        _ body: @Sendable (isolated Station) throws -> Value
    ) rethrows -> Value {
        try body(self)
    }

    var statistics: UDPSocketStatistics { socket?.statistics ?? UDPSocketStatistics() }

    func close() {
        socket?.close()
        socket = nil
    }

    /// The next `count` datagrams.
    nonisolated func next(_ count: Int) async -> [Datagram] {
        var datagrams: [Datagram] = []
        guard count > 0 else { return [] }
        for await datagram in arrivals {
            datagrams.append(datagram)
            if datagrams.count == count { break }
        }
        return datagrams
    }
}

/// Runs `body` with a loop that is stopped afterwards.
func withLoop<Value: Sendable>(
    _ body: (EventLoop) async throws -> Value
) async throws -> Value {
    let loop = try EventLoop(name: "test")
    do {
        let value = try await body(loop)
        await loop.stop()
        return value
    } catch {
        await loop.stop()
        throw error
    }
}

extension EventLoop {
    /// Runs `body` on this loop and returns its value.
    func run<Value: Sendable>(_ body: @escaping @Sendable () -> Value) async -> Value {
        await withCheckedContinuation { continuation in
            execute { continuation.resume(returning: body()) }
        }
    }
}

extension EventLoop {
    /// Waits on the loop's own timer: `Task.sleep` may want a descriptor, and there may be none.
    func pause(for duration: Duration) async {
        let shared = Shared(Guarded<LoopTimer?>(nil))
        await withCheckedContinuation { continuation in
            execute { [self] in
                let timer = LoopTimer(on: self) { continuation.resume() }
                shared.value.withLock { $0 = timer }
                timer.set(now.advanced(by: duration))
            }
        }
        await run { shared.value.withLock { $0 = nil } }
    }
}

/// The descriptors of this process, for tests that have the process for themselves.
func countDescriptors() -> Int {
    (0..<20_000).filter { descriptorIsOpen($0) }.count
}
