import Peer
import SDP
import Testing
import Wire

@Suite("RFC 8853: several encodings of one track")
struct SimulcastTests {
    private static func offering(_ rids: [String], _ couple: inout Couple) throws -> TransceiverID {
        var options = TransceiverOptions(direction: .sendOnly)
        options.encodings = rids.map { EncodingParameters(rid: $0) }
        return try couple.left.addTransceiver(.video, options, at: .zero)
    }

    private static func rids(_ session: borrowing PeerSession, _ id: TransceiverID) -> [String?]? {
        session.transceiver(id)?.encodings.map(\.rid)
    }

    @Test func encodingsAreOfferedAndAccepted() throws {
        var couple = try Couple()
        let id = try Self.offering(["q", "h", "f"], &couple)
        let (offer, answer) = try couple.negotiate()
        #expect(offer.media[0].rids.map(\.value) == ["q send", "h send", "f send"])
        #expect(offer.media[0].simulcast?.value == "send q;h;f")
        #expect(offer.media[0].ssrcs.isEmpty)
        #expect(answer.media[0].rids.map(\.value) == ["q recv", "h recv", "f recv"])
        #expect(answer.media[0].simulcast?.value == "recv q;h;f")
        verify(Self.rids(couple.left, id) == ["q", "h", "f"])
        let uris = Set(answer.media[0].extensionMaps.map(\.uri))
        #expect(uris.contains(ExtensionMapAttribute.ridURI))
        // And kept in later rounds, whoever offers.
        let (later, _) = try couple.negotiateBack()
        #expect(later.media[0].simulcast?.value == "recv q;h;f")
        verify(Self.rids(couple.left, id) == ["q", "h", "f"])
    }

    @Test func aPeerMayTakeSome() throws {
        var couple = try Couple(
            right: fullConfiguration { $0.capabilities.video.receivedEncodings = 2 }
        )
        let id = try Self.offering(["q", "h", "f"], &couple)
        let (_, answer) = try couple.negotiate()
        #expect(answer.media[0].simulcast?.value == "recv q;h")
        verify(Self.rids(couple.left, id) == ["q", "h"])
    }

    @Test func aPeerWithoutSimulcastGetsTheFirst() throws {
        var couple = try Couple(
            right: fullConfiguration { $0.capabilities.video.receivedEncodings = 0 }
        )
        let id = try Self.offering(["q", "h", "f"], &couple)
        let (_, answer) = try couple.negotiate()
        #expect(answer.media[0].simulcast == nil && answer.media[0].rids.isEmpty)
        verify(Self.rids(couple.left, id) == ["q"])
        // One encoding is no simulcast, and what was rejected does not come back.
        let (later, _) = try couple.negotiate()
        #expect(later.media[0].simulcast == nil)
    }

    @Test("a section that rests keeps its encodings, whoever lets it rest")
    func resting() throws {
        var couple = try Couple()
        let id = try Self.offering(["q", "h", "f"], &couple)
        _ = try couple.negotiate()
        // We offer it inactive, then they answer so.
        try couple.left.setDirection(.inactive, of: id, at: .zero)
        let (resting, _) = try couple.negotiate()
        #expect(resting.media[0].simulcast == nil)
        try couple.left.setDirection(.sendOnly, of: id, at: .zero)
        let other = try #require(couple.right.transceivers.first)
        try couple.right.setDirection(.inactive, of: other, at: .zero)
        let (_, refused) = try couple.negotiate()
        #expect(refused.media[0].simulcast == nil && refused.media[0].direction == .inactive)
        verify(Self.rids(couple.left, id) == ["q", "h", "f"])
        // They offer it inactive, and we answer.
        let (_, answer) = try couple.negotiateBack()
        #expect(answer.media[0].simulcast == nil)
        verify(Self.rids(couple.left, id) == ["q", "h", "f"])
        try couple.right.setDirection(.receiveOnly, of: other, at: .zero)
        let (awake, accepted) = try couple.negotiate()
        #expect(awake.media[0].simulcast?.value == "send q;h;f")
        #expect(accepted.media[0].simulcast?.value == "recv q;h;f")
    }

    @Test("while it flows, an answer without simulcast leaves the first for good")
    func rejection() throws {
        var couple = try Couple()
        let id = try Self.offering(["q", "h", "f"], &couple)
        _ = try couple.negotiate()
        let offer = try couple.left.setLocalDescription(at: .zero)
        let answer = try couple.right.answer(offer.sdp).split(separator: "\r\n")
            .filter { !$0.hasPrefix("a=simulcast") && !$0.hasPrefix("a=rid") }
        try couple.left.accept(answer.joined(separator: "\r\n") + "\r\n")
        verify(Self.rids(couple.left, id) == ["q"])
    }

    @Test("an offer that asks for fewer is answered with those, and the others go")
    func narrowing() throws {
        var couple = try Couple()
        let id = try Self.offering(["q", "h", "f"], &couple)
        _ = try couple.negotiate()
        let offer = try couple.right.setLocalDescription(at: .zero)
        let narrow = offer.sdp.replacing("simulcast:recv q;h;f", with: "simulcast:recv q;f")
        let answer = try SDPDescription(parsing: couple.left.answer(narrow))
        #expect(answer.media[0].simulcast?.value == "send q;f")
        verify(Self.rids(couple.left, id) == ["q", "f"])
    }

    @Test func aTildePauses() throws {
        var couple = try Couple()
        let id = try Self.offering(["q", "h", "f"], &couple)
        let offer = try couple.left.setLocalDescription(at: .zero)
        let answer = try couple.right.answer(offer.sdp)
            .replacing("simulcast:recv q;h;f", with: "simulcast:recv ~q;f")
        try couple.left.accept(answer)
        let encodings = couple.left.transceiver(id)?.encodings
        #expect(encodings?.map(\.rid) == ["q", "f"])
        #expect(encodings?.map(\.active) == [false, true])
    }

    @Test func aServerMayAskForEncodings() throws {
        var couple = try Couple()
        let track = try couple.right.addTrack(.video, at: .zero)
        _ = try couple.left.add(.video, .receiveOnly)
        var offer = try SDPDescription(parsing: couple.left.setLocalDescription(at: .zero).sdp)
        for rid in ["a", "b", "c"] { offer.media[0].append("rid", "\(rid) recv") }
        offer.media[0].append("simulcast", "recv a;b,x;~c")
        let answer = try SDPDescription(parsing: couple.right.answer(offer.write()))
        #expect(answer.media[0].simulcast?.value == "send a;b;~c")
        #expect(answer.media[0].rids.map(\.value) == ["a send", "b send", "c send"])
        verify(Self.rids(couple.right, track) == ["a", "b", "c"])
    }
}
