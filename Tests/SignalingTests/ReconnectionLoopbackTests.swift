import LinuxIO
import Signaling
import Testing
import Wire

/// A client on real sockets whose connection is cut by somebody between it and the server.
@Suite("Signaling that is cut off, over loopback", .serialized, .timeLimit(.minutes(1)))
struct ReconnectionLoopbackTests {
    @Test func comesBackAndLosesNothing() async throws {
        try await SignalingLoopbackTests.withServer { loop, server, url in
            let middle = Middle(to: await server.address, on: loop)
            let left = try await SignalingClient.connect(
                to: "ws://\(try await middle.open())",
                as: "left",
                on: loop
            )
            let right = try await SignalingClient.connect(to: url, as: "right", on: loop)
            var toLeft = left.messages.makeAsyncIterator()
            var toRight = right.messages.makeAsyncIterator()
            var news = left.news.makeAsyncIterator()
            try await left.send(.offer("v=0\r\ns=1\r\n"), to: "right")
            #expect(await toRight.next()?.content == .offer("v=0\r\ns=1\r\n"))

            await middle.cut()
            #expect(await news.next() == .interrupted(.lost(.transportLost)))
            #expect(await left.end == nil)
            try await left.send(.offer("v=0\r\ns=2\r\n"), to: "right")
            try await right.send(.answer("v=0\r\ns=3\r\n"), to: "left")
            #expect(await news.next() == .resumed(isComplete: true))
            #expect(await toRight.next()?.content == .offer("v=0\r\ns=2\r\n"))
            #expect(await toLeft.next()?.content == .answer("v=0\r\ns=3\r\n"))

            // And closing in the middle of it all ends it at once.
            await middle.cut()
            #expect(await news.next() == .interrupted(.lost(.transportLost)))
            await left.close()
            #expect(await left.end == .closed)
            #expect(await toLeft.next() == nil)
            #expect(await news.next() == nil)
            await right.close()
            await middle.close()
        }
    }

    @Test func endsWhenNobodyIsThereAnyMore() async throws {
        var configuration = SignalingConfiguration()
        configuration.reconnection.attempts = 2
        configuration.reconnection.firstDelay = .milliseconds(1)
        let settings = configuration
        try await SignalingLoopbackTests.withServer { loop, server, _ in
            let middle = Middle(to: await server.address, on: loop)
            let left = try await SignalingClient.connect(
                to: "ws://\(try await middle.open())",
                as: "left",
                configuration: settings,
                on: loop
            )
            await middle.close()
            for await _ in left.messages {}
            #expect(await left.end == .lost(.transportLost))
        }
    }
}

/// Carries bytes between clients and a server until it cuts them off.
private actor Middle: TCPListenerOwner, TCPStreamOwner {
    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        // `loop` is retained by this actor, so it outlives the reference.
        unsafe loop.asUnownedSerialExecutor()
    }
    private let server: SocketAddress
    private var listener: TCPListener?
    private var pairs: [(TCPStream, TCPStream)] = []

    init(to server: SocketAddress, on loop: EventLoop) {
        self.server = server
        self.loop = loop
    }

    func open() throws -> SocketAddress {
        let place = SocketAddress(.loopback4, port: 0)
        let listener = try TCPListener.bind(to: place, on: loop, owner: self)
        self.listener = listener
        return listener.localAddress
    }

    /// Ends every connection without a word of the protocol.
    func cut() {
        for (near, far) in pairs {
            near.close()
            far.close()
        }
        pairs = []
    }

    func close() {
        cut()
        listener?.close()
    }

    nonisolated func accepted(_ stream: TCPStream, by _: TCPListener) {
        assumeIsolated { me in
            guard let far = try? TCPStream.connect(to: me.server, on: me.loop, owner: me) else {
                return
            }
            me.pairs.append((stream, far))
            stream.start(owner: me)
        }
    }

    nonisolated func received(_ bytes: [UInt8], on stream: TCPStream) {
        assumeIsolated { me in
            for (near, far) in me.pairs {
                if near === stream { far.send(bytes) }
                if far === stream { near.send(bytes) }
            }
        }
    }

    nonisolated func closed(_: TCPStream, error _: SystemError?) {}
}
