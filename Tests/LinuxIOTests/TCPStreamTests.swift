import LinuxIO
import Testing
import Wire

@Suite("TCP stream on loopback", .timeLimit(.minutes(1)))
struct TCPStreamTests {
    /// Bytes that tell where they stand.
    private static func pattern(blocks: Int) -> [UInt8] {
        let block = (0..<65_521).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        return (0..<blocks).reduce(into: []) { bytes, _ in bytes += block }
    }

    @Test("bytes go both ways", arguments: UDPSocketTests.families)
    func bothWays(address: IPAddress) async throws {
        try await withLoop { loop in
            let greeter = Greeter(on: loop)
            let client = TCPPeer(on: loop)
            try await client.connect(to: greeter.open(address))
            let server = try #require(await greeter.next())
            await client.use { $0.send([1, 2, 3]) }
            #expect(await server.bytes(3) == [1, 2, 3])
            await server.use { $0.send([4, 5]) }
            #expect(await client.bytes(2) == [4, 5])
            let ends = await client.use { ($0.localAddress, $0.remoteAddress) }
            let others = await server.use { ($0.remoteAddress, $0.localAddress) }
            #expect(ends?.0 == others?.0)
            #expect(ends?.1 == others?.1)
        }
    }

    @Test func bytesSentBeforeTheConnectionStandsAreNotLost() async throws {
        try await withLoop { loop in
            let greeter = Greeter(on: loop)
            let address = try await greeter.open()
            let client = TCPPeer(on: loop)
            try await client.connect(to: address)
            await client.use { $0.send([7]) }
            await client.use { $0.send([8]) }
            let server = try #require(await greeter.next())
            #expect(await server.bytes(2) == [7, 8])
        }
    }

    @Test func leavesFromTheAddressItIsGiven() async throws {
        try await withLoop { loop in
            let greeter = Greeter(on: loop)
            let address = try await greeter.open()
            let source = try #require(IPAddress("127.0.0.2"))
            let client = TCPPeer(on: loop)
            try await client.connect(to: address, from: source)
            let server = try #require(await greeter.next())
            let seen = try #require(await server.use { $0.remoteAddress })
            #expect(seen.address == source)
            #expect(await client.use { $0.localAddress } == seen)
        }
    }

    @Test func anAddressThatIsNotOursIsSaidByName() async throws {
        try await withLoop { loop in
            let client = TCPPeer(on: loop)
            let target = SocketAddress(.loopback4, port: 9)
            let foreign = try #require(IPAddress("192.0.2.1"))
            do throws(SystemError) {
                try await client.connect(to: target, from: foreign)
                Issue.record("nothing was thrown")
            } catch {
                #expect(error.name == "EADDRNOTAVAIL")
            }
        }
    }

    @Test func aRefusedConnectionIsSaidByName() async throws {
        try await withLoop { loop in
            let greeter = Greeter(on: loop)
            let address = try await greeter.open()
            await greeter.close()
            let client = TCPPeer(on: loop)
            try await client.connect(to: address)
            let events = await client.events { $0 != .connected }
            #expect(events == [.closed("ECONNREFUSED")])
        }
    }

    @Test func aSlowReaderSlowsTheSenderDownAndLosesNothing() async throws {
        try await withLoop { loop in
            let greeter = Greeter(on: loop, startsReading: false)
            let client = TCPPeer(on: loop)
            try await client.connect(to: greeter.open())
            let server = try #require(await greeter.next())
            let bytes = Self.pattern(blocks: 200)
            let queued = await client.use { stream in
                stream.send(bytes)
                return stream.queuedBytes
            }
            #expect(queued.map { $0 > 0 } == true)
            await server.use { $0.resumeReading() }
            #expect(await server.bytes(bytes.count) == bytes)
            let events = await client.events { $0 == .drained }
            #expect(events == [.connected, .drained])
            #expect(await client.use { $0.queuedBytes } == 0)
        }
    }

