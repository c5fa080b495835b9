import LinuxIO
import STUN
import Wire

/// The sockets of `swiftlet stun`, and the machines behind them, on one loop.
actor StunSession: LoopClient, DatagramOwner {
    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        // `loop` is retained by this actor, so it outlives the reference.
        unsafe loop.asUnownedSerialExecutor()
    }

    private var client = BindingClient(entropy: .system)
    private var answers: [BindingClient.Output] = []
    private var answered: CheckedContinuation<[BindingClient.Output], Never>?
    private var expected = 0
    /// How long the other family is waited for once one has answered.
    private var patience: Instant?
    private var discovery: NATDiscovery?
    private var discovered: CheckedContinuation<NATDiscovery.Output, Never>?
    private var sockets: [UDPSocket] = []
    private var second: UDPSocket?
    private var id: LoopClientID?

    init(on loop: EventLoop) { self.loop = loop }

    /// Asks all servers at once; what they said, in the order of their answers.
    func ask(_ servers: [SocketAddress]) async throws(SystemError) -> [BindingClient.Output] {
        id = loop.register(self)
        for server in servers where socket(for: server) == nil {
            sockets.append(try open(for: server))
        }
        expected = servers.count
        let timing = RetransmissionTiming(maximumRequests: 4, finalWaitMultiplier: 4)
        for server in servers { client.query(server, timing: timing, at: loop.now) }
        return await withCheckedContinuation { continuation in
            answered = continuation
            pump()
        }
    }

    /// Finds out how the NAT on the way to `server` behaves.
    func discover(_ server: SocketAddress) async throws(SystemError) -> NATDiscovery.Output {
        second = try open(for: server)
        let port = socket(for: server)?.localAddress.port ?? 0
        let locals = try NetworkInterfaces.list().flatMap(\.addresses)
            .map { SocketAddress($0.scoped(to: 0), port: port) }
        discovery = NATDiscovery(
            server: server,
            locals: locals,
            asksAboutHairpin: true,
            entropy: .system,
            at: loop.now
        )
        return await withCheckedContinuation { continuation in
            discovered = continuation
            pump()
        }
    }

    func close() {
        for socket in sockets { socket.close() }
        second?.close()
        if let id { loop.unregister(id) }
        id = nil
    }

    nonisolated func readable(_ socket: UDPSocket) {
        assumeIsolated { $0.collect(from: socket) }
    }

    nonisolated func deadlinePassed() {
        assumeIsolated { me in
            me.client.advance(to: me.loop.now)
            me.discovery?.advance(to: me.loop.now)
            me.pump()
        }
    }

    nonisolated func signalled() {}

    private func open(for server: SocketAddress) throws(SystemError) -> UDPSocket {
        let any = server.address.family == .v4 ? IPAddress.any4 : .any6
        return try UDPSocket.bind(to: SocketAddress(any, port: 0), on: loop, owner: self)
    }

    private func socket(for server: SocketAddress) -> UDPSocket? {
        sockets.first { $0.localAddress.address.family == server.address.family }
    }

    private func collect(from socket: UDPSocket) {
        let name: NATDiscovery.Socket = socket === second ? .second : .main
        socket.receive { datagram, source in
            client.receive(datagram.span, from: source, at: loop.now)
            discovery?.receive(datagram.span, from: source, on: name, at: loop.now)
        }
        pump()
    }

    /// Carries out what the machines want.
    private func pump() {
        while let output = client.popOutput() {
            switch output {
            case .transmit(let bytes, let server):
                socket(for: server)?.send(bytes.span, to: server)
            case .mapped:
                answers.append(output)
                patience = patience ?? loop.now.advanced(by: .milliseconds(500))
            case .failed: answers.append(output)
            }
        }
        let isPatient = patience.map { $0 > loop.now } ?? true
        if answers.count == expected || !isPatient {
            answered?.resume(returning: answers)
            answered = nil
        }
        pumpDiscovery()
        let deadlines = [
            client.deadline, discovery?.deadline, answered == nil ? nil : patience,
        ].compactMap(\.self)
        if let id { loop.setDeadline(deadlines.min(), for: id) }
    }

    private func pumpDiscovery() {
        while let output = discovery?.popOutput() {
            switch output {
            case .transmit(let bytes, let target, let name):
                let socket = name == .second ? second : socket(for: target)
                socket?.send(bytes.span, to: target)
            case .finished, .failed:
                discovered?.resume(returning: output)
                discovered = nil
            }
        }
    }
}
