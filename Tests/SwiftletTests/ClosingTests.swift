import Swiftlet
import Testing

@Suite("Closing a connection")
struct ClosingTests {
    /// How far a connection has come when it is closed.
    enum Stage: CaseIterable {
        case new, hasTrack, hasOffer, haveLocalOffer, haveRemoteOffer, connecting, connected
    }

    @Test(.timeLimit(.minutes(1)), arguments: Stage.allCases)
    func endsEverythingInAnyState(stage: Stage) async throws {
        let (peer, other) = try await pair(at: stage)
        await peer.close()

        #expect(await peer.isClosed)
        #expect(await peer.connectionState == .closed)
        #expect(await peer.signalingState == .closed)
        #expect(await reasonOfEnd(of: peer) == .local)
        await expectClosed(.local) { try await peer.connected() }
        await #expect(throws: PeerConnectionError.self) { try await peer.createOffer() }
        await #expect(throws: PeerConnectionError.self) { try await peer.addAudioTrack() }
        await #expect(throws: PeerConnectionError.self) {
            try await peer.setRemoteDescription(SessionDescription(.offer, sdp: "v=0\r\n"))
        }
        await peer.restartICE()
        await peer.close()
        await other.close()
    }

    @Test(.timeLimit(.minutes(1)))
    func endsTheWaitForAConnection() async throws {
        let peer = try PeerConnection(configuration: .loopback)
        let waiting = (0..<3).map { _ in Task { try await peer.connected() } }
        await peer.close()
        for task in waiting { await expectClosed(.local) { try await task.value } }
    }

    @Test(.timeLimit(.minutes(1)))
    func isNotNeededToCancelAWait() async throws {
        let peer = try PeerConnection(configuration: .loopback)
        let waiting = Task { try await peer.connected() }
        let patient = Task { try await peer.connected() }
        waiting.cancel()
        do {
            try await waiting.value
            Issue.record("nothing was thrown")
        } catch PeerConnectionError.cancelled {
        } catch {
            Issue.record("\(error) was thrown")
        }
        // The connection, and whoever else waits for it, do not notice.
        #expect(await peer.connectionState == .new)
        await peer.close()
        await expectClosed(.local) { try await patient.value }
    }

    @Test(.timeLimit(.minutes(1)))
    func worksFromManyTasksAtOnce() async throws {
        let (left, right) = try await connectedPair()
        await withTaskGroup { group in
            for _ in 0..<50 { group.addTask { await left.close() } }
        }
        #expect(await reasonOfEnd(of: left) == .local)
        #expect(await reasonOfEnd(of: right) == .peer)
    }

    @Test(.timeLimit(.minutes(1)))
    func worksOnBothSidesAtOnce() async throws {
        let (left, right) = try await connectedPair()
        async let first: Void = left.close()
        async let second: Void = right.close()
        _ = await (first, second)
        #expect(await left.isClosed)
        #expect(await right.isClosed)
        #expect(await reasonOfEnd(of: left) != nil)
        #expect(await reasonOfEnd(of: right) != nil)
    }

    @Test(.timeLimit(.minutes(1)))
    func endsTheFramesOfTheOtherSide() async throws {
        let (left, right) = try await connectedPair()
        let track = try #require(await firstTrack(of: right))
        let frames = Task {
            var count = 0
            for await _ in track.frames() { count += 1 }
            return count
        }
        #expect(await track.nextFrame() != nil)
        await left.close()
        _ = await frames.value
        #expect(await track.nextFrame() == nil)
    }

    @Test(.timeLimit(.minutes(1)))
    func isNotNeededToCancelFrames() async throws {
        let (left, right) = try await connectedPair()
        let track = try #require(await firstTrack(of: right))
        let frames = Task { for await _ in track.frames() {} }
        frames.cancel()
        await frames.value
        #expect(await right.connectionState == .connected)
        await left.close()
        #expect(await reasonOfEnd(of: right) == .peer)
    }

    @Test(.timeLimit(.minutes(1)))
    func isHarmlessToTracksThatGoOnSending() async throws {
        let (left, right) = try await connectedPair()
        let track = try await left.addAudioTrack()
        await left.close()
        for _ in 0..<10 { try await track.send(.silence(samples: 960)) }
        await track.skip(samples: 960)
        #expect(await reasonOfEnd(of: right) == .peer)
    }

    private func pair(at stage: Stage) async throws -> (PeerConnection, PeerConnection) {
        if stage == .connected { return try await connectedPair() }
        let peer = try PeerConnection(configuration: .loopback)
        let other = try PeerConnection(configuration: .loopback)
        if stage == .new { return (peer, other) }
        _ = try await peer.addAudioTrack()
        switch stage {
        case .new, .connected, .hasTrack: break
        case .hasOffer: _ = try await peer.createOffer()
        case .haveLocalOffer: try await peer.setLocalDescription()
        case .haveRemoteOffer:
            _ = try await other.addAudioTrack()
            try await peer.setRemoteDescription(try await other.setLocalDescription())
        case .connecting: try await negotiate(peer, other)
        }
        return (peer, other)
    }
}
