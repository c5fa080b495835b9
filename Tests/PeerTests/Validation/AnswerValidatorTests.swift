import SDP
import Testing

@Suite("The validator of answers, RFC 3264 §6 and RFC 9429 §5.3")
struct AnswerValidatorTests {
    private static let audio = "m=audio 9 UDP/TLS/RTP/SAVPF 111 63 0"
    private static let video = "m=video 9 UDP/TLS/RTP/SAVPF 96 97 98 99"

    /// What every description can do wrong, here in an answer.
    static let shared: [Mutation] = [
        Mutation(.grammar, ("t=0 0\n", "t=0 0\nx=y\n")),
        Mutation(.version, ("v=0", "v=1")),
        Mutation(.originUser, ("o=- 7", "o=me 7")),
        Mutation(.sessionID, ("o=- 7", "o=- 9223372036854775808")),
        Mutation(.sessionName, ("s=-", "s=call")),
        Mutation(.time, ("t=0 0", "t=0 1")),
        Mutation(.time, ("t=0 0", "t=0 0\nt=0 0")),
        Mutation(.wellFormed, ("a=sctp-port:5000", "a=sctp-port:66000")),
        Mutation(.once, ("a=mid:1", "a=mid:1\na=mid:1")),
        Mutation(.connection, (video + "\nc=IN IP4 0.0.0.0", video)),
        Mutation(.format, ("UDP/DTLS/SCTP webrtc-datachannel", "UDP/DTLS/SCTP")),
        Mutation(.uniqueMIDs, ("a=mid:1", "a=mid:0")),
        Mutation(.groupMembers, ("a=group:LS 0 1", "a=group:LS 0 3")),
        Mutation(.bundleOnce, ("BUNDLE 0 1 2", "BUNDLE 0 1 2 1")),
        Mutation(.bundleRejected, (video, video.replacing(" 9 ", with: " 0 "))),
        Mutation(.taggedBundleOnly, ("a=mid:0", "a=mid:0\na=bundle-only")),
        Mutation(.payloadTypes, (audio, audio + " 111")),
        Mutation(.payloadTypes, (audio, audio + " 128")),
        Mutation(.rtcpConflict, (audio, audio + " 72")),
        Mutation(.rtpMap, ("a=rtpmap:0 PCMU/8000\n", "")),
        Mutation(
            .rtpMap,
            ("a=rtpmap:0 PCMU/8000\n", "a=rtpmap:0 PCMU/8000\na=rtpmap:0 PCMU/8000\n")
        ),
        Mutation(.strayFormat, ("a=rtcp-fb:111", "a=rtcp-fb:112")),
        Mutation(.strayFormat, ("a=fmtp:97 apt=96", "a=fmtp:97 apt=96\na=fmtp:100 apt=96")),
        Mutation(.codecParameters, ("packetization-mode=1", "packetization-mode=7")),
        Mutation(.opusFormat, ("opus/48000/2", "opus/48000")),
        Mutation(.retransmitted, ("apt=96", "apt=100")),
        Mutation(.redundant, ("63 111/111", "63 111/112")),
        Mutation(
            .bundledFormats,
            (video, video.replacing("99", with: "0")),
            ("a=rtpmap:99", "a=rtpmap:0"),
            ("a=fmtp:99", "a=fmtp:0")
        ),
        Mutation(.extensionIDs, ("a=extmap:2 urn", "a=extmap:1 urn")),
        Mutation(.extensionRange, ("a=extmap:2 urn", "a=extmap:15 urn")),
        Mutation(.extensionRange, ("a=extmap:2 urn", "a=extmap:4096 urn")),
        Mutation(.extensionURIs, ("ssrc-audio-level", "sdes:mid")),
        Mutation(.bundledExtensions, ("a=extmap:3 urn", "a=extmap:2 urn")),
        Mutation(.direction, ("a=sendonly\n", "a=sendonly\na=recvonly\n")),
        Mutation(.direction, ("a=sendrecv\n", "")),
        Mutation(.credentials, ("a=ice-ufrag:BBFrag\n", "")),
        Mutation(.credentials, ("BBPasswordPasswordPassword", "short")),
        Mutation(.trickle, ("trickle ice2", "ice2")),
        Mutation(.ice2, ("trickle ice2", "trickle")),
        Mutation(.fingerprint, ("a=fingerprint:sha-256", "a=x")),
        Mutation(
            .weakHash,
            (
                "sha-256 " + Array(repeating: "BB", count: 32).joined(separator: ":"),
                "md5 " + Array(repeating: "BB", count: 16).joined(separator: ":")
            )
        ),
        Mutation(.rtcpMux, ("a=rtcp-mux\n", "")),
        Mutation(
            .rtcpComponent,
            ("a=rtcp-mux\n", "a=rtcp-mux\na=candidate:1 2 udp 1 192.0.2.1 9 typ host\n")
        ),
        Mutation(.bundledTransport, ("a=mid:1", "a=mid:1\na=setup:active")),
        Mutation(.msid, ("a=msid:- track\n", "")),
        Mutation(.cname, ("a=ssrc:1 cname:name", "a=ssrc:1 msid:a b")),
        Mutation(.ssrcGroup, ("a=ssrc:2 cname:name", "a=ssrc:2 cname:name\na=ssrc-group:FID 2 3")),
        Mutation(.uniqueSSRCs, ("a=ssrc:2", "a=ssrc:1")),
        Mutation(.ridPresent, ("simulcast:send hi;lo", "simulcast:send hi;middle")),
        Mutation(.uniqueRIDs, ("a=rid:lo send pt=96", "a=rid:lo send pt=96\na=rid:lo send")),
        Mutation(.ridFormats, ("lo send pt=96", "lo send pt=100")),
        Mutation(.sctp, ("a=sctp-port:5000\n", "")),
        Mutation(.crypto, ("a=mid:0", "a=mid:0\na=crypto:1 S inline:x")),
    ]

