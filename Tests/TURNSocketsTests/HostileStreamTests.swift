import LinuxIO
import STUN
import TURN
import TURNSockets
import Testing
import Wire

/// Real sockets on loopback.
@Suite(
    "Streams that cost a TURN server more than they should",
    .serialized,
    .timeLimit(.minutes(1))
)
struct HostileStreamTests {
    private func service(
        on loop: EventLoop,
        _ configure: (inout TURNServerConfiguration) -> Void = { _ in }
    ) async throws -> TURNService {
        var configuration = TURNServerConfiguration(
            realm: "example.org",
            relays: [.init(.loopback4)]
        )
        configuration.users = ["alice": "secret"]
        configure(&configuration)
        return try await TURNService.start(
            configuration,
            on: SocketAddress(.loopback4, port: 0),
            loop: loop
        )
    }

    @Test("A client that does not read is not read from, and loses nothing when it reads again")
    func unread() async throws {
        let loop = try EventLoop(name: "turn")
        let service = try await service(on: loop) {
            // Answers of 800 bytes to requests of 28.
            $0.realm = String(repeating: "r", count: 700)
            $0.limits.strangerAnswersPerSecond = 1_000_000
        }
        let request = try STUNMessage(
            .request,
            .allocate,
            id: STUNTransactionID(high: 1, low: 2),
            attributes: [.requestedTransport(17)]
        ).write()
        let requests = 30_000
        let client = Pusher(loop: loop)
        try await client.connect(
            to: await service.address,
            sending: [[UInt8]](repeating: request, count: requests).flatMap(\.self),
            isReading: false
        )
        while await service.queuedBytes == 0 { await Task.yield() }
        var most = 0
        for _ in 0..<500 { most = max(most, await service.queuedBytes) }
        #expect(most < 4_000_000, "one read's worth of requests")
        await client.read()
        while await client.frames < requests { await Task.yield() }
        #expect(await service.queuedBytes == 0)
        await service.stop()
        await loop.stop()
    }

    @Test("A stranger that announces a message longer than any request is sent away")
    func longMessage() async throws {
        let loop = try EventLoop(name: "turn")
        let service = try await service(on: loop)
        let client = Pusher(loop: loop)
        try await client.connect(
            to: await service.address,
            sending: [0, 1, 0x0F, 0xA0],
            isReading: true
        )
        while await !client.isClosed { await Task.yield() }
        await service.stop()
        await loop.stop()
    }
}

/// A client that sends a lot at once, and reads when it is told to.
private actor Pusher: TCPStreamOwner {
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        // `loop` is immutable and retained by this actor, so it outlives the reference.
        unsafe loop.asUnownedSerialExecutor()
    }

    nonisolated let loop: EventLoop
    private var stream: TCPStream?
    private var framing = STUNStreamFraming()
    private(set) var frames = 0
    private(set) var isClosed = false

    init(loop: EventLoop) { self.loop = loop }

    func connect(to address: SocketAddress, sending bytes: [UInt8], isReading: Bool) throws {
        let stream = try TCPStream.connect(to: address, on: loop, owner: self)
        if !isReading { stream.pauseReading() }
        stream.send(bytes)
        self.stream = stream
    }

    func read() { stream?.resumeReading() }

    private func count(_ bytes: [UInt8]) {
        try? framing.receive(bytes.span) { _ in frames += 1 }
    }

    nonisolated func connected(_: TCPStream) {}

    nonisolated func received(_ bytes: [UInt8], on _: TCPStream) {
        assumeIsolated { $0.count(bytes) }
    }

    nonisolated func closed(_: TCPStream, error _: SystemError?) {
        assumeIsolated { $0.isClosed = true }
    }
}
