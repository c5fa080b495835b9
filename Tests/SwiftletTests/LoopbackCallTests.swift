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
        #expect(await reasonOfEnd(of: right) == .peer)
        #expect(await right.isClosed)
        await expectClosed(.peer) { try await right.connected() }
    }

    @Test(.timeLimit(.minutes(1)))
    func connectsWithCandidatesFromEventsAlone() async throws {
        let left = try PeerConnection(configuration: .loopback)
        let right = try PeerConnection(configuration: .loopback)
        _ = try await left.addAudioTrack()
        let offer = try await left.createOffer()
        #expect(!offer.sdp.contains("a=candidate"))
        try await left.setLocalDescription(offer)
        try await right.setRemoteDescription(offer)
        let answer = try await right.createAnswer()
        #expect(!answer.sdp.contains("a=candidate"))
        try await right.setLocalDescription(answer)
        try await left.setRemoteDescription(answer)

        let toRight = Task { try await passCandidates(of: left, to: right) }
        let toLeft = Task { try await passCandidates(of: right, to: left) }
        try await left.connected()
        try await right.connected()
        await left.close()
        // The peer's close ends both sequences, and with them the tasks.
        #expect(try await toRight.value >= 1)
        #expect(try await toLeft.value >= 1)
    }

    @Test(.timeLimit(.minutes(1)))
    func failsWhenTheFingerprintIsNotThePeers() async throws {
        let left = try PeerConnection(configuration: .loopback)
        let right = try PeerConnection(configuration: .loopback)
        _ = try await left.addAudioTrack()
        try await right.setRemoteDescription(try await left.setLocalDescription())
        var answer = try await right.setLocalDescription()
        answer.sdp = try withWrongFingerprint(answer.sdp)
        try await left.setRemoteDescription(answer)

        let failure = await #expect(throws: PeerConnectionError.self) { try await left.connected() }
        guard case .failed = failure else {
            Issue.record("expected .failed, not \(String(describing: failure))")
            return
        }
        #expect(await left.connectionState == .failed)
        // ICE has worked: it is the certificate that was refused.
        #expect(await left.statistics().path != nil)
        #expect(await right.connectionState != .connected)
        await left.close()
        await right.close()
    }

    @Test func refusesACandidateBeforeItsDescription() async throws {
        let peer = try PeerConnection(configuration: .loopback)
        let candidate = ICECandidate(
            candidate: "candidate:1 1 udp 2130706431 127.0.0.1 5000 typ host",
            sdpMid: "0"
        )
        let error = await #expect(throws: PeerConnectionError.self) {
            try await peer.addICECandidate(candidate)
        }
        guard case .session(.invalidState(.noRemoteDescription)) = error else {
            Issue.record("not an InvalidStateError: \(String(describing: error))")
            return
        }
        await peer.close()
    }

    @Test func saysInWhichLineADescriptionIsWrong() async throws {
        let peer = try PeerConnection(configuration: .loopback)
        let text = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\nm=audio nine RTP/AVP 0\r\n"
        let error = await #expect(throws: PeerConnectionError.self) {
            try await peer.setRemoteDescription(SessionDescription(.offer, sdp: text))
        }
        guard case .session(.sdpSyntax(let syntax)) = error else {
            Issue.record("not an sdp-syntax-error: \(String(describing: error))")
            return
        }
        #expect(syntax.line == 5)
        #expect("\(syntax)".contains("line 5"))
        // A refused description changes nothing.
        #expect(await peer.signalingState == .stable)
        await peer.close()
    }

    @Test func tellsWhichAddressGivesNoCandidate() async throws {
        var configuration = Configuration()
        // A documentation address of RFC 5737 that no interface here has.
        let foreign = try #require(IPAddress("203.0.113.77"))
        configuration.interfaces = .addresses([foreign, .loopback4])
        let peer = try PeerConnection(configuration: configuration)
        _ = try await peer.addAudioTrack()
        try await peer.setLocalDescription()
        await peer.close()
        var refused: [IPAddress?] = []
        var candidates = 0
        for await event in peer.events {
            if case .gatheringFailed(let address, _) = event { refused.append(address) }
            if case .candidate = event { candidates += 1 }
        }
        #expect(refused == [foreign])
        #expect(candidates == 1)
    }

    /// Returns how many were passed.
    private func passCandidates(
        of one: PeerConnection,
        to other: PeerConnection
    ) async throws -> Int {
        var count = 0
        for await event in one.events {
            guard case .candidate(let candidate) = event else { continue }
            try await other.addICECandidate(candidate)
            count += 1
        }
        return count
    }

    /// Changes one digit of the fingerprint.
    private func withWrongFingerprint(_ sdp: String) throws -> String {
        let marker = "a=fingerprint:sha-256 "
        let range = try #require(sdp.range(after: marker))
        let digit: Character = sdp[range.lowerBound] == "A" ? "B" : "A"
        return sdp.replacingCharacter(at: range.lowerBound, with: digit)
    }
}

extension String {
    /// From the end of `marker` to the end of the text.
    fileprivate func range(after marker: String) -> Range<String.Index>? {
        var start = startIndex
        while start < endIndex {
            if self[start...].hasPrefix(marker) {
                return index(start, offsetBy: marker.count)..<endIndex
            }
            start = index(after: start)
        }
        return nil
    }

    fileprivate func replacingCharacter(at index: Index, with character: Character) -> String {
        String(self[..<index]) + String(character) + String(self[self.index(after: index)...])
    }
}
