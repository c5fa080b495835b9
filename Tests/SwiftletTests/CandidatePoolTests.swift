import LinuxIO
import Swiftlet
import Testing

@Suite("Sockets opened ahead of time", .timeLimit(.minutes(1)))
struct CandidatePoolSocketTests {
    private static var pooled: Configuration {
        var configuration = Configuration.loopback
        configuration.iceCandidatePoolSize = 1
        return configuration
    }

    @Test func theFirstDescriptionTakesThemOver() async throws {
        let left = try PeerConnection(configuration: Self.pooled)
        let right = try PeerConnection(configuration: Self.pooled)
        // Nobody has asked for anything yet.
        while await left.candidatePoolCount != 1 { try await Task.sleep(for: .milliseconds(1)) }
        #expect(await left.gatheringState == .new)
        _ = try await left.addAudioTrack()
        _ = try await right.addAudioTrack()
        try await negotiate(left, right)
        #expect(await left.candidatePoolCount == 0)
        #expect(await left.gatheringState == .complete)
        try await left.connected()
        try await right.connected()
        await left.close()
        #expect(await reasonOfEnd(of: right) == .peer)
    }

    /// In a process of its own, where nobody else opens sockets.
    @Test func theyGoWithTheConnection() async {
        await #expect(processExitsWith: .success) {
            let before = UDPSocket.live.count
            var configuration = Self.pooled
            configuration.iceCandidatePoolSize = 3
            let peer = try PeerConnection(configuration: configuration)
            while await peer.candidatePoolCount != 3 { try await Task.sleep(for: .milliseconds(1)) }
            #expect(UDPSocket.live.count == before + 3)
            await peer.close()
            #expect(await reasonOfEnd(of: peer) == .local)
            #expect(UDPSocket.live.count == before)
        }
    }
}
