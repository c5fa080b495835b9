import ICE
import Peer
import SDP
import Testing
import Wire

@Suite("Offers of browsers, servers and libraries are answered by the rules")
struct RecordedOfferTests {
    /// Everything recorded that offers a DTLS role: answers are read as offers too, by their text.
    static let offers = Recorded.names(holding: "a=setup:actpass")

    @Test func thereIsMuchToAnswer() {
        #expect(Self.offers.count > 60)
        #expect(Self.offers.contains { $0.hasPrefix("browsers/chrome") })
        #expect(Self.offers.contains { $0.hasPrefix("ex_webrtc/firefox") })
    }

    @Test("each gets an answer that follows RFC 9429, or a reason", arguments: offers)
    func answer(name: String) throws {
        let offer = Recorded.text(name)
        var session = try makeSession()
        let audio = try session.addTrack(.audio, at: .zero)
        let error = peerError {
            let answer = try session.answer(offer)
            let violations = try AnswerValidator.violations(
                of: SDPDescription(parsing: answer),
                to: SDPDescription(parsing: offer)
            )
            #expect(violations == [])
            #expect(try JSEPRules.broken(inAnswer: answer, to: offer) == [])
        }
        switch error {
        case nil:
            let offered = try SDPDescription(parsing: offer)
            let answered = try SDPDescription(parsing: session.localDescription?.sdp ?? "")
            for (ours, theirs) in zip(answered.media, offered.media) {
                let hasOpus = theirs.rtpMaps.contains { $0.encoding.lowercased() == "opus" }
                // Whatever is no audio we know is refused in its own words.
                #expect(ours.isRejected || theirs.kind == "audio" && hasOpus)
                if ours.isRejected { #expect(ours.formats == theirs.formats) }
            }
            _ = audio
        case .sdpSyntax, .invalidAccess(.description(.iceCredentials)),
            .invalidAccess(.description(.fingerprint)):
            // Recorded by tests of parsers: not whole.
            #expect(!name.hasPrefix("browsers/") && !name.hasPrefix("ex_webrtc/"))
        case .invalidState, .invalidAccess, .invalidModification, .operation, .notSupported,
            .type, .range:
            Issue.record("\(name): \(String(describing: error))")
        }
    }

    @Test(
        "audio of those that offer Opus is accepted",
        arguments: [
            "chrome_offer.sdp", "browsers/chrome-vp8.initial-offer.sdp",
            "browsers/chrome-maxbundle-red.initial-offer.sdp",
            "browsers/chrome-maxcompat.reneg-offer.sdp",
            "browsers/chrome-offers-aiortc.browser-offer.sdp",
            "ex_webrtc/chromium_audio_video_sdp.sdp", "ex_webrtc/firefox_audio_video_sdp.sdp",
            "ex_webrtc/obs_audio_video_sdp.sdp", "aiortc/audio_chrome.sdp",
            "aiortc/audio_firefox.sdp", "rfc9429/offer-A1.sdp", "rfc9429/offer-B1.sdp",
            "libwebrtc-fuzz/firefox-1.sdp", "libwebrtc-fuzz/opera-1.sdp",
            "sdp-transform/jssip.sdp",
        ]
    )
    func acceptsAudio(name: String) throws {
        var session = try makeSession()
        let answer = try SDPDescription(parsing: session.answer(Recorded.text(name)))
        let accepted = answer.media.filter { !$0.isRejected }
        #expect(accepted.map(\.kind) == ["audio"])
        #expect(accepted.first?.setup == .active)
    }

    @Test func anOfferWithoutDTLSIsRefusedByName() throws {
        var session = try makeSession()
        let offer = Recorded.text("aiortc/audio_freeswitch_no_dtls.sdp")
            .replacing("a=rtpmap:8 PCMA/8000", with: "a=rtpmap:8 opus/48000/2")
        guard
            case .invalidAccess(.description(let part))? = peerError({
                _ = try session.answer(offer)
            })
        else {
            Issue.record("no error")
            return
        }
        #expect(part == .fingerprint || part == .iceCredentials)
        let state = session.signalingState
        #expect(state == .stable)
    }

    @Test func anUnknownProfileAndAnUnknownMediumAreRejected() throws {
        var caller = try makeSession(seed: 2)
        _ = try caller.addTrack(.audio, at: .zero)
        let base = try SDPDescription(parsing: caller.offer())
        for (kind, profile) in [("audio", "UDP/BFCP"), ("text", "UDP/TLS/RTP/SAVPF")] {
            var offer = base
            offer.media[0].kind = kind
            offer.media[0].protocolName = profile
            var session = try makeSession()
            let answer = try SDPDescription(parsing: session.answer(offer.write()))
            #expect(answer.media.map(\.port) == [0])
            #expect(answer.bundledMIDs == nil)
            // Nothing to connect: no socket is asked for.
            let outputs = session.isIdle()
            #expect(outputs)
        }
    }

    @Test("a section says what the tagged one says where it says nothing itself")
    func bundledBehindVideo() throws {
        var offer = try SDPDescription(
            parsing: Recorded.text("browsers/chrome-maxbundle-red.initial-offer.sdp")
        )
        let audio = try #require(offer.media.firstIndex { $0.kind == "audio" })
        let video = try #require(offer.media.firstIndex { $0.kind == "video" })
        let mids = [offer.media[video].mid, offer.media[audio].mid].compactMap(\.self)
        offer.groups = [GroupAttribute(semantics: GroupAttribute.bundle, mids: mids)]
        for name in ["ice-ufrag", "ice-pwd", "fingerprint", "setup", "rtcp-mux"] {
            offer.media[audio].removeAll(name)
        }
        var session = try makeSession()
        let answer = try SDPDescription(parsing: session.answer(offer.write()))
        #expect(answer.media.map(\.isRejected) == offer.media.map { $0.kind != "audio" })
        // Candidates of the rejected section are those of the transport.
        let candidate = ICECandidate(
            candidate: "candidate:1 1 udp 2122260223 192.0.2.7 5000 typ host",
            sdpMid: mids[0]
        )
        session.addLocalAddress(SocketAddress(.loopback4, port: 4_000), to: 0, at: .zero)
        try session.addRemoteCandidate(candidate, at: .zero)
        let pairs = session.statistics(at: .zero).ice.pairs.count
        #expect(pairs == 1)
    }
}

extension PeerSession {
    /// Whether nothing was asked for but to tell the program.
    mutating func isIdle() -> Bool {
        while let output = popOutput() {
            if case .gather = output { return false }
        }
        return deadline == nil
    }
}
