import Glibc
import LinuxIO
import Swiftlet
import Testing

/// What connections leave behind in their process, each counted in a process of its own.
@Suite("What connections leave behind")
struct LeftoverTests {
    /// 500 pairs, one after the other.
    @Test(.timeLimit(.minutes(5)))
    func aThousandConnectionsLeaveNothing() async throws {
        let result = await #expect(
            processExitsWith: .success,
            observing: [\.standardErrorContent]
        ) {
            // The loops start with the first connections.
            for _ in 0..<10 { try await openAndClosePair() }
            try await waitUntilNothingLives()
            let start = Footprint.now

            for _ in 10..<50 { try await openAndClosePair() }
            try await waitUntilNothingLives()
            let hundredth = Footprint.now
            for _ in 50..<500 { try await openAndClosePair() }
            try await waitUntilNothingLives()
            let end = Footprint.now

            #expect(end.descriptors == start.descriptors)
            #expect(end.loopThreads == start.loopThreads)
            #expect(start.loopThreads > 0)
            // A quarter of what the smallest part of a connection takes; tables have their slack.
            let growth = (end.heapBytes - hundredth.heapBytes) / 900
            #expect(growth < 1_024)
            say("start \(start), 100th \(hundredth), 1,000th \(end), \(growth) B each")
        }
        if let result { print(String(decoding: result.standardErrorContent, as: UTF8.self)) }
    }

    @Test(.timeLimit(.minutes(1)))
    func aConnectionThatIsDroppedLeavesNothing() async throws {
        await #expect(processExitsWith: .success) {
            try await dropConnections()
            try await waitUntilNothingLives()
            let start = Footprint.now
            for _ in 0..<10 { try await dropConnections() }
            try await waitUntilNothingLives()
            #expect(Footprint.now.descriptors == start.descriptors)
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func aTrackDoesNotKeepItsConnection() async throws {
        await #expect(processExitsWith: .success) {
            let local: LocalAudioTrack
            let remote: RemoteAudioTrack
            do {
                let (left, right) = try await connectedPair()
                local = try await left.addAudioTrack()
                remote = try #require(await firstTrack(of: right))
            }
            try await waitUntilNothingLives()
            try await local.send(.silence(samples: 9_600))
            #expect(await remote.nextFrame() == nil)
        }
    }
}

/// A pair from new to closed on both sides.
private func openAndClosePair() async throws {
    let (left, right) = try await connectedPair()
    await left.close()
    #expect(await reasonOfEnd(of: right) == .peer)
}

/// Drops connections that nobody has closed; their events end.
private func dropConnections() async throws {
    var events: AsyncStream<PeerConnection.Event>
    do {
        let peer = try PeerConnection(configuration: .loopback)
        // Has a place on its loop, but no deadline that would notice its end.
        _ = try await peer.addAudioTrack()
        events = peer.events
    }
    for await _ in events {}
    do {
        // Has sockets, timers, and a track whose frames somebody waits for.
        let (left, right) = try await connectedPair()
        events = left.events
        let track = try #require(await firstTrack(of: right))
        Task { for await _ in track.frames() {} }
    }
    for await _ in events {}
}

/// Gives way to the jobs on the loops, with whose end the last references go.
///
/// However long that takes: threads that hold one may wait for a processor, and what is never given
/// back runs into the time limit of the test.
private func waitUntilNothingLives() async throws {
    while try await Leftovers.now != Leftovers() { try await Task.sleep(for: .milliseconds(1)) }
}

/// Objects that are alive, and what the loops hold.
private struct Leftovers: Hashable {
    var connections = 0
    var sockets = 0
    var clients = 0
    var deadlines = 0
    var sources = 0

    static var now: Leftovers {
        get async throws {
            var sum = Leftovers()
            sum.connections = PeerConnection.live.count
            sum.sockets = UDPSocket.live.count
            for loop in try EventLoopGroup.shared.loops {
                let inside = await Visitor(loop: loop).inspect()
                sum.clients += inside.clients
                sum.deadlines += inside.deadlines
                sum.sources += inside.sources
            }
            return sum
        }
    }
}

private func say(_ text: String) {
    let bytes = Array((text + "\n").utf8)
    // The kernel copies the bytes before the call returns.
    _ = unsafe write(STDERR_FILENO, bytes, bytes.count)
}

/// Asks a loop what it holds.
private actor Visitor {
    let loop: EventLoop

    init(loop: EventLoop) { self.loop = loop }

    nonisolated var unownedExecutor: UnownedSerialExecutor {
        unsafe loop.asUnownedSerialExecutor()
    }

    func inspect() -> EventLoopInspection { loop.inspect() }
}
