import SDP
import Testing

@Suite("Descriptions in words")
struct ExplanationTests {
    @Test func anOfferIsTold() throws {
        let text = try SDPDescription(parsing: goodOffer).explanation().description
        #expect(text == expected)
    }

    @Test("every recorded description can be told", arguments: CorpusTests.all)
    func recorded(name: String) throws {
        let description = try SDPDescription(parsing: Fixtures.text(name))
        let explanation = description.explanation()
        #expect(explanation.sections.count == description.media.count)
        for (section, media) in zip(explanation.sections, description.media) {
            #expect(section.title.contains(media.kind))
            #expect(media.isRejected == section.facts.isEmpty)
        }
        #expect(!explanation.description.contains("\r"))
    }

    @Test("secrets are never told", arguments: CorpusTests.canonical)
    func secrets(name: String) throws {
        let description = try SDPDescription(parsing: Fixtures.text(name))
        let text = description.explanation().description
        for media in description.media {
            guard let password = media.icePwd else { continue }
            #expect(!text.contains(password))
        }
    }

    @Test func whatIsWrongIsUnusual() throws {
        let broken = goodOffer.replacing("a=rtpmap:96 opus/48000/2\r\n", with: "")
        let explanation = try SDPDescription(parsing: broken).explanation()
        #expect(explanation.unusual.contains { $0.contains("payload type 96 has no rtpmap") })
        let findings = SDPLinter().lint("\r\n" + broken)
        let moved = try SDPDescription(parsing: broken).explanation(findings: findings)
        #expect(moved.unusual != explanation.unusual)
    }

    @Test func answersAndRejectedSectionsAreRecognized() throws {
        let answer = goodOffer.replacing("actpass", with: "active")
            .replacing("m=video 10100", with: "m=video 0")
        let explanation = try SDPDescription(parsing: answer).explanation()
        #expect(explanation.summary[0].hasSuffix("most likely an answer."))
        #expect(explanation.summary[1].hasPrefix("3 sections, 1 of them rejected"))
        #expect(explanation.sections[1].title == "Section 1: video, mid 1, rejected")
    }

    @Test func aDescriptionWithoutSectionsIsTold() {
        let text = SDPDescription().explanation().description
        #expect(text == "Session 0, version 1.\nNo sections.")
    }
}

private let expected = """
    Session 4962303333179871722, version 1, most likely an offer.
    3 sections; all share one transport.

    Section 0: audio, mid 0, sends and receives
      codecs:
        96 opus, 48 kHz, 2 channels: speech and music; minptime=10, useinbandfec=1
        0 PCMU, 8 kHz: telephone speech, G.711 µ-law
        97 red, 48 kHz, 2 channels: redundant copies; opus/48000/2 opus/48000/2
      streams: stream "stream1", track "track1"
      sources: 1001
      header extensions: ssrc-audio-level, mid
      transport: RTP encrypted with keys of DTLS, by default to IN IP4 203.0.113.100 port \
    10100, RTCP shares the port, RTCP may be reduced
      ICE: user name fragment "ETEn", candidates may come later, options ice2
      DTLS: the other side chooses who connects, fingerprint of the certificate by sha-256, \
    the association has a name
      candidates: 1 host over UDP, 1 server reflexive over UDP, 1 host over TCP active
      also says: ptime, maxptime

    Section 1: video, mid 1, sends and receives
      codecs:
        100 VP8, 90 kHz: video; feedback nack pli
        101 H264, 90 kHz: video; packetization-mode=1, profile-level-id=42e01f
        102 rtx, 90 kHz: retransmission of VP8/90000
        103 VP9, 90 kHz: video; profile-id=0
      simulcast: sends 2 encodings: h, l
      streams: stream "stream1", track "track2"
      sources: 2001, 2002: media and its retransmission
      header extensions: mid, rtp-stream-id
      transport: that of mid 0

    Section 2: application, mid 2, data channels
      channels: SCTP port 5000, messages of at most 262144 bytes
      transport: that of mid 0
    """
