import LinuxIO
import Testing
import Wire

@Suite("Event loop", .timeLimit(.minutes(1)))
struct EventLoopTests {
    @Test func anActorLivesOnIt() async throws {
        try await withLoop { loop in
            let probe = Probe(on: loop)
            #expect(await probe.isOnLoop)
            #expect(!loop.isCurrent)
        }
    }

    @Test func callbackEntersItsActorWithoutAHop() async throws {
        try await withLoop { loop in
            let probe = Probe(on: loop)
            let isOnLoop = await loop.run { probe.assumeIsolated { $0.isOnLoop } }
            #expect(isOnLoop)
        }
    }

    @Test func timeStandsStillWithinATurn() async throws {
        try await withLoop { loop in
            let (first, second, clock) = await loop.run {
                let first = loop.now
                var clock = EventLoop.monotonicNow()
                while clock <= first { clock = EventLoop.monotonicNow() }
                return (first, loop.now, clock)
            }
            #expect(first == second)
            #expect(clock > second)
            #expect(loop.now >= clock)
        }
    }

    @Test func callsOfOneThreadRunInOrder() async throws {
        try await withLoop { loop in
            let order = Guarded<[Int]>([])
            let shared = Shared(order)
            for number in 0..<1_000 {
                loop.execute { shared.value.withLock { $0.append(number) } }
            }
            await loop.run {}
            #expect(shared.value.withLock { $0 } == [Int](0..<1_000))
        }
    }

    @Test func signalsFromManyThreadsArriveAtLeastOnceAndAreMerged() async throws {
        try await withLoop { loop in
            let mailbox = Mailbox(on: loop)
            await loop.run { mailbox.register() }
            await withTaskGroup { group in
                for _ in 0..<8 {
                    group.addTask { for _ in 0..<1_000 { mailbox.post() } }
                }
            }
            await loop.run {}
            await loop.run {}
            #expect(mailbox.received == 8_000)
            #expect(mailbox.signals <= 8_000)
            await loop.run { mailbox.unregister() }
        }
    }

    @Test func aSignalFromTheLoopItselfComesBeforeItSleeps() async throws {
        try await withLoop { loop in
            let mailbox = Mailbox(on: loop)
            await loop.run {
                mailbox.register()
                for _ in 0..<10 { mailbox.signal() }
            }
            await loop.run {}
            #expect(mailbox.signals == 1)
        }
    }

    @Test func anIdleLoopSleeps() async throws {
        try await withLoop { loop in
            let before = await loop.run { loop.inspect().turns }
            try await Task.sleep(for: .milliseconds(100))
            let after = await loop.run { loop.inspect().turns }
            #expect(after - before < 10)
        }
    }

    @Test func aGroupSharesConnectionsInTurn() async throws {
        let group = try EventLoopGroup(count: 3)
        let names = (0..<6).flatMap { _ in
            (0..<EventLoopGroup.runLength).map { _ in group.next().name }
        }
        let expected = ["loop-0", "loop-1", "loop-2", "loop-0", "loop-1", "loop-2"].flatMap {
            [String](repeating: $0, count: EventLoopGroup.runLength)
        }
        #expect(names == expected)
        await group.stop()
    }
}

@Suite("The end of a loop", .timeLimit(.minutes(1)))
struct EventLoopStopTests {
    @Test func workThatWaitsStillRuns() async throws {
        let loop = try EventLoop()
        let shared = Shared(Guarded(0))
        for _ in 0..<100 { loop.execute { shared.value.withLock { $0 += 1 } } }
        loop.stopAndJoin()
        #expect(shared.value.withLock { $0 } == 100)
    }

    @Test func stoppingTwiceAndFromManyTasksIsFine() async throws {
        let loop = try EventLoop()
        await withTaskGroup { group in
            for _ in 0..<8 { group.addTask { await loop.stop() } }
        }
        await loop.stop()
        loop.stopAndJoin()
    }

    @Test func anActorCanStopItsOwnLoop() async throws {
        let loop = try EventLoop()
        let probe = Probe(on: loop)
        await probe.stopLoop()
        #expect(await probe.isOnLoop)
    }

    @Test func callsAfterTheEndStillRunOneAfterTheOther() async throws {
        let loop = try EventLoop()
        let probe = Probe(on: loop)
        await loop.stop()
        await withTaskGroup { group in
            for _ in 0..<100 { group.addTask { await probe.count() } }
        }
        #expect(await probe.calls == 100)
    }

    @Test func aTaskWithoutEndDoesNotHoldItUp() async throws {
        let loop = try EventLoop()
        let probe = Probe(on: loop)
        let endless = Task { await probe.yieldUntilCancelled() }
        await probe.count()
        await loop.stop()
        endless.cancel()
        await endless.value
    }

    @Test func openSocketsAreClosedAndNewOnesRefused() async throws {
        let loop = try EventLoop()
        let station = Station(on: loop)
        let address = try await station.open()
        await loop.stop()
        await #expect(throws: SystemError.self) { try await station.open() }
        // The port is free again.
        let other = try EventLoop()
        let owner = Station(on: other)
        let socket = try UDPSocket.bind(to: address, on: other, owner: owner)
        #expect(socket.localAddress == address)
        await other.stop()
    }
}

@Suite("Timers of a loop", .timeLimit(.minutes(1)))
struct LoopTimerTests {
    @Test func firesOnceAndNotEarly() async throws {
        try await withLoop { loop in
            let (stream, sink) = AsyncStream.makeStream(of: Instant.self)
            let (timer, deadline) = await loop.run {
                let timer = LoopTimer(on: loop) { sink.yield(loop.now) }
                let deadline = loop.now.advanced(by: .milliseconds(5))
                timer.set(deadline)
                return (timer, deadline)
            }
            var iterator = stream.makeAsyncIterator()
            let fired = await iterator.next()
            #expect(fired.map { $0 >= deadline } == true)
            #expect(await loop.run { loop.inspect().deadlines } == 0)
            withExtendedLifetime(timer) {}
        }
    }

    @Test func fireInOrder() async throws {
        try await withLoop { loop in
            let (stream, sink) = AsyncStream.makeStream(of: Int.self)
            let timers = await loop.run {
                [3, 1, 2, 0].map { number in
                    let timer = LoopTimer(on: loop) { sink.yield(number) }
                    timer.set(loop.now.advanced(by: .milliseconds(number)))
                    return timer
                }
            }
            var order: [Int] = []
            for await number in stream {
                order.append(number)
                if order.count == 4 { break }
            }
            #expect(order == [0, 1, 2, 3])
            withExtendedLifetime(timers) {}
        }
    }

    @Test func aCancelledOrDroppedTimerLeavesNothing() async throws {
        try await withLoop { loop in
            await loop.run {
                for number in 0..<10_000 {
                    let timer = LoopTimer(on: loop) { Issue.record("a dropped timer fired") }
                    timer.set(loop.now.advanced(by: .milliseconds(number % 7)))
                    if number.isMultiple(of: 2) { timer.cancel() }
                }
            }
            let left = await loop.run { loop.inspect() }
            #expect(left.deadlines == 0)
            #expect(left.clients == 0)
        }
    }

    @Test func aTimerThatIsAlwaysDueDoesNotKeepTheLoopFromItsWork() async throws {
        try await withLoop { loop in
            let pulse = Pulse(on: loop)
            await loop.run { pulse.begin() }
            let station = Station(on: loop)
            let address = try await station.open()
            await station.send([[1]], to: address)
            #expect(await station.next(1).count == 1)
            await loop.run { pulse.end() }
            #expect(pulse.beats > 0)
        }
    }
}