    static let answers: [Mutation] = [
        Mutation(.sectionCount, ("m=application", "m=audio 0 RTP/AVP 0\nm=application")),
        Mutation(.answeredKind, ("m=application", "m=message")),
        Mutation(.answeredProfile, ("m=audio 9 UDP/TLS", "m=audio 9 TCP/TLS")),
        Mutation(.answeredMID, ("a=mid:1", "a=mid:5"), ("BUNDLE 0 1 2", "BUNDLE 0 5 2")),
        Mutation(.answeredMID, ("a=mid:1\n", "")),
        Mutation(.staysRejected, earlier: [("m=application 9", "m=application 0")]),
        Mutation(
            .answeredFormats,
            (audio, audio + " 8"),
            ("a=rtpmap:0", "a=rtpmap:8 PCMA/8000\na=rtpmap:0")
        ),
        Mutation(.answeredFormats, ("99 VP9/90000", "99 VP8/90000")),
        Mutation(.mediaFormat, (audio, audio.replacing(" 111 63 0", with: " 63"))),
        Mutation(.answeredParameters, ("packetization-mode=1", "packetization-mode=0")),
        Mutation(.answeredParameters, ("profile-id=0", "profile-id=2")),
        Mutation(.answeredFeedback, ("nack pli", "ccm fir")),
        Mutation(.answeredExtensions, ("a=extmap:2 urn", "a=extmap:4 urn")),
        Mutation(.answeredExtensions, ("a=extmap:2", "a=extmap:4 urn:other\na=extmap:2")),
        Mutation(.extensionDirection, earlier: [("a=extmap:2 urn", "a=extmap:2/sendonly urn")]),
        Mutation(.answeredDirection, ("a=sendonly", "a=sendrecv")),
        Mutation(.answeredBundle, earlier: [("BUNDLE 0 1 2", "BUNDLE 0 1")]),
        Mutation(
            .lonelyBundleOnly,
            ("BUNDLE 0 1 2", "BUNDLE 0 1"),
            earlier: [
                ("m=application 9", "m=application 0"), ("a=mid:2", "a=mid:2\na=bundle-only"),
            ]
        ),
        Mutation(.answererTag, ("BUNDLE 0 1 2", "BUNDLE 1 0 2")),
        Mutation(.bundleOnlyAnswer, ("a=mid:1", "a=mid:1\na=bundle-only")),
        Mutation(.answeredSetup, ("a=setup:active", "a=setup:actpass")),
        Mutation(.answeredSetup, ("a=setup:active\n", "")),
        Mutation(.answeredSetup, earlier: [("a=setup:actpass", "a=setup:active")]),
        Mutation(.answeredTLSID, ("a=tls-id:ABCDEFGHIJKLMNOPQRST\n", "")),
        Mutation(.answeredTLSID, earlier: [("a=tls-id:abcdefghijklmnopqrst\n", "")]),
        Mutation(.answeredMux, earlier: [("a=rtcp-mux\n", "")]),
        Mutation(.muxOnlyAnswer, ("a=rtcp-mux\n", "a=rtcp-mux\na=rtcp-mux-only\n")),
        Mutation(.answeredOptions, ("trickle ice2", "trickle ice2 other")),
        Mutation(
            .requiredMux,
            ("a=rtcp-mux\n", ""),
            earlier: [("a=rtcp-mux\n", "a=rtcp-mux\na=rtcp-mux-only\n")]
        ),
        Mutation(.answeredReducedSize, earlier: [("a=rtcp-rsize\n", "")]),
        Mutation(
            .answeredMixed,
            ("a=sendrecv", "a=sendrecv\na=extmap-allow-mixed"),
            earlier: [("a=extmap-allow-mixed\n", "")]
        ),
        Mutation(.answeredCryptex, ("a=sendrecv", "a=sendrecv\na=cryptex")),
        Mutation(
            .ownCredentials,
            ("BBFrag", "AAFrag"),
            ("BBPasswordPassword", "AAPasswordPassword")
        ),
        Mutation(.answeredRIDs, ("a=rid:lo send pt=96", "a=rid:lo send pt=96\na=rid:x send")),
        Mutation(.answeredRIDs, earlier: [("a=rid:lo recv", "a=rid:lo send")]),
        Mutation(.answeredSimulcast, earlier: [("a=simulcast:recv hi;lo\n", "")]),
        Mutation(.answeredSimulcast, ("send hi;lo", "send hi,lo;lo")),
        Mutation(.answeredGroups, earlier: [("a=group:LS 0 1\n", "")]),
        Mutation(.unknownAttribute, ("a=sctp-port:5000", "a=sctp-port:5000\na=sctp-init:AQAA")),
        Mutation(.unknownAttribute, ("a=group:LS", "a=identity:AQAA\na=group:LS")),
    ]

