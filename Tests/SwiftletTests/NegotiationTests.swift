import Swiftlet
import Testing

@Suite("A connection negotiates what is in its table of capabilities")
struct NegotiationTests {
    private static var full: Configuration {
        var configuration = Configuration.loopback
        configuration.capabilities = .full
        return configuration
    }

    /// Closes `peer` and returns what it has told until then.
    private func events(of peer: PeerConnection) async -> [PeerConnection.Event] {
        await peer.close()
        var events: [PeerConnection.Event] = []
        for await event in peer.events { events.append(event) }
        return events
    }

    @Test func byDefaultThatIsAudio() async throws {
        let peer = try PeerConnection(configuration: .loopback)
        for refused in [
            { _ = try await peer.addTransceiver(.video) }, { _ = try await peer.addTrack(.video) },
            { try await peer.addDataSection() },
        ] as [() async throws -> Void] {
            let error = await #expect(throws: PeerConnectionError.self) { try await refused() }
            guard case .session(.notSupported) = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
        }
        await peer.close()
    }

    @Test func videoInSeveralEncodingsAndData() async throws {
        let left = try PeerConnection(configuration: Self.full)
        let right = try PeerConnection(configuration: Self.full)
        let camera = try await left.addTransceiver(
            .video,
            direction: .sendOnly,
            streamIDs: ["camera"],
            encodings: [EncodingParameters(rid: "hi"), EncodingParameters(rid: "lo")]
        )
        let codecs = await left.capabilities(of: .video).codecs
        try await camera.setCodecPreferences(codecs.filter { $0.name == "VP9" })
        try await left.addDataSection()
        try await negotiate(left, right)

        #expect(await camera.snapshot?.currentDirection == .sendOnly)
        var parameters = try await camera.sender.parameters()
        #expect(parameters.encodings.map(\.rid) == ["hi", "lo"])
        #expect(Set(parameters.codecs.map(\.codec.name)) == ["VP9"])
        parameters.encodings[1].active = false
        try await camera.sender.setParameters(parameters)
        #expect(await camera.snapshot?.encodings.map(\.active) == [true, false])
        #expect(await left.dataSection?.mid == right.dataSection?.mid)
        #expect(await left.dataSection != nil)

        try await camera.sender.replaceTrack(with: "screen", kind: .video)
        #expect(await left.transceivers.map(\.id) == [camera.id])
        try await camera.sender.setStreams(["screen", "more"])
        try await negotiate(left, right)
        try await left.removeTrack(camera.sender)
        try await negotiate(left, right)
        await left.close()

        var told: [String] = []
        for event in await events(of: right) {
            switch event {
            case .videoTrack(let track): told.append("video \(track.streamIDs)")
            case .trackStreamsChanged(_, let streamIDs): told.append("streams \(streamIDs)")
            case .trackEnded: told.append("ended")
            case .track: told.append("audio")
            default: break
            }
        }
        #expect(told == ["video [\"camera\"]", "streams [\"screen\", \"more\"]", "ended"])
    }

    @Test func aSenderIsOfOneConnection() async throws {
        let left = try PeerConnection(configuration: .loopback)
        let right = try PeerConnection(configuration: .loopback)
        let sender = try await left.addTrack(.audio, id: "voice", streamIDs: ["s"])
        _ = try await right.addTrack(.audio)
        #expect(await sender.transceiver.snapshot?.trackID == "voice")
        #expect(await left.senders.map(\.transceiver.id) == [sender.transceiver.id])
        let error = await #expect(throws: PeerConnectionError.self) {
            try await right.removeTrack(sender)
        }
        guard case .session(.invalidAccess(.unknownTransceiver)) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        await left.close()
        await right.close()
    }

    @Test func audioTracksFollowTheirStreams() async throws {
        let left = try PeerConnection(configuration: .loopback)
        let right = try PeerConnection(configuration: .loopback)
        let sender = try await left.addTrack(.audio, streamIDs: ["one"])
        try await negotiate(left, right)
        let track = try #require(await firstTrack(of: right))
        #expect(track.streamIDs == ["one"])
        try await sender.setStreams(["two"])
        try await negotiate(left, right)
        #expect(track.streamIDs == ["two"])
        // A pause is silence; a section that is gone ends the track.
        #expect(await track.nextFrame() != nil)
        try await sender.transceiver.stop()
        try await negotiate(left, right)
        #expect(await track.nextFrame() == nil)
        await left.close()
        await right.close()
    }

    @Test func strictConnectionsRefuseWhatOthersBear() async throws {
        let left = try PeerConnection(configuration: .loopback)
        _ = try await left.addTrack(.audio)
        var offer = try await left.createOffer()
        offer.sdp = offer.sdp.replacing("t=0 0\r\n", with: "")
        var configuration = Configuration.loopback
        configuration.descriptionMode = .strict
        let strict = try PeerConnection(configuration: configuration)
        let error = await #expect(throws: PeerConnectionError.self) {
            try await strict.setRemoteDescription(offer)
        }
        guard case .session(.sdpSyntax) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        let tolerant = try PeerConnection(configuration: .loopback)
        try await tolerant.setRemoteDescription(offer)
        let warnings = await events(of: tolerant).count { event in
            if case .warning(.descriptionDeviates) = event { true } else { false }
        }
        #expect(warnings == 1)
        await left.close()
        await strict.close()
    }

    @Test func aCandidateWithoutSectionIsRefusedBeforeItWaitsForItsTurn() async throws {
        let peer = try PeerConnection(configuration: .loopback)
        await peer.close()
        let error = await #expect(throws: PeerConnectionError.self) {
            try await peer.addICECandidate(
                ICECandidate(candidate: "candidate:1 1 udp 1 192.0.2.1 9 typ host")
            )
        }
        guard case .session(.type(.candidateWithoutSection)) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}
