import Peer
import SDP
import Testing
import Wire

@Suite("RFC 5761, RFC 8858: RTCP with RTP, or on a port of its own")
struct MultiplexingTests {
    @Test func whatIsRequiredIsSaidAndAnOfferWithoutItIsRejected() throws {
        var couple = try Couple()
        _ = try couple.left.add(.audio)
        var offer = try SDPDescription(parsing: couple.left.setLocalDescription(at: .zero).sdp)
        #expect(offer.media[0].isRTCPMux && offer.media[0].isRTCPMuxOnly)
        #expect(offer.media[0].rtcp == nil)
        offer.media[0].removeAll("rtcp-mux")
        offer.media[0].removeAll("rtcp-mux-only")
        let answer = try SDPDescription(parsing: couple.right.answer(offer.write()))
        #expect(answer.media[0].isRejected)
    }

    @Test func anAnswerWithoutWhatIsRequiredIsRefused() throws {
        var couple = try Couple()
        _ = try couple.left.add(.audio)
        let offer = try couple.left.setLocalDescription(at: .zero)
        var answer = try SDPDescription(parsing: couple.right.answer(offer.sdp))
        answer.media[0].removeAll("rtcp-mux")
        answer.media[0].removeAll("rtcp-mux-only")
        let text = answer.write()
        #expect(isInvalidAccess { try couple.left.accept(text) })
    }

    @Test func underNegotiateBothWaysWork() throws {
        for removesMux in [false, true] {
            var couple = try Couple(
                left: fullConfiguration { $0.rtcpMuxPolicy = .negotiate },
                right: fullConfiguration { $0.rtcpMuxPolicy = .negotiate }
            )
            _ = try couple.left.add(.audio)
            var offer = try SDPDescription(parsing: couple.left.setLocalDescription(at: .zero).sdp)
            #expect(offer.media[0].isRTCPMux && !offer.media[0].isRTCPMuxOnly)
            #expect(offer.media[0].rtcp?.port == 9)
            if removesMux { offer.media[0].removeAll("rtcp-mux") }
            let text = try couple.right.answer(offer.write())
            let answer = try SDPDescription(parsing: text)
            #expect(!answer.media[0].isRejected)
            #expect(answer.media[0].isRTCPMux == !removesMux)
            #expect((answer.media[0].rtcp != nil) == removesMux)
            try couple.left.accept(text)
            let directions = couple.left.currentDirections()
            #expect(directions == [.sendOnly])
        }
    }
}
