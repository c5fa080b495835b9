import Peer
import SDP
import Testing
import Wire

@Suite("RFC 8842: who opens DTLS, and when an association is replaced")
struct RoleTests {
    @Test(
        "the answer's role follows the offer's",
        arguments: [
            (.actpass, .active), (.active, .passive), (.passive, .active), (nil, .passive),
        ] as [(SetupRole?, SetupRole)]
    )
    func roles(offered: SetupRole?, expected: SetupRole) throws {
        var couple = try Couple()
        _ = try couple.left.add(.audio)
        var offer = try SDPDescription(parsing: couple.left.setLocalDescription(at: .zero).sdp)
        offer.media[0].setup = offered
        let answer = try SDPDescription(parsing: couple.right.answer(offer.write()))
        #expect(answer.media[0].setup == expected)
    }

    @Test("an answer without a role is passive, so that we are active (RFC 4145 §4.1)")
    func answerWithoutRole() throws {
        var couple = try Couple()
        _ = try couple.left.add(.audio)
        var answer = try SDPDescription(parsing: couple.right.answer(couple.left.offer()))
        answer.media[0].setup = nil
        try couple.left.accept(answer.write())
        let back = try SDPDescription(parsing: couple.left.answer(couple.right.offer()))
        #expect(back.media[0].setup == .active)
    }

    @Test func laterOffersLeaveItOpenAndAnswersKeepIt() throws {
        var couple = try Couple()
        _ = try couple.left.add(.audio)
        let (first, answer) = try couple.negotiate()
        let (second, back) = try couple.negotiateBack()
        #expect([first, second].map { $0.media[0].setup } == [.actpass, .actpass])
        // The right was active; it stays so when the left answers.
        #expect(answer.media[0].setup == .active && back.media[0].setup == .passive)
        // One association: its name stays, too (RFC 8842 §4).
        #expect(first.media[0].value(of: "tls-id") == back.media[0].value(of: "tls-id"))
        #expect(second.media[0].value(of: "tls-id") == answer.media[0].value(of: "tls-id"))
    }

    @Test func anotherFingerprintIsAnsweredWithAnotherName() throws {
        var couple = try Couple()
        _ = try couple.left.add(.audio)
        let (_, first) = try couple.negotiate()
        var offer = try SDPDescription(parsing: couple.left.setLocalDescription(at: .zero).sdp)
        offer.media[0].fingerprints = [
            FingerprintAttribute(bytes: [UInt8](repeating: 7, count: 32))
        ]
        offer.media[0].set("tls-id", to: "0123456789abcdef0123456789abcdef")
        let second = try SDPDescription(parsing: couple.right.answer(offer.write()))
        #expect(first.media[0].value(of: "tls-id") != second.media[0].value(of: "tls-id"))
        #expect(second.media[0].setup == .active)
    }

    @Test("an ICE restart changes both sides' credentials, whoever asks", arguments: [true, false])
    func restart(isLeft: Bool) throws {
        var couple = try Couple()
        _ = try couple.left.add(.audio)
        let (offer, answer) = try couple.negotiate()
        if isLeft { couple.left.restartICE(at: .zero) } else { couple.right.restartICE(at: .zero) }
        let (later, back) = isLeft ? try couple.negotiate() : try couple.negotiateBack()
        let before = Set([offer.media[0].iceUfrag, answer.media[0].iceUfrag])
        let after = Set([later.media[0].iceUfrag, back.media[0].iceUfrag])
        #expect(before.count == 2 && after.count == 2 && before.isDisjoint(with: after))
        // Once: the next round keeps them.
        let (next, _) = try couple.negotiate()
        #expect(after.contains(next.media[0].iceUfrag))
    }

    @Test func anOfferThatDecidesNothingIsNoAnswer() throws {
        var couple = try Couple()
        _ = try couple.left.add(.audio)
        let offer = try couple.left.setLocalDescription(at: .zero)
        let answer = try couple.right.answer(offer.sdp)
            .replacing("a=setup:active", with: "a=setup:actpass")
        #expect(isInvalidAccess { try couple.left.accept(answer) })
    }
}
