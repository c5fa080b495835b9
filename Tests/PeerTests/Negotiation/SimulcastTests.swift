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
        verify(Self.rids(couple.left, id) == [nil])
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
