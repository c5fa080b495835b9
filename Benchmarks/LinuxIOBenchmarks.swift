import CBenchmarking
import LinuxIO
import Wire

/// Datagrams of 1200 bytes a second over loopback, both ends on one running loop.
///
/// Per second of the loop's own processor time, as `Peers/limits.c` counts its one-thread lines:
/// the goal is 80 % of those, and they are what to read these figures against.
let linuxIOBenchmarks = [
    udpBenchmark("linuxio/udp-1200B-single-32", count: 32, .single),
    udpBenchmark("linuxio/udp-1200B-batch-32", count: 32, .batch),
    udpBenchmark("linuxio/udp-1200B-segments-48", count: 48, .segments),
    udpBenchmark("linuxio/udp-1200B-segments-48-written", count: 48, .writtenSegments),
    Benchmark("linuxio/job-from-another-thread", unit: "ns", samples: 5) {
        try await withBenchmarkLoop { loop in
            let clock = ContinuousClock()
            let time = await clock.measure {
                for _ in 0..<100_000 { loop.execute {} }
                await withCheckedContinuation { continuation in
                    loop.execute { continuation.resume() }
                }
            }
            return Double(time.nanoseconds) / 100_000
        }
    },
]

private func udpBenchmark(_ name: String, count: Int, _ mode: Flood.Mode) -> Benchmark {
    Benchmark(name, unit: "packets/s", samples: 5) {
        try await withBenchmarkLoop { loop in
            let flood = Flood(on: loop, count: count, mode)
            try await flood.open()
            return await flood.run()
        }
    }
}

private func withBenchmarkLoop(
    _ body: (EventLoop) async throws -> Double
) async throws -> Double {
    let loop = try EventLoop(name: "benchmark")
    do {
        let value = try await body(loop)
        await loop.stop()
        return value
    } catch {
        await loop.stop()
        throw error
    }
}

/// Sends a burst, receives it, sends the next.
private actor Flood: DatagramOwner {
    enum Mode {
        /// One call a datagram.
        case single
        /// One call a burst, the datagrams apart.
        case batch
        /// One call a burst, the datagrams together.
        case segments
        /// The same, each datagram copied into the batch first.
        case writtenSegments
    }

    private nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        // `loop` is retained by this actor, so it outlives the reference.
        unsafe loop.asUnownedSerialExecutor()
    }
    private let mode: Mode
    private let count: Int
    private let payload = [UInt8](repeating: 7, count: 1_200)
    private var sockets: (sender: UDPSocket, receiver: UDPSocket)?
    private var batch = DatagramBatch()
    private var received = 0
    private var start: Int64 = 0
    private var waiter: CheckedContinuation<Double, Never>?

    init(on loop: EventLoop, count: Int, _ mode: Mode) {
        self.loop = loop
        self.count = count
        self.mode = mode
    }

    func open() throws {
        var options = UDPSocketOptions()
        switch mode {
        case .single, .batch: options.segmentsSent = false
        case .segments, .writtenSegments: break
        }
        let any = SocketAddress(.loopback4, port: 0)
        let sender = try UDPSocket.bind(to: any, on: loop, options: options, owner: self)
        let receiver = try UDPSocket.bind(to: any, on: loop, options: options, owner: self)
        sockets = (sender, receiver)
        let payload = payload
        for _ in 0..<count {
            batch.append(
                from: sender.localAddress,
                to: receiver.localAddress,
                copying: payload.span
            )
        }
    }

    /// Packets a second of the loop's processor time.
    func run() async -> Double {
        start = Int64(benchmark_thread_time())
        return await withCheckedContinuation { continuation in
            waiter = continuation
            send()
        }
    }

    nonisolated func readable(_ socket: UDPSocket) {
        assumeIsolated { $0.collect(from: socket) }
    }

    private func collect(from socket: UDPSocket) {
        var arrived = 0
        socket.receive { datagram, _ in arrived += datagram.count / 1_200 }
        received += arrived
        guard received.isMultiple(of: count) else { return }
        // This clock is a system call.
        guard received.isMultiple(of: 64 * count) else { return send() }
        let elapsed = Int64(benchmark_thread_time()) - start
        guard elapsed < 300_000_000 else { return finish(after: elapsed) }
        send()
    }

    private func finish(after elapsed: Int64) {
        waiter?.resume(returning: Double(received) / Double(elapsed) * 1e9)
        waiter = nil
        sockets?.sender.close()
        sockets?.receiver.close()
    }

    private func send() {
        guard let (sender, receiver) = sockets else { return }
        let payload = payload
        switch mode {
        case .single:
            for _ in 0..<count { sender.send(payload.span, to: receiver.localAddress) }
        case .batch, .segments: sender.send(from: batch)
        case .writtenSegments:
            loop.withBatch { batch in
                for _ in 0..<count {
                    batch.append(
                        from: sender.localAddress,
                        to: receiver.localAddress,
                        copying: payload.span
                    )
                }
                sender.send(from: batch)
            }
        }
    }
}