    @Test func closingAfterFlushDeliversEverythingThoughNobodyHoldsTheStream() async throws {
        try await withLoop { loop in
            let greeter = Greeter(on: loop, startsReading: false)
            let client = TCPPeer(on: loop)
            try await client.connect(to: greeter.open())
            let server = try #require(await greeter.next())
            let bytes = Self.pattern(blocks: 200)
            let reader = try #require(await server.use { $0 })
            await client.use {
                $0.send(bytes)
                $0.closeAfterFlush()
                // In the same turn: on a busy machine this test may sleep for longer than a stream
                // lingers.
                reader.resumeReading()
            }
            await client.drop()
            var received: [UInt8] = []
            let events = await server.events {
                if case .received(let more) = $0 { received += more }
                return $0 == .closed(nil)
            }
            // Compared here: the difference of megabytes would be computed for minutes.
            let isWhole = received == bytes
            #expect(isWhole)
            #expect(events.suffix(2) == [.end, .closed(nil)])
            #expect(await client.events { $0 == .closed(nil) }.last == .closed(nil))
            #expect(await loop.run { loop.inspect().sources } == 1)
        }
    }

    @Test func oneEndCanFinishWhileTheOtherGoesOn() async throws {
        try await withLoop { loop in
            let greeter = Greeter(on: loop, answersEnd: true)
            let client = TCPPeer(on: loop)
            try await client.connect(to: greeter.open())
            let server = try #require(await greeter.next())
            await client.use {
                $0.send([1])
                $0.finishSending()
                $0.send([2])
            }
            #expect(await server.events { $0 == .end } == [.received([1]), .end])
            await server.use { $0.send([3]) }
            #expect(await client.bytes(1) == [3])
            await server.use { $0.closeAfterFlush() }
            #expect(await server.events { $0 == .closed(nil) } == [.closed(nil)])
            #expect(await client.events { $0 == .closed(nil) } == [.closed(nil)])
        }
    }

    @Test func aResetIsSaidByName() async throws {
        try await withLoop { loop in
            let greeter = Greeter(on: loop)
            let client = TCPPeer(on: loop)
            try await client.connect(to: greeter.open())
            let server = try #require(await greeter.next())
            // Closing with unread bytes makes the kernel send a reset.
            await server.use { $0.pauseReading() }
            await client.use { $0.send([1]) }
            _ = await client.events { $0 == .connected }
            await server.use { $0.close() }
            #expect(await client.events { _ in true } == [.closed("ECONNRESET")])
        }
    }

    @Test func aResetIsNoticedWhileReadingIsPaused() async throws {
        try await withLoop { loop in
            let greeter = Greeter(on: loop)
            let client = TCPPeer(on: loop)
            try await client.connect(to: greeter.open())
            let server = try #require(await greeter.next())
            _ = await client.events { $0 == .connected }
            await client.use { $0.pauseReading() }
            await server.use { $0.pauseReading() }
            await client.use { $0.send([1]) }
            await server.use { $0.close() }
            #expect(await client.events { _ in true } == [.closed("ECONNRESET")])
        }
    }

    @Test func aPausedStreamThatBothSidesFinishedDoesNotSpin() async throws {
        try await withLoop { loop in
            let greeter = Greeter(on: loop, answersEnd: true)
            let client = TCPPeer(on: loop)
            try await client.connect(to: greeter.open())
            let server = try #require(await greeter.next())
            await server.use { $0.pauseReading() }
            await client.use { $0.send([1, 2]) }
            await server.use { $0.finishSending() }
            #expect(await client.events { $0 == .closed(nil) }.last == .closed(nil))
            let before = await loop.run { loop.inspect().turns }
            try await Task.sleep(for: .milliseconds(50))
            #expect(await loop.run { loop.inspect().turns } - before < 10)
            await server.use { $0.resumeReading() }
            let events = await server.events { $0 == .closed(nil) }
            #expect(events == [.received([1, 2]), .closed(nil)])
        }
    }

    @Test func closeIsSilentAndFinal() async throws {
        try await withLoop { loop in
            let greeter = Greeter(on: loop)
            let client = TCPPeer(on: loop)
            try await client.connect(to: greeter.open())
            let server = try #require(await greeter.next())
            _ = await client.events { $0 == .connected }
            await client.use {
                $0.close()
                $0.close()
                $0.send([1])
                $0.closeAfterFlush()
            }
            #expect(await server.events { $0 == .closed(nil) } == [.end, .closed(nil)])
        }
    }

    @Test func stoppingTheLoopClosesStreamsWithAnError() async throws {
        let loop = try EventLoop()
        let greeter = Greeter(on: loop)
        let client = TCPPeer(on: loop)
        try await client.connect(to: greeter.open())
        _ = await client.events { $0 == .connected }
        await loop.stop()
        #expect(await client.events { _ in true } == [.closed("ECANCELED")])
    }
}