    @Test func aGoodAnswerBreaksNoRule() throws {
        let answer = try SDPDescription(parsing: ValidatedDescriptions.answer, mode: .strict)
        let offer = try SDPDescription(parsing: ValidatedDescriptions.offer, mode: .strict)
        #expect(AnswerValidator.violations(of: answer, to: offer) == [])
    }

    @Test("a broken answer breaks the rule", arguments: shared + answers)
    func broken(_ mutation: Mutation) throws {
        let text = try #require(Mutation.apply(mutation.changes, to: ValidatedDescriptions.answer))
        let offered = try #require(
            Mutation.apply(mutation.earlier, to: ValidatedDescriptions.offer)
        )
        let violations = try AnswerValidator.violations(
            of: SDPDescription(parsing: text),
            to: SDPDescription(parsing: offered)
        )
        #expect(violations.map(\.rule).contains(mutation.rule), "\(violations)")
        for violation in violations { #expect(violation.description.hasPrefix("RFC ")) }
    }

    // What answers may do, although it looks as if a rule were broken.
    @Test(
        "a poorer answer breaks no rule",
        arguments: [
            [("m=application 9", "m=application 0"), ("BUNDLE 0 1 2", "BUNDLE 0 1")],
            [("a=sendrecv\na=msid:- track", "a=inactive")],
            [("simulcast:send hi;lo", "simulcast:send hi"), ("a=rid:lo send pt=96\n", "")],
            [("a=rtcp-fb:111 transport-cc\n", ""), ("a=rtcp-rsize\n", "")],
            [
                (" 96 97 98 99", " 96"), ("a=rtpmap:97 rtx/90000\na=fmtp:97 apt=96\n", ""),
                (
                    "a=rtpmap:98 H264/90000\na=fmtp:98 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f\n",
                    ""
                ), ("a=rtpmap:99 VP9/90000\na=fmtp:99 profile-id=0\n", ""),
            ],
            [("profile-level-id=42e01f", "profile-level-id=42e034")],
        ]
    )
    func poorer(changes: [(String, String)]) throws {
        let text = try #require(Mutation.apply(changes, to: ValidatedDescriptions.answer))
        let violations = try AnswerValidator.violations(
            of: SDPDescription(parsing: text),
            to: SDPDescription(parsing: ValidatedDescriptions.offer)
        )
        #expect(violations == [])
    }

    @Test func everyRuleIsBrokenSomewhere() {
        let broken =
            Self.shared + Self.answers + OfferValidatorTests.first + OfferValidatorTests.later
        #expect(Set(broken.map(\.rule)) == Set(Rule.allCases))
    }
}
