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

    @Test("it follows what the peer says, whatever we wish at that moment")
    func ownWish() throws {
        var couple = try Couple()
        _ = try couple.left.add(.audio)
        let own = try couple.right.addTrack(.audio, at: .zero)
        try couple.right.setDirection(.sendOnly, of: own, at: .zero)
        let offer = try couple.left.setLocalDescription(at: .zero)
        try couple.right.setRemoteDescription(offer, at: .zero)
        #expect(tracks(&couple.right) == [own])
        try couple.right.setDirection(.sendReceive, of: own, at: .zero)
        let answer = try couple.right.setLocalDescription(at: .zero)
        try couple.left.setRemoteDescription(answer, at: .zero)
        verify(couple.right.currentDirections() == [.sendReceive])
        #expect(tracks(&couple.right).isEmpty)
    }

    @Test("an answer of ours that does not receive takes it back; the next offer brings it again")
    func refusal() throws {
        var couple = try Couple()
        _ = try couple.left.add(.audio)
        let own = try couple.right.addTrack(.audio, at: .zero)
        try couple.right.setDirection(.sendOnly, of: own, at: .zero)
        try couple.negotiate()
        #expect(tracks(&couple.right) == [own])
        let offer = try couple.left.setLocalDescription(at: .zero)
        try couple.right.setRemoteDescription(offer, at: .zero)
        #expect(tracks(&couple.right) == [own])
        try couple.right.setDirection(.sendReceive, of: own, at: .zero)
        try couple.right.setLocalDescription(at: .zero)
        #expect(tracks(&couple.right).isEmpty)
    }

    @Test("a wish that changes between our offer and its answer changes nothing")
    func wishAfterOffer() throws {
        var couple = try Couple()
        let own = try couple.left.add(.audio)
        _ = try couple.right.addTrack(.audio, at: .zero)
        let offer = try couple.left.setLocalDescription(at: .zero)
        try couple.right.setRemoteDescription(offer, at: .zero)
        let answer = try couple.right.setLocalDescription(at: .zero)
        try couple.left.setDirection(.sendOnly, of: own, at: .zero)
        try couple.left.setRemoteDescription(answer, at: .zero)
        verify(couple.left.currentDirections() == [.sendReceive])
        #expect(tracks(&couple.left) == [own])
    }
}
