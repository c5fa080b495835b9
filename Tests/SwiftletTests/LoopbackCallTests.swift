import Swiftlet
import Testing

/// Two connections in one process, over real sockets on loopback.
@Suite("A call over loopback")
struct LoopbackCallTests {
    @Test(.timeLimit(.minutes(1)))
    func connectsAndTellsTheOtherSideWhenItHangsUp() async throws {
        let (left, right) = try await connectedPair()
        #expect(await left.connectionState == .connected)
        #expect(await right.connectionState == .connected)

        await left.close()
        // The other side learns by close_notify: its events end with the reason.
        var reason: CloseReason?
        for await event in right.events {
            if case .closed(let why) = event { reason = why }
        }
        #expect(reason == .peer)
        #expect(await right.isClosed)
    }

    @Test(.timeLimit(.minutes(1)))
    func closingTwiceOrBeforeAnythingElseIsNoError() async throws {
        let peer = try PeerConnection(configuration: .loopback)
        await peer.close()
        await peer.close()
        #expect(await peer.connectionState == .closed)
        await #expect(throws: PeerConnectionError.self) { try await peer.createOffer() }
    }
}

extension Configuration {
    static var loopback: Configuration {
        var configuration = Configuration()
        configuration.interfaces = .loopbackOnly
        return configuration
    }
}

/// Two connections with audio both ways, connected.
func connectedPair() async throws -> (PeerConnection, PeerConnection) {
    let left = try PeerConnection(configuration: .loopback)
    let right = try PeerConnection(configuration: .loopback)
    _ = try await left.addAudioTrack()
    _ = try await right.addAudioTrack()
    try await left.setLocalDescription()
    // Sockets are open when setLocalDescription returns: the description holds all candidates.
    let offer = try #require(await left.localDescription)
    try await right.setRemoteDescription(offer)
    try await right.setLocalDescription()
    let answer = try #require(await right.localDescription)
    try await left.setRemoteDescription(answer)
    try await left.connected()
    try await right.connected()
    return (left, right)
}
