import ICE
import Peer
import SDP
import Testing
import Wire

@Suite("RFC 9429 §7: the calls of the specification's examples, made by our sessions")
struct SpecificationExampleTests {
    /// The table of the examples' browsers; `hasFEC` for the one that offers simulcast in §7.2.
    private static func capabilities(hasFEC: Bool = false) -> MediaCapabilities {
        var table = MediaCapabilities()
        table.audio.codecs = [
            CodecCapability("audio/opus", clockRate: 48_000, channels: 2, payloadType: 96),
            CodecCapability("audio/PCMU", clockRate: 8_000, payloadType: 0),
            CodecCapability("audio/PCMA", clockRate: 8_000, payloadType: 8),
            event(clockRate: 8_000, payloadType: 97), event(clockRate: 48_000, payloadType: 98),
        ]
        table.audio.maximumPacketTime = 120
        table.audio.hasReducedSizeRTCP = true
        table.audio.headerExtensions = [
            HeaderExtensionCapability(ExtensionMapAttribute.midURI, id: 1),
            HeaderExtensionCapability(ExtensionMapAttribute.audioLevelURI, id: 2),
        ]
        table.video.codecs = [
            CodecCapability(
                "video/VP8",
                clockRate: 90_000,
                feedback: ["ccm fir", "nack", "nack pli"],
                payloadType: 100
            ),
            CodecCapability(
                "video/H264",
                clockRate: 90_000,
                parameters: "packetization-mode=1;profile-level-id=42e01f",
                payloadType: 101
            ), CodecCapability("video/rtx", clockRate: 90_000),
        ]
        if hasFEC {
            let fec = CodecCapability("video/flexfec", clockRate: 90_000, payloadType: 104)
            table.video.codecs.append(fec)
        }
        table.video.headerExtensions = [
            HeaderExtensionCapability(ExtensionMapAttribute.midURI, id: 1),
            HeaderExtensionCapability(ExtensionMapAttribute.ridURI, id: 3),
        ]
        table.video.hasReducedSizeRTCP = true
        table.video.sentEncodings = 3
        table.data = MediaCapabilities.Data(maximumMessageSize: 65_536)
        table.groupsStreams = true
        return table
    }

    private static func event(clockRate: UInt32, payloadType: UInt8) -> CodecCapability {
        CodecCapability(
            "audio/telephone-event",
            clockRate: clockRate,
            parameters: "0-15",
            payloadType: payloadType
        )
    }

    /// What the comparison leaves out beside what is made up for each call.
    ///
    /// The specification's mids are `a1`, `v1` and `d1`, ours are numbers: descriptions are renamed
    /// before they are compared. `imageattr` limits pictures, which no module of ours does.
    /// Answers of the examples say `rtcp-mux-only`, which only offers may say: it is taken out of them.
    /// `end-of-candidates` and candidates belong to gathering (kind `candidate`).
    private static let ignored: Set<SDPDifference.Kind> = .madeUpForEachCall
    private static let ignoredAttributes: Set<String> = ["imageattr"]

    /// The ways in which our descriptions differ from the one in the specification.
    private func differences(
        _ text: String,
        from example: String,
        naming mids: [String]
    ) throws -> [String] {
        var ours = try SDPDescription(parsing: text)
        let names = Dictionary(uniqueKeysWithValues: zip(ours.media.compactMap(\.mid), mids))
        for index in ours.media.indices { ours.media[index].mid = mids[index] }
        ours.groups = ours.groups.map { group in
            GroupAttribute(semantics: group.semantics, mids: group.mids.compactMap { names[$0] })
        }
        var specified = try SDPDescription(parsing: Recorded.text("rfc9429/\(example).sdp"))
        if example.hasPrefix("answer") {
            // RFC 8858 §4.3 forbids it in answers, and §5.3.1 does not ask for it.
            for index in specified.media.indices { specified.media[index].isRTCPMuxOnly = false }
        }
        return ours.differences(
            from: specified,
            ignoring: Self.ignored,
            attributes: Self.ignoredAttributes
        ).map(\.description)
    }

    private func couple(
        _ policy: BundlePolicy,
        mux: RTCPMuxPolicy = .require,
        rightHasFEC: Bool = false
    ) throws -> Couple {
        var left = PeerConfiguration()
        left.bundlePolicy = policy
        left.rtcpMuxPolicy = mux
        // The specification knows nothing of it.
        left.ice.usesRenomination = false
        left.capabilities = Self.capabilities()
        var right = left
        right.capabilities = Self.capabilities(hasFEC: rightHasFEC)
        return try Couple(left: left, right: right)
    }

