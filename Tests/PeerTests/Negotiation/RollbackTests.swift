import Peer
import SDP
import Testing
import Wire

@Suite("RFC 9429 §4.1.10.2: a rollback takes back what was only proposed")
struct RollbackTests {
    @Test func ourOffersSectionsLoseTheirNames() throws {
        var session = try makeSession(configuration: fullConfiguration())
        let audio = try session.add(.audio)
        try session.setLocalDescription(at: .zero)
        verify(session.mids() == ["0"])
        try session.setLocalDescription(.rollback, at: .zero)
        verify(session.mids() == [nil])
        verify(session.transceivers == [audio])
        verify(session.localDescription == nil)
        // What was to be told still is.
        verify(session.wasNegotiationNeeded())
    }

    @Test func transceiversOfThePeersOfferGo() throws {
        var couple = try Couple()
        _ = try couple.left.add(.audio)
        _ = try couple.left.add(.video)
        let own = try couple.right.addTrack(.audio, at: .zero)
        let offer = try couple.left.setLocalDescription(at: .zero)
        try couple.right.setRemoteDescription(offer, at: .zero)
        verify(couple.right.transceivers.count == 2)
        verify(couple.right.mids() == ["0", "1"])
        try couple.right.setRemoteDescription(.rollback, at: .zero)
        verify(couple.right.transceivers == [own])
        verify(couple.right.mids() == [nil])
        verify(couple.right.remoteDescription == nil)
    }

    @Test func aTransceiverThatGotATrackMeanwhileStays() throws {
        var couple = try Couple()
        _ = try couple.left.add(.audio)
        let offer = try couple.left.setLocalDescription(at: .zero)
        try couple.right.setRemoteDescription(offer, at: .zero)
        let taken = try couple.right.addTrack(.audio, at: .zero)
        verify(couple.right.transceivers == [taken])
        try couple.right.setRemoteDescription(.rollback, at: .zero)
        verify(couple.right.transceivers == [taken])
        verify(couple.right.mids() == [nil])
        let direction = couple.right.transceiver(taken)?.direction
        #expect(direction == .sendReceive)
    }

    @Test func whatWasAgreedComesBackAndWhatTheProgramChangedStays() throws {
        var couple = try Couple()
        let audio = try couple.left.add(.audio)
        try couple.negotiate()
        let video = try couple.left.add(.video)
        try couple.left.setDirection(.inactive, of: audio, at: .zero)
        try couple.left.setLocalDescription(at: .zero)
        try couple.left.setLocalDescription(.rollback, at: .zero)
        verify(couple.left.mids() == ["0", nil])
        verify(couple.left.directions() == [.inactive, .sendReceive])
        verify(couple.left.currentDirections() == [.sendOnly, nil])
        // The next round goes on as if the first offer had not been.
        let (offer, answer) = try couple.negotiate()
        #expect(offer.media.map(\.kind) == ["audio", "video"])
        #expect(answer.media.map(\.direction) == [.inactive, .receiveOnly])
        let place = couple.left.transceiver(video)?.mid
        #expect(place != nil)
    }

    @Test func aCollidingOfferTakesOursBack() throws {
        var couple = try Couple()
        _ = try couple.left.addTrack(.audio, at: .zero)
        _ = try couple.right.addTrack(.audio, at: .zero)
        try couple.left.setLocalDescription(at: .zero)
        let offer = try couple.right.setLocalDescription(at: .zero)
        _ = couple.left.events()
        try couple.left.setRemoteDescription(offer, at: .zero)
        let answer = try couple.left.setLocalDescription(at: .zero)
        try couple.right.setRemoteDescription(answer, at: .zero)
        // One section carries both tracks.
        verify(couple.left.currentDirections() == [.sendReceive])
        verify(couple.right.currentDirections() == [.sendReceive])
        let needs = [couple.left.isNegotiationNeeded, couple.right.isNegotiationNeeded]
        #expect(needs == [false, false])
    }

    @Test func aRestartThatIsTakenBackIsStillWanted() throws {
        var couple = try Couple()
        _ = try couple.left.add(.audio)
        let (first, _) = try couple.negotiate()
        couple.left.restartICE(at: .zero)
        let second = try couple.left.setLocalDescription(at: .zero)
        try couple.left.setLocalDescription(.rollback, at: .zero)
        verify(couple.left.wasNegotiationNeeded())
        let (third, _) = try couple.negotiate()
        let fragments = [
            first.media[0].iceUfrag, try SDPDescription(parsing: second.sdp).media[0].iceUfrag,
            third.media[0].iceUfrag,
        ]
        #expect(Set(fragments).count == 3)
        let (fourth, _) = try couple.negotiate()
        #expect(fourth.media[0].iceUfrag == third.media[0].iceUfrag)
    }

