import Glibc
import LinuxIO
import Signaling
import Testing
import Wire

/// Real sockets on loopback: few, and nothing here waits longer than the network takes.
@Suite("Signaling over loopback", .serialized, .timeLimit(.minutes(1)))
struct SignalingLoopbackTests {
    /// Runs `body` with a loop and a server, and stops both.
    static func withServer(
        _ configuration: SignalingConfiguration = .init(),
        _ body: (EventLoop, SignalingServer, String) async throws -> Void
    ) async throws {
        let loop = try EventLoop(name: "signaling")
        let server = try await SignalingServer.start(
            port: 0,
            configuration: configuration,
            on: loop
        )
        let url = "ws://\(await server.address)"
        do {
            try await body(loop, server, url)
        } catch {
            await server.stop()
            await loop.stop()
            throw error
        }
        await server.stop()
        await loop.stop()
    }

    static func next(
        _ iterator: inout AsyncStream<SignalingMessage>.Iterator
    ) async -> SignalingMessage? {
        await iterator.next()
    }

    @Test func twoPeersExchangeACall() async throws {
        try await Self.withServer { loop, server, url in
            let left = try await SignalingClient.connect(to: url, as: "left", on: loop)
            let right = try await SignalingClient.connect(to: url, as: "right", on: loop)
            #expect(await server.registeredIDs == ["left", "right"])
            var toLeft = left.messages.makeAsyncIterator()
            var toRight = right.messages.makeAsyncIterator()

            try await left.send(.candidate("candidate:1", mid: "0"), to: "right")
            try await left.send(.offer("v=0\r\n"), to: "right")
            #expect(await Self.next(&toRight)?.content == .offer("v=0\r\n"))
            #expect(await Self.next(&toRight)?.content == .candidate("candidate:1", mid: "0"))
            try await right.send(.answer("v=0\r\n"), to: "left")
            #expect(await Self.next(&toLeft)?.content == .answer("v=0\r\n"))
            try await left.send(.disconnect, to: "right")
            let last = await Self.next(&toRight)
            #expect(last?.content == .disconnect && last?.sender == "left")

            await left.close()
            #expect(await left.end == .closed)
            #expect(await Self.next(&toLeft) == nil)
            #expect(await server.registeredIDs == ["right"])
            await right.close()
        }
    }

    @Test func aTakenIDIsATypedError() async throws {
        try await Self.withServer { loop, _, url in
            let left = try await SignalingClient.connect(to: url, as: "left", on: loop)
            do {
                _ = try await SignalingClient.connect(to: url, as: "left", on: loop)
                Issue.record("the id was given twice")
            } catch SignalingClientError.refused("left", .idTaken) {
            } catch {
                Issue.record("\(error)")
            }
            await left.close()
            let again = try await SignalingClient.connect(to: url, as: "left", on: loop)
            await again.close()
        }
    }

