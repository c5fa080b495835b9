import SDP
import Testing

/// Judges the validators by descriptions of others: the RFC's own, and those of a browser.
@Suite("The validators and descriptions that others wrote, RFC 9429 §7")
struct RecordedPairTests {
    static let examples = ["A1", "B1", "B2", "C1", "C2"]
    static let browsers = [
        "chrome-av1", "chrome-h264", "chrome-maxbundle-red", "chrome-maxcompat", "chrome-vp8",
        "chrome-vp9",
    ]

    private func description(_ name: String) throws -> SDPDescription {
        try SDPDescription(parsing: Recorded.text(name + ".sdp"))
    }

    /// The pair before a later offer, as the side sees it that made the offer.
    private func agreed(
        before offer: SDPDescription,
        _ one: SDPDescription,
        _ other: SDPDescription
    ) -> OfferValidator.Agreed {
        one.origin.sessionID == offer.origin.sessionID
            ? .init(local: one, remote: other) : .init(local: other, remote: one)
    }

    @Test("the RFC's answers break no rule but one of another RFC's", arguments: examples)
    func exampleAnswers(name: String) throws {
        let violations = try AnswerValidator.violations(
            of: description("rfc9429/answer-\(name)"),
            to: description("rfc9429/offer-\(name)")
        )
        // Its text (§5.3.1) asks for rtcp-mux alone, as RFC 8858 §4.3 does.
        #expect(Set(violations.map(\.rule)) == (name == "A1" ? [] : [.muxOnlyAnswer]))
    }

    @Test("the RFC's first offers break no rule", arguments: ["A1", "B1", "C1"])
    func exampleOffers(name: String) throws {
        #expect(OfferValidator.violations(of: try description("rfc9429/offer-\(name)")) == [])
    }

    @Test("the RFC's later offers break no rule", arguments: ["B", "C"])
    func laterExamples(name: String) throws {
        let offer = try description("rfc9429/offer-\(name)2")
        let before = try agreed(
            before: offer,
            description("rfc9429/offer-\(name)1"),
            description("rfc9429/answer-\(name)1")
        )
        #expect(OfferValidator.violations(of: offer, after: before) == [])
    }

    /// What Chrome is known to do: it repeats the transport in every section, as browsers before
    /// RFC 9143 did, and does not name RFC 8445.
    static let habits: Set<Rule> = [.ice2, .bundledTransport]

    @Test("Chrome's answers break one rule, always the same", arguments: browsers)
    func answers(name: String) throws {
        for step in ["initial", "reneg", "icerestart"] {
            let violations = try AnswerValidator.violations(
                of: description("browsers/\(name).\(step)-answer"),
                to: description("browsers/\(name).\(step)-offer")
            )
            // An offer that does not name RFC 8445 is answered alike.
            #expect(Set(violations.map(\.rule)) == [.bundledTransport], "\(step)")
        }
    }

    @Test("Chrome's offers break the same rules, the first only one", arguments: browsers)
    func offers(name: String) throws {
        let first = try OfferValidator.violations(of: description("browsers/\(name).initial-offer"))
        #expect(Set(first.map(\.rule)) == [.ice2])
        for (before, after) in [("initial", "reneg"), ("reneg", "icerestart")] {
            let offer = try description("browsers/\(name).\(after)-offer")
            let pair = try agreed(
                before: offer,
                description("browsers/\(name).\(before)-offer"),
                description("browsers/\(name).\(before)-answer")
            )
            let violations = OfferValidator.violations(of: offer, after: pair)
            #expect(Set(violations.map(\.rule)) == Self.habits, "\(after): \(violations)")
        }
    }
}
