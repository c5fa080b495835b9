import Peer
import SDP
import Testing
import Wire

@Suite("Answers to recorded offers with the whole table, checked rule by rule")
struct ValidatedOfferTests {
    static let offers = Recorded.names(holding: "a=setup:actpass")

    @Test("each answer breaks no rule", arguments: offers)
    func answer(name: String) throws {
        let text = Recorded.text(name)
        for policy in [BundlePolicy.balanced, .maxCompat] {
            var session = try makeSession(
                configuration: fullConfiguration {
                    $0.bundlePolicy = policy
                    $0.rtcpMuxPolicy = policy == .balanced ? .require : .negotiate
                }
            )
            _ = try session.addTrack(.audio, at: .zero)
            _ = try session.addTrack(.video, at: .zero)
            var answer = ""
            let error = peerError { answer = try session.answer(text) }
            // Recorded by tests of parsers: not whole.
            guard error == nil else {
                #expect(!name.hasPrefix("browsers/") && !name.hasPrefix("ex_webrtc/"))
                continue
            }
            let offer = try SDPDescription(parsing: text)
            let violations = AnswerValidator.violations(
                of: try SDPDescription(parsing: answer, mode: .strict),
                to: offer
            )
            // The old form of data sections is answered in the old form, of which RFC 8841 knows nothing.
            let isOld = text.contains("a=sctpmap")
            let sentences = violations.map(\.description).filter {
                !(isOld && $0.hasPrefix("RFC 8841 §5.1"))
            }
            #expect(sentences == [])
            // And what we offer next.
            let later = try SDPDescription(parsing: session.createOffer(at: .zero).sdp)
            #expect(later.media.count >= offer.media.count)
        }
    }
}
