import LinuxIO
import Swiftlet
import Testing
import Wire

@Suite("Strangers on passive candidates (RFC 6544 §4.1)", .timeLimit(.minutes(1)))
struct StrangerTests {
    /// In a process of its own, where nothing takes its seconds away.
    @Test func keepNobodyOutAndDoNotLast() async {
        await #expect(processExitsWith: .success) { try await callThroughCrowd() }
    }
}

private func callThroughCrowd() async throws {
    var configuration = Configuration.loopback
    configuration.sockets.usesTCP = true
    let left = try PeerConnection(configuration: configuration)
    let right = try PeerConnection(configuration: configuration)
    _ = try await left.addAudioTrack()
    let offer = only("passive", try await left.setLocalDescription())
    let crowd = Crowd(on: try EventLoop(name: "crowd"))
    try await crowd.connect(60, to: try #require(place(in: offer)))
    try await wait { await crowd.hasTried }

    try await right.setRemoteDescription(offer)
    try await left.setRemoteDescription(only("active", try await right.setLocalDescription()))
    try await left.connected()
    try await right.connected()
    try await wait { await crowd.isEmpty }
    let state = await left.connectionState
    precondition(state == .connected)
    await left.close()
    let reason = await reasonOfEnd(of: right)
    precondition(reason == .peer)
    await crowd.loop.stop()
}

/// Waits for half a minute at most: whoever waits for a process is not ended by a limit of its own.
private func wait(until isSo: () async -> Bool) async throws {
    for _ in 0..<30_000 {
        if await isSo() { return }
        try await Task.sleep(for: .milliseconds(1))
    }
    preconditionFailure("what was waited for has not come")
}

/// Where the description's first candidate is.
private func place(in description: SessionDescription) -> SocketAddress? {
    let line = description.sdp.split(separator: "\r\n").first { $0.hasPrefix("a=candidate") }
    let words = line?.split(separator: " ") ?? []
    guard words.count > 5, let address = IPAddress(String(words[4])) else { return nil }
    return UInt16(words[5]).map { SocketAddress(address, port: $0) }
}

/// Connections that have nothing authentic to say.
private actor Crowd: TCPStreamOwner {
    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        // `loop` is retained by this actor, so it outlives the reference.
        unsafe loop.asUnownedSerialExecutor()
    }
    private var streams: [TCPStream] = []
    /// Those that are connected, or were refused.
    private var settled: Set<ObjectIdentifier> = []

    var hasTried: Bool { streams.allSatisfy { settled.contains(ObjectIdentifier($0)) } }
    var isEmpty: Bool { streams.isEmpty }

    init(on loop: EventLoop) { self.loop = loop }

    func connect(_ count: Int, to place: SocketAddress) throws {
        for _ in 0..<count {
            let stream = try TCPStream.connect(to: place, on: loop, owner: self)
            // The kernel forgets those for which there is no room at first, unless they say something.
            stream.send([0, 1, 0])
            streams.append(stream)
        }
    }

    nonisolated func connected(_ stream: TCPStream) {
        assumeIsolated { crowd in _ = crowd.settled.insert(ObjectIdentifier(stream)) }
    }

    nonisolated func received(_ bytes: [UInt8], on stream: TCPStream) {}

    nonisolated func closed(_ stream: TCPStream, error: SystemError?) {
        assumeIsolated { crowd in crowd.streams.removeAll { $0 === stream } }
    }
}
