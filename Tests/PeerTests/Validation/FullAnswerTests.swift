import Peer
import SDP
import Testing

@Suite("Answers with all codecs follow the RFCs, RFC 9429 §5.3")
struct FullAnswerTests {
    static let offers = Recorded.names(holding: "a=setup:actpass")

    @Test("each recorded offer gets an answer that breaks no rule", arguments: offers)
    func answers(name: String) throws {
        let offer = Recorded.text(name)
        var session = try makeSession(configuration: fullConfiguration())
        _ = try session.add(.audio)
        _ = try session.add(.video)
        let error = peerError {
            let answer = try SDPDescription(parsing: session.answer(offer), mode: .strict)
            let violations = try AnswerValidator.violations(
                of: answer,
                to: SDPDescription(parsing: offer)
            )
            #expect(violations == [])
        }
        // What is not whole is refused by name, and browsers' offers are whole.
        if let error {
            #expect(!name.hasPrefix("browsers/") && !name.hasPrefix("ex_webrtc/"), "\(error)")
        }
    }

    @Test func ourOwnOffersBreakNoRule() throws {
        var couple = try Couple()
        _ = try couple.left.add(.audio)
        _ = try couple.left.add(.video)
        let first = try couple.negotiate()
        #expect(OfferValidator.violations(of: first.offer) == [])
        #expect(AnswerValidator.violations(of: first.answer, to: first.offer) == [])
        _ = try couple.right.add(.video)
        let second = try couple.negotiateBack()
        let seenByRight = OfferValidator.Agreed(local: first.answer, remote: first.offer)
        #expect(OfferValidator.violations(of: second.offer, after: seenByRight) == [])
        #expect(AnswerValidator.violations(of: second.answer, to: second.offer) == [])
    }
}