    @Test("a bad offer that collides takes ours back all the same", arguments: [true, false])
    func aBadOfferTakesOursBack(hasSyntax: Bool) throws {
        var couple = try Couple()
        _ = try couple.left.add(.audio)
        _ = try couple.right.add(.audio)
        try couple.left.setLocalDescription(at: .zero)
        var theirs = try SDPDescription(parsing: couple.right.createOffer(at: .zero).sdp)
        theirs.media[0].removeAll("fingerprint")
        let bad = SessionDescription(.offer, sdp: hasSyntax ? theirs.write() : "nonsense")
        _ = couple.left.events()
        let error = peerError { try couple.left.setRemoteDescription(bad, at: .zero) }
        #expect(error?.name == (hasSyntax ? "InvalidAccessError" : "sdp-syntax-error"))
        // W3C WebRTC §4.4.2: the rollback is a step before it, and was carried out.
        verify(couple.left.signalingState == .stable)
        verify(couple.left.pendingLocalDescription == nil)
        let told = couple.left.events().map(\.name).filter { $0 != "gathering" }
        #expect(told == ["signaling", "negotiationNeeded"])
        // What was wanted still is, and can be said.
        let (offer, _) = try couple.negotiate()
        #expect(offer.media.count == 1)
    }

    @Test func aCollidingOfferIsToldInTwoSteps() throws {
        var couple = try Couple()
        _ = try couple.left.addTrack(.audio, at: .zero)
        _ = try couple.right.addTrack(.audio, at: .zero)
        try couple.left.setLocalDescription(at: .zero)
        let offer = try couple.right.setLocalDescription(at: .zero)
        _ = couple.left.events()
        try couple.left.setRemoteDescription(offer, at: .zero)
        var states: [SignalingState] = []
        var others: [String] = []
        for event in couple.left.events() {
            if case .signalingStateChanged(let state) = event {
                states.append(state)
            } else if event.name != "gathering" {
                others.append(event.name)
            }
        }
        #expect(states == [.stable, .haveRemoteOffer])
        // Not that negotiation is needed: an operation is still under way between the two.
        #expect(others == ["trackAdded"])
    }

    @Test func encodingsThatAServerProposedGoWithItsOffer() throws {
        var couple = try Couple()
        let own = try couple.right.addTrack(.video, at: .zero)
        _ = try couple.left.add(.video)
        var offer = try SDPDescription(parsing: couple.left.createOffer(at: .zero).sdp)
        for rid in ["hi", "lo"] { offer.media[0].append("rid", "\(rid) recv") }
        offer.media[0].append("simulcast", "recv hi;lo")
        try couple.right.setRemoteDescription(
            SessionDescription(.offer, sdp: offer.write()),
            at: .zero
        )
        let proposed = couple.right.transceiver(own)?.encodings.map(\.rid)
        #expect(proposed == ["hi", "lo"])
        try couple.right.setRemoteDescription(.rollback, at: .zero)
        let restored = couple.right.transceiver(own)?.encodings.map(\.rid)
        #expect(restored == [nil])
    }

    @Test("encodings that the program asked for outlive every way back", arguments: 0..<3)
    func encodingsOfTheProgram(way: Int) throws {
        var couple = try Couple()
        _ = try couple.left.add(.audio)
        _ = try couple.right.add(.audio)
        try couple.left.setLocalDescription(at: .zero)
        var options = TransceiverOptions()
        options.encodings = [EncodingParameters(rid: "hi"), EncodingParameters(rid: "lo")]
        let video = try couple.left.addTransceiver(.video, options, at: .zero)
        let wanted = couple.left.transceiver(video)?.encodings
        switch way {
        case 0: try couple.left.setLocalDescription(.rollback, at: .zero)
        case 1:
            let offer = try couple.right.setLocalDescription(at: .zero)
            try couple.left.setRemoteDescription(offer, at: .zero)
        default:
            let offer = try couple.right.setLocalDescription(at: .zero)
            try couple.left.setRemoteDescription(offer, at: .zero)
            try couple.left.setRemoteDescription(offer, at: .zero)
        }
        let kept = couple.left.transceiver(video)?.encodings
        #expect(kept == wanted && kept?.map(\.rid) == ["hi", "lo"])
    }

    @Test("a provisional answer does not decide about encodings for good")
    func encodingsOfAProvisionalAnswer() throws {
        var couple = try Couple()
        var options = TransceiverOptions(direction: .sendOnly)
        options.encodings = ["q", "h", "f"].map { EncodingParameters(rid: $0) }
        let video = try couple.left.addTransceiver(.video, options, at: .zero)
        let offer = try couple.left.setLocalDescription(at: .zero)
        let text = try couple.right.answer(offer.sdp)
        var provisional = try SDPDescription(parsing: text)
        provisional.media[0].removeAll("simulcast")
        provisional.media[0].removeAll("rid")
        try couple.left.setRemoteDescription(
            SessionDescription(.pranswer, sdp: provisional.write()),
            at: .zero
        )
        let one = couple.left.transceiver(video)?.encodings.map(\.rid)
        #expect(one == ["q"])
        try couple.left.accept(text)
        let all = couple.left.transceiver(video)?.encodings.map(\.rid)
        #expect(all == ["q", "h", "f"])
    }
}
