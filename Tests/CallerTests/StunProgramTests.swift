import LinuxIO
import STUN
import Testing
import Wire

/// A STUN server of RFC 5780 on two loopback addresses.
private actor Responder: DatagramOwner {
    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        // `loop` is retained by this actor, so it outlives the reference.
        unsafe loop.asUnownedSerialExecutor()
    }
    private var server = STUNServer(entropy: .system)
    private var sockets: [UDPSocket] = []

    init(on loop: EventLoop) { self.loop = loop }

    /// Opens the four sockets, or one, and returns the address that clients need.
    ///
    /// Two of the ports are the system's choice on one address, and may be taken on the other.
    func open(behavior: Bool) throws -> SocketAddress {
        for _ in 0..<20 {
            do throws(SystemError) { return try attempt(behavior: behavior) } catch {
                close()
                sockets = []
            }
        }
        return try attempt(behavior: behavior)
    }

    private func attempt(behavior: Bool) throws(SystemError) -> SocketAddress {
        func bind(_ host: UInt32, _ port: UInt16) throws(SystemError) -> UDPSocket {
            let address = SocketAddress(IPAddress(v4: 0x7F00_0000 | host), port: port)
            return try UDPSocket.bind(to: address, on: loop, owner: self)
        }
        sockets.append(try bind(1, 0))
        let primary = sockets[0].localAddress
        guard behavior else { return primary }
        sockets.append(try bind(2, 0))
        let alternate = sockets[1].localAddress
        sockets.append(try bind(1, alternate.port))
        sockets.append(try bind(2, primary.port))
        var configuration = STUNServer.Configuration()
        configuration.endpoints = STUNServerEndpoints(primary: primary, alternate: alternate)
        server = STUNServer(configuration: configuration, entropy: .system)
        return primary
    }

    nonisolated func readable(_ socket: UDPSocket) {
        assumeIsolated { $0.answer(on: socket) }
    }

    private func answer(on socket: UDPSocket) {
        var answers: [(UDPSocket, SocketAddress, [UInt8])] = []
        socket.receive { datagram, source in
            var room = [UInt8](repeating: 0, count: 1_500)
            var writer = SpanWriter(room.mutableSpan)
            let route = server.answer(
                datagram.span,
                from: source,
                on: socket.localAddress,
                at: loop.now,
                into: &writer
            )
            guard let route else { return }
            let sender = sockets.first { $0.localAddress == route.source } ?? socket
            answers.append((sender, route.destination, [UInt8](copying: writer.written)))
        }
        for (sender, destination, bytes) in answers { sender.send(bytes.span, to: destination) }
    }

    func close() { for socket in sockets { socket.close() } }
}

@Suite("The program swiftlet stun, RFC 8489 and RFC 5780")
struct StunProgramTests {
    private func withServer(
        behavior: Bool,
        _ body: (SocketAddress) async throws -> Void
    ) async throws {
        let loop = try EventLoop(name: "responder")
        let responder = Responder(on: loop)
        try await body(try await responder.open(behavior: behavior))
        await responder.close()
        await loop.stop()
    }

    @Test(.timeLimit(.minutes(1)))
    func tellsTheAddressAndTheRoundTrip() async throws {
        try await withServer(behavior: false) { server in
            let program = try SpawnedProgram("stun", "\(server)")
            #expect(await program.line(with: "your address is 127.0.0.1:") != nil)
            #expect(await program.end().code == 0)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func tellsThatLoopbackHasNoNAT() async throws {
        try await withServer(behavior: true) { server in
            let program = try SpawnedProgram("stun", "stun:\(server)", "--behaviour", "--json")
            #expect(await program.line(with: #""event":"mapped""#) != nil)
            #expect(await program.line(with: #""name":"no NAT""#) != nil)
            #expect(await program.end().code == 0)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func aHostThatIsNoneIsToldSo() async throws {
        let program = try SpawnedProgram("stun", "nowhere.invalid")
        let (message, code) = await program.end()
        #expect(code == 7)
        #expect(message.contains("nowhere.invalid"))
    }
}