    @Test("§7.1: a simple example of audio and video, balanced, with rtcp-mux negotiated")
    func simple() throws {
        var call = try couple(.balanced, mux: .negotiate)
        let (offer, answer) = try exchange(&call)
        let difference1 = try differences(offer, from: "offer-A1", naming: ["a1", "v1"])
        #expect(difference1 == [])
        let difference2 = try differences(answer, from: "answer-A1", naming: ["a1", "v1"])
        #expect(difference2 == [])
    }

    /// Audio and video of one stream both ways.
    private func exchange(_ call: inout Couple) throws -> (String, String) {
        _ = try call.left.addTrack(.audio, streamIDs: ["left"], at: .zero)
        _ = try call.left.addTrack(.video, streamIDs: ["left"], at: .zero)
        _ = try call.right.addTrack(.audio, streamIDs: ["right"], at: .zero)
        _ = try call.right.addTrack(.video, streamIDs: ["right"], at: .zero)
        let offer = try call.left.offer()
        let answer = try call.right.answer(offer)
        try call.left.accept(answer)
        return (offer, answer)
    }

    @Test("§7.2: audio and data, then the other side adds two video tracks, one with simulcast")
    func detailed() throws {
        var call = try couple(.maxBundle, rightHasFEC: true)
        _ = try call.left.addTrack(.audio, streamIDs: ["left"], at: .zero)
        try call.left.addDataSection(at: .zero)
        _ = try call.right.addTrack(.audio, streamIDs: ["right"], at: .zero)
        let offer = try call.left.offer()
        let answer = try call.right.answer(offer)
        try call.left.accept(answer)
        let difference3 = try differences(offer, from: "offer-B1", naming: ["a1", "d1"])
        #expect(difference3 == [])
        let difference4 = try differences(answer, from: "answer-B1", naming: ["a1", "d1"])
        #expect(difference4 == [])

        var options = TransceiverOptions(streamID: "right")
        options.encodings = ["1", "2", "3"].map { EncodingParameters(rid: $0) }
        _ = try call.right.addTransceiver(.video, options, at: .zero)
        _ = try call.right.addTransceiver(.video, TransceiverOptions(streamID: "r2"), at: .zero)
        let second = try call.right.offer()
        let reply = try call.left.answer(second)
        try call.right.accept(reply)
        let mids = ["a1", "d1", "v1", "v2"]
        let difference5 = try differences(second, from: "offer-B2", naming: mids)
        #expect(difference5 == [])
        let difference6 = try differences(reply, from: "answer-B2", naming: mids)
        #expect(difference6 == [])
    }

    @Test("§7.3: the answerer hears first and speaks later; all through one bundle")
    func earlyTransport() throws {
        var call = try couple(.maxBundle)
        _ = try call.left.addTrack(.audio, streamIDs: ["left"], at: .zero)
        _ = try call.left.addTrack(.video, streamIDs: ["left"], at: .zero)
        let offer = try call.left.offer()
        try call.right.setRemoteDescription(SessionDescription(.offer, sdp: offer), at: .zero)
        for kind in [MediaKind.audio, .video] {
            let id = try call.right.addTrack(kind, streamIDs: ["right"], at: .zero)
            try call.right.setDirection(.sendOnly, of: id, at: .zero)
        }
        let answer = try call.right.setLocalDescription(at: .zero).sdp
        try call.left.accept(answer)
        let difference7 = try differences(offer, from: "offer-C1", naming: ["a1", "v1"])
        #expect(difference7 == [])
        let difference8 = try differences(answer, from: "answer-C1", naming: ["a1", "v1"])
        #expect(difference8 == [])
        for id in call.right.transceivers {
            try call.right.setDirection(.sendReceive, of: id, at: .zero)
        }
        let second = try call.right.offer()
        let reply = try call.left.answer(second)
        let difference9 = try differences(second, from: "offer-C2", naming: ["a1", "v1"])
        #expect(difference9 == [])
        let difference10 = try differences(reply, from: "answer-C2", naming: ["a1", "v1"])
        #expect(difference10 == [])
    }
}
