import ICE
import LinuxIO
import Wire

/// Two agents with a host candidate each over real sockets: what the system adds to their own work.
///
/// `pion-bench setup` tells the same of Pion as `ice(last side)`.
let iceSocketBenchmarks = [
    Benchmark("ice/loopback-start-to-nominated", unit: "ms", samples: 300, goal: .atMost(2)) {
        let loops = try EventLoopGroup.shared
        let (left, right) = (
            AgentEnd(.controlling, on: loops.next()), AgentEnd(.controlled, on: loops.next())
        )
        let clock = ContinuousClock()
        let start = clock.now
        let (ours, theirs) = (try await left.open(), try await right.open())
        await left.begin(with: theirs)
        await right.begin(with: ours)
        await left.completed()
        await right.completed()
        let time = start.duration(to: clock.now)
        await left.close()
        await right.close()
        return Double(time.nanoseconds) / 1e6
    }
]

/// An agent on a socket of its own.
private actor AgentEnd: DatagramOwner, LoopClient {
    struct Place: Sendable {
        var address: SocketAddress
        var credentials: ICECredentials
    }

    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        // `loop` is retained by this actor, so it outlives the reference.
        unsafe loop.asUnownedSerialExecutor()
    }
    private let role: ICERole
    private var agent: ICEAgent
    private var socket: UDPSocket?
    private var client: LoopClientID?
    private var batch = DatagramBatch()
    private var waiter: CheckedContinuation<Void, Never>?

    init(_ role: ICERole, on loop: EventLoop) {
        self.loop = loop
        self.role = role
        agent = ICEAgent(role: role, entropy: .system)
    }

    func open() throws -> Place {
        var options = UDPSocketOptions()
        options.coalescing = .whenBusy
        let socket = try UDPSocket.bind(
            to: SocketAddress(.loopback4, port: 0),
            on: loop,
            options: options,
            owner: self
        )
        self.socket = socket
        client = loop.register(self)
        var entropy = Entropy.system
        let credentials = ICECredentials.random(using: &entropy)
        agent.addStream(0, credentials: credentials)
        agent.add(local: .host(socket.localAddress), to: 0, at: loop.now)
        return Place(address: socket.localAddress, credentials: credentials)
    }

    func begin(with place: Place) {
        agent.add(remote: .host(place.address), to: 0, at: loop.now)
        agent.setRemote(place.credentials, of: 0, at: loop.now)
        agent.endOfLocalCandidates(of: 0, at: loop.now)
        agent.endOfRemoteCandidates(of: 0, at: loop.now)
        drain()
    }

    func completed() async {
        guard agent.state != .completed else { return }
        await withCheckedContinuation { waiter = $0 }
    }

    func close() {
        socket?.close()
        if let client { loop.unregister(client) }
    }

    nonisolated func readable(_ socket: UDPSocket) {
        assumeIsolated { me in
            socket.receive { datagram, source in
                me.agent.receive(
                    datagram.span,
                    from: source,
                    on: socket.localAddress,
                    at: me.loop.now
                )
            }
            me.drain()
        }
    }

    nonisolated func deadlinePassed() {
        assumeIsolated { me in
            me.agent.advance(to: me.loop.now)
            me.drain()
        }
    }

    nonisolated func signalled() {}

    private func drain() {
        while let output = agent.popOutput() {
            if case .transmit(let datagram) = output { batch.append(datagram) }
        }
        socket?.send(&batch)
        if let client { loop.setDeadline(agent.deadline, for: client) }
        guard agent.state == .completed else { return }
        waiter?.resume()
        waiter = nil
    }
}
