import CBenchmarking
import ICE
import LinuxIO
import Peer
import Wire

/// One socket on one loop that serves a town: what the loop's thread needs of a core for the consent
/// checks of all, the system's part included.
///
/// Only when asked for by name: to connect them all takes a while.
let sharedPortBenchmarks = [
    Benchmark(
        "ice/shared-port-10000",
        unit: "% core",
        samples: 1,
        goal: .atMost(15),
        isSlow: true
    ) {
        let (port, town) = (
            AgentHost(on: try EventLoop(name: "port"), .controlled, count: 10_000),
            AgentHost(on: try EventLoop(name: "town"), .controlling, count: 10_000)
        )
        let result = try await measure(port, town)
        await port.loop.stop()
        await town.loop.stop()
        return result
    }
]

private func measure(_ port: AgentHost, _ town: AgentHost) async throws -> Double {
    try await port.open(sockets: 1)
    try await town.open(sockets: port.count)
    // Not all at once: nobody's receive buffer holds ten thousand checks.
    for start in stride(from: 0, to: port.count, by: 250) {
        let range = start..<min(start + 250, port.count)
        let (ours, theirs) = (await port.ends(range), await town.ends(range))
        await port.connect(range, to: theirs)
        await town.connect(range, to: ours)
        for _ in 0..<1_000 where await !port.isConnected(range) {
            try await Task.sleep(for: .milliseconds(5))
        }
    }
    // Until the checks of all are spread over their five seconds.
    try await Task.sleep(for: .seconds(10))
    let clock = ContinuousClock()
    let (began, start) = (clock.now, await port.meter)
    try await Task.sleep(for: .seconds(10))
    let (time, end) = (began.duration(to: clock.now), await port.meter)
    guard await port.isConnected(0..<port.count) else {
        throw UnexpectedResult("an agent has lost its peer")
    }
    // Requests of the peers, and answers to ours, each once in 5 s, give or take.
    let expected = Double(2 * port.count) * Double(time.nanoseconds) / 5e9
    guard Double(end.datagrams - start.datagrams) > expected * 0.9 else {
        throw UnexpectedResult("too few checks have come: \(end.datagrams - start.datagrams)")
    }
    return Double(end.nanoseconds - start.nanoseconds) / Double(time.nanoseconds) * 100
}

/// Agents with one socket each, or all with the same.
private actor AgentHost: DatagramOwner {
    struct End: Sendable {
        var address: SocketAddress
        var credentials: ICECredentials
    }

    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        // `loop` is retained by this actor, so it outlives the reference.
        unsafe loop.asUnownedSerialExecutor()
    }
    nonisolated let count: Int
    private var agents: [ICEAgent] = []
    private var credentials: [ICECredentials] = []
    private var sockets: [UDPSocket] = []
    private var owners: [SocketAddress: Int] = [:]
    private var alarms: [(alarm: Alarm, client: LoopClientID)] = []
    private var router = SharedPortRouter()
    private var batch = DatagramBatch()
    private var datagrams = 0

    init(on loop: EventLoop, _ role: ICERole, count: Int) {
        self.loop = loop
        self.count = count
        agents.reserveCapacity(count)
        for index in 0..<count {
            var entropy = Entropy.seed(UInt64(index) &* 2 &+ (role == .controlled ? 1 : 0))
            var agent = ICEAgent(role: role, entropy: entropy.split())
            let own = ICECredentials.random(using: &entropy)
            agent.addStream(0, credentials: own)
            credentials.append(own)
            agents.append(agent)
        }
    }

    func open(sockets number: Int) throws {
        for index in 0..<number {
            let socket = try UDPSocket.bind(
                to: SocketAddress(.loopback4, port: 0),
                on: loop,
                owner: self
            )
            sockets.append(socket)
            owners[socket.localAddress] = index
        }
        for index in 0..<count {
            let alarm = Alarm(host: self, index: index)
            alarms.append((alarm, loop.register(alarm)))
            router.add(credentials[index].usernameFragment, of: index)
            agents[index].add(local: .host(address(of: index)), to: 0, at: loop.now)
        }
    }

    private func address(of index: Int) -> SocketAddress {
        sockets[sockets.count == 1 ? 0 : index].localAddress
    }

    func ends(_ range: Range<Int>) -> [End] {
        range.map { End(address: address(of: $0), credentials: credentials[$0]) }
    }

    func connect(_ range: Range<Int>, to ends: [End]) {
        for (index, end) in zip(range, ends) {
            agents[index].add(remote: .host(end.address), to: 0, at: loop.now)
            agents[index].setRemote(end.credentials, of: 0, at: loop.now)
            drain(index)
        }
        flush()
    }

    func isConnected(_ range: Range<Int>) -> Bool {
        range.allSatisfy { agents[$0].selectedPair(of: ICEComponent(stream: 0)) != nil }
    }

    /// The time the thread has had of a processor, and what has come.
    var meter: (nanoseconds: Int64, datagrams: Int) { (benchmark_thread_time(), datagrams) }

    fileprivate func advance(_ index: Int) {
        agents[index].advance(to: loop.now)
        drain(index)
        flush()
    }

    nonisolated func readable(_ socket: UDPSocket) {
        assumeIsolated { $0.receive(from: socket) }
    }

    private func receive(from socket: UDPSocket) {
        let local = socket.localAddress
        let isShared = sockets.count == 1
        let owner = owners[local] ?? 0
        socket.receive { datagram, source in
            datagrams += 1
            guard isShared else { return take(datagram.span, from: source, on: local, owner) }
            switch router.route(datagram.span, from: source, on: local) {
            case .known(let index): take(datagram.span, from: source, on: local, index)
            case .claimed(let index):
                let component = ICEComponent(stream: 0)
                func answers() -> Int {
                    agents[index].answers(from: source, on: local, component: component)
                }
                let before = answers()
                take(datagram.span, from: source, on: local, index)
                let proof: SharedPortRouter.Proof = answers() > before ? .answer : .request
                router.bind(source, on: local, to: index, by: proof) {
                    agents[$0].presence(of: $1, on: $2, component: component)
                }
            case .nobody: break
            }
        }
        flush()
    }

    private func take(
        _ datagram: Span<UInt8>,
        from source: SocketAddress,
        on local: SocketAddress,
        _ index: Int
    ) {
        agents[index].receive(datagram, from: source, on: local, at: loop.now)
        drain(index)
    }

    private func drain(_ index: Int) {
        while let output = agents[index].popOutput() {
            guard case .transmit(let datagram) = output else { continue }
            if sockets.count == 1 {
                router.expectAnswer(
                    to: datagram.payload.span,
                    from: datagram.destination,
                    on: datagram.source,
                    of: index
                )
            }
            batch.append(datagram)
        }
        loop.setDeadline(agents[index].deadline, for: alarms[index].client)
    }

    private func flush() {
        guard !batch.isEmpty else { return }
        if sockets.count == 1 { return sockets[0].send(&batch) }
        for entry in batch.entries {
            guard let owner = owners[entry.source] else { continue }
            sockets[owner].send(batch.bytes.span.extracting(entry.range), to: entry.destination)
        }
        batch.removeAll()
    }
}

/// The deadline of one agent.
private final class Alarm: LoopClient {
    // The host keeps its alarms for as long as it lives.
    private unowned let host: AgentHost
    private let index: Int

    init(host: AgentHost, index: Int) {
        self.host = host
        self.index = index
    }

    func deadlinePassed() { host.assumeIsolated { $0.advance(index) } }
    func signalled() {}
}
