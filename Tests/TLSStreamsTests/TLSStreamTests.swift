import LinuxIO
import TLS
import TLSStreams
import Testing
import Wire

/// Real sockets on loopback, and certificates made here.
@Suite("TLS on a loop's TCP", .serialized, .timeLimit(.minutes(1)))
struct TLSStreamTests {
    private struct Lab {
        let identity: TLSIdentity
        let trust: TLSTrust

        init() throws {
            let today = EventLoop.wallClockUnixNanoseconds() / 1_000_000_000
            let authority = try TLSAuthority(named: "Lab", validFrom: today - 60)
            let names = try [TLSServerName("127.0.0.1"), TLSServerName("lab.example")]
            let issued = try authority.issue(for: names, validFrom: today - 60)
            identity = try TLSIdentity(
                certificatePEM: issued.certificatePEM,
                privateKeyPEM: issued.privateKeyPEM
            )
            trust = try TLSTrust.certificates(pem: authority.certificatePEM)
        }
    }

    /// Runs `body` with a loop that is stopped afterwards.
    private func withLoop(_ body: (EventLoop, Lab) async throws -> Void) async throws {
        let loop = try EventLoop(name: "streams")
        let lab = try Lab()
        do {
            try await body(loop, lab)
        } catch {
            await loop.stop()
            throw error
        }
        await loop.stop()
    }

    @Test func dataGoBothWaysAndTheEndIsInOrder() async throws {
        try await withLoop { loop, lab in
            let (client, server) = (End(on: loop), End(on: loop))
            let door = Door(on: loop, identity: lab.identity, for: server)
            try await client.connect(to: door.open(), as: "lab.example", trust: lab.trust)
            // Waits for the handshake.
            await client.use { $0.send([UInt8](repeating: 1, count: 100_000)) }
            await server.wait(for: 100_000)
            await server.use { $0.send([UInt8](repeating: 2, count: 70_000)) }
            await client.wait(for: 70_000)
            await server.use {
                $0.send([3])
                $0.closeAfterFlush()
            }
            #expect(await client.events(before: .end) == [.connected])
            #expect(await client.received == 70_001)
            #expect(await client.events(before: .closed(nil)).isEmpty)
        }
    }

    @Test func aPeerThatDoesNotReadSlowsTheSenderDown() async throws {
        try await withLoop { loop, lab in
            let (client, server) = (End(on: loop), End(on: loop))
            let door = Door(on: loop, identity: lab.identity, for: server)
            try await client.connect(to: door.open(), as: "127.0.0.1", trust: lab.trust)
            _ = await client.events(before: .connected)
            _ = await server.events(before: .connected)
            await server.use { $0.pauseReading() }
            // The kernel's buffers take some megabytes first.
            var sent = 0
            while await client.use({ $0.queuedBytes }) ?? 0 < 1 << 20 {
                await client.use { $0.send([UInt8](repeating: 1, count: 1 << 18)) }
                sent += 1 << 18
                #expect(sent < 64 << 20, "nothing slows the sender down")
            }
            #expect(await server.received == 0)
            await server.use { $0.resumeReading() }
            await server.wait(for: sent)
            #expect(await client.events(before: .drained).isEmpty)
            #expect(await client.use { $0.queuedBytes } == 0)
        }
    }

    @Test func whatEndsTheWrongWayIsSaid() async throws {
        try await withLoop { loop, lab in
            let wrong = End(on: loop)
            let server = End(on: loop)
            let door = Door(on: loop, identity: lab.identity, for: server)
            try await wrong.connect(to: door.open(), as: "other.example", trust: lab.trust)
            let end = await wrong.end()
            guard case .tls(.wrongHost)? = end else {
                Issue.record("\(String(describing: end))")
                return
            }

            let cut = End(on: loop)
            let cutter = Door(on: loop, identity: lab.identity, for: server, cuts: true)
            try await cut.connect(to: cutter.open(), as: "127.0.0.1", trust: lab.trust)
            #expect(await cut.events(before: .closed(.tls(.closedInHandshake))).isEmpty)

            let nobody = End(on: loop)
            let closed = SocketAddress(.loopback4, port: 1)
            try await nobody.connect(to: closed, as: "127.0.0.1", trust: lab.trust)
            let refused = SystemError(code: 111, operation: "connect")
            #expect(await nobody.events(before: .closed(.transport(refused))).isEmpty)
        }
    }

    @Test func aServerThatSaysNothingIsGivenUp() async throws {
        try await withLoop { loop, lab in
            let (client, server) = (End(on: loop), End(on: loop))
            let door = Door(on: loop, identity: lab.identity, for: server, isReading: false)
            var configuration = TLSConfiguration()
            configuration.handshakeTimeout = .milliseconds(20)
            try await client.connect(
                to: door.open(),
                as: "127.0.0.1",
                trust: lab.trust,
                configuration: configuration
            )
            #expect(await client.events(before: .closed(.tls(.timedOut))).isEmpty)
        }
    }
}