    @Test func messagesEndWhenTheServerStops() async throws {
        try await Self.withServer { loop, server, url in
            let left = try await SignalingClient.connect(to: url, as: "left", on: loop)
            await server.stop()
            var messages = left.messages.makeAsyncIterator()
            #expect(await Self.next(&messages) == nil)
            #expect(
                await left.end == .lost(.byPeer(.goingAway, reason: "the server stops"))
            )
            await left.close()
        }
    }

    @Test func nobodyThereIsSaid() async throws {
        try await Self.withServer { loop, server, url in
            await server.stop()
            do {
                _ = try await SignalingClient.connect(to: url, as: "left", on: loop)
                Issue.record("there was a server")
            } catch {
                #expect("\(error)".contains("ECONNREFUSED"))
                #expect("\(error)".contains("start one with: swiftlet signal"))
            }
        }
    }

    @Test func aPortInUseIsSaid() async throws {
        try await Self.withServer { loop, server, _ in
            let port = await server.address.port
            do {
                _ = try await SignalingServer.start(port: port, on: loop)
                Issue.record("two servers on one port")
            } catch {
                #expect("\(error)".contains("EADDRINUSE"))
            }
        }
    }

    @Test func aPeerThatDoesNotReadIsCutOff() async throws {
        var configuration = SignalingConfiguration()
        configuration.maximumBacklog = 512 * 1_024
        try await Self.withServer(configuration) { loop, server, url in
            let sleeper = await Sleeper(loop)
            try await sleeper.connect(to: await server.address, as: "right")
            let left = try await SignalingClient.connect(to: url, as: "left", on: loop)
            while await server.registeredIDs != ["left", "right"] { await Task.yield() }
            let sdp = String(repeating: "x", count: 200_000)
            // The buffers of the kernel take some megabytes first.
            for _ in 0..<200 where await server.registeredIDs.contains("right") {
                try await left.send(.offer(sdp), to: "right")
            }
            for await event in server.events {
                guard case .left(_, "right", let departure) = event else { continue }
                #expect(departure == .slowReader)
                break
            }
            #expect(await server.registeredIDs == ["left"])
            await left.close()
        }
    }

    @Test func aHandshakeThatIsNeverFinishedIsCutOff() async throws {
        var configuration = SignalingConfiguration()
        configuration.webSocket.handshakeTimeout = .milliseconds(20)
        try await Self.withServer(configuration) { loop, server, _ in
            let sleeper = await Sleeper(loop)
            try await sleeper.connect(to: await server.address, as: nil)
            for await event in server.events {
                guard case .left(_, _, let departure) = event else { continue }
                #expect(departure == .closed(.handshakeFailed(.timedOut)))
                break
            }
        }
    }

    @Test func openingAndClosingLeavesNoDescriptor() async throws {
        // In a process of its own: other tests open descriptors, too.
        await #expect(processExitsWith: .success) {
            let loop = try EventLoop(name: "signaling")
            func round() async throws {
                let server = try await SignalingServer.start(port: 0, on: loop)
                let url = "ws://\(await server.address)"
                var clients: [SignalingClient] = []
                for number in 0..<20 {
                    clients.append(
                        try await SignalingClient.connect(to: url, as: "peer \(number)", on: loop)
                    )
                }
                for client in clients.prefix(10) { await client.close() }
                await server.stop()
                for client in clients { await client.close() }
            }
            try await round()
            let before = openDescriptors()
            for _ in 0..<5 { try await round() }
            #expect(openDescriptors() == before)
            await loop.stop()
        }
    }
}

/// A client that registers and then reads nothing.
private actor Sleeper: TCPStreamOwner {
    private nonisolated let loop: EventLoop
    private var stream: TCPStream?

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        // `loop` is immutable and retained by this actor, so it outlives the reference.
        unsafe loop.asUnownedSerialExecutor()
    }

    init(_ loop: EventLoop) async { self.loop = loop }

    /// With nil for an id it does not finish its handshake.
    func connect(to address: SocketAddress, as id: String?) throws {
        let stream = try TCPStream.connect(to: address, on: loop, owner: self)
        self.stream = stream
        stream.pauseReading()
        let request = WebSocketHandshake.request(
            to: WebSocketURL(host: "h", port: 80),
            key: "dGhlIHNhbXBsZSBub25jZQ=="
        )
        guard let id else { return stream.send(Array(request.bytes.dropLast())) }
        let text = SignalingMessage(.register, from: id).envelope.text
        stream.send(request.bytes)
        stream.send(WebSocketFrame(.text, Array(text.utf8)).encoded(maskingKey: 1))
    }

    nonisolated func received(_: [UInt8], on _: TCPStream) {}
    nonisolated func closed(_: TCPStream, error _: SystemError?) {}
}

/// How many descriptors this process holds.
private func openDescriptors() -> Int {
    (0..<4_096 as Range<CInt>).count { fcntl($0, F_GETFD) >= 0 }
}
