import Peer
import SDP
import Testing
import Wire

@Suite("W3C WebRTC §4.4.1.5: the track event follows what the peer sends")
struct TrackEventTests {
    private func tracks(_ session: inout PeerSession) -> [TransceiverID] {
        session.events().compactMap { event in
            guard case .trackAdded(let id, _) = event else { return nil }
            return id
        }
    }

    @Test("it comes again after a pause, whoever offers", arguments: [true, false])
    func resumes(leftOffers: Bool) throws {
        var couple = try Couple()
        let id = try couple.left.add(.audio)
        _ = try couple.right.addTrack(.audio, at: .zero)
        try couple.negotiate()
        let first = tracks(&couple.right)
        #expect(first.count == 1)
        func renegotiate(_ direction: MediaDirection) throws -> [TransceiverID] {
            try couple.left.setDirection(direction, of: id, at: .zero)
            if leftOffers { try couple.negotiate() } else { try couple.negotiateBack() }
            return tracks(&couple.right)
        }
        #expect(try renegotiate(.receiveOnly).isEmpty)
        #expect(try renegotiate(.receiveOnly).isEmpty)
        #expect(try renegotiate(.sendReceive) == first)
        #expect(try renegotiate(.sendReceive).isEmpty)
    }
}
