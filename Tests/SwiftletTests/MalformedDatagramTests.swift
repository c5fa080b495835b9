import LinuxIO
import Swiftlet
import Testing
import Wire

@Suite("Datagrams of strangers")
struct MalformedDatagramTests {
    @Test(.timeLimit(.minutes(1)))
    func areCountedAndChangeNothing() async throws {
        let (left, right) = try await connectedPair()
        let target = try #require(await left.statistics().path).local.address
        let before = await left.statistics().counters
        let stranger = try Stranger(loop: try EventLoopGroup.shared.next())

        var generator = Entropy.seeded(SplitMix64(seed: 7))
        var sent = (bytes: 0, unknown: 0, media: 0)
        for number in 0..<2_000 {
            let datagram = malformed(number, &generator)
            await stranger.send(datagram, to: target)
            sent.bytes += datagram.count
            // DTLS of a stranger, too, is unknown as soon as there are keys.
            if (4..<128).contains(datagram[0]) || datagram[0] >= 192 { sent.unknown += 1 }
            if (128..<192).contains(datagram[0]) { sent.media += 1 }
            // Not more at once than a socket's buffer holds.
            if number % 100 == 99 { await received(sent.bytes, by: left, since: before) }
        }
        let after = await left.statistics().counters
        #expect(after.unknownPackets - before.unknownPackets == sent.unknown)
        #expect(after.earlyMediaPackets - before.earlyMediaPackets == sent.media)
        #expect(await left.connectionState == .connected)

        await stranger.close()
        await left.close()
        #expect(await reasonOfEnd(of: right) == .peer)
    }

    /// Something that begins like STUN, DTLS, RTP or nothing at all, and goes on anyhow.
    private func malformed(_ number: Int, _ generator: inout Entropy) -> [UInt8] {
        let length = Int.random(in: 2...300, using: &generator)
        var bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
        switch number % 5 {
        case 0: bytes[0] = 0  // STUN
        case 1: bytes[0] = 22  // a DTLS handshake record
        case 2: bytes[0] = 128  // RTP and RTCP
        default: break
        }
        return bytes
    }

    private func received(
        _ bytes: Int,
        by peer: PeerConnection,
        since before: PeerCounters
    ) async {
        for _ in 0..<1_000_000 {
            let counters = await peer.statistics().counters
            if counters.bytesReceived - before.bytesReceived >= bytes { return }
            await Task.yield()
        }
        Issue.record("the datagrams did not arrive")
    }
}

/// A socket that knows nothing of the connection.
private actor Stranger: DatagramOwner {
    let loop: EventLoop
    private var socket: UDPSocket?

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe loop.asUnownedSerialExecutor()
    }

    init(loop: EventLoop) throws {
        self.loop = loop
    }

    nonisolated func readable(_ socket: UDPSocket) {
        socket.receive { _, _ in }
    }

    func send(_ datagram: [UInt8], to target: SocketAddress) {
        do {
            let socket = try self.socket ?? open()
            self.socket = socket
            socket.send(datagram.span, to: target)
        } catch {
            Issue.record("\(error)")
        }
    }

    func close() { socket?.close() }

    private func open() throws -> UDPSocket {
        try UDPSocket.bind(to: SocketAddress(.loopback4, port: 0), on: loop, owner: self)
    }
}
