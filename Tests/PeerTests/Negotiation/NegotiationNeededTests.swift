import Peer
import SDP
import Testing
import Wire

@Suite("W3C WebRTC §4.7.3: the program is told exactly when an offer has something to say")
struct NegotiationNeededTests {
    @Test func eachReasonTellsOnceUntilItIsDone() throws {
        var couple = try Couple()
        verify(!couple.left.wasNegotiationNeeded())
        let audio = try couple.left.add(.audio)
        verify(couple.left.wasNegotiationNeeded())
        // Not again for what one offer can say.
        _ = try couple.left.add(.video)
        verify(!couple.left.wasNegotiationNeeded())
        try couple.negotiate()
        verify(!couple.left.wasNegotiationNeeded())
        try couple.left.setDirection(.inactive, of: audio, at: .zero)
        verify(couple.left.wasNegotiationNeeded())
        // Taken back: nothing is needed, and later something is, anew.
        try couple.left.setDirection(.sendReceive, of: audio, at: .zero)
        verify(!couple.left.isNegotiationNeeded)
        try couple.left.setStreams(["one", "two"], of: audio, at: .zero)
        verify(couple.left.wasNegotiationNeeded())
        try couple.negotiate()
        verify(!couple.left.wasNegotiationNeeded())
        try couple.left.addDataSection(at: .zero)
        verify(couple.left.wasNegotiationNeeded())
        try couple.negotiate()
        couple.left.restartICE(at: .zero)
        verify(couple.left.wasNegotiationNeeded())
        try couple.negotiate()
        try couple.left.stop(audio, at: .zero)
        verify(couple.left.wasNegotiationNeeded())
        try couple.negotiate()
        verify(!couple.left.isNegotiationNeeded)
    }

    @Test func aRestartBeforeAnyDescriptionNeedsNothing() throws {
        var session = try makeSession()
        session.restartICE(at: .zero)
        verify(!session.wasNegotiationNeeded())
    }

    @Test func whatChangesWhileAnOfferIsUnderWayIsToldBehindIt() throws {
        var couple = try Couple()
        let audio = try couple.left.add(.audio)
        let offer = try couple.left.setLocalDescription(at: .zero)
        _ = couple.left.events()
        try couple.left.setDirection(.receiveOnly, of: audio, at: .zero)
        _ = try couple.left.add(.video)
        verify(!couple.left.wasNegotiationNeeded())
        try couple.right.setRemoteDescription(offer, at: .zero)
        let answer = try couple.right.setLocalDescription(at: .zero)
        try couple.left.setRemoteDescription(answer, at: .zero)
        verify(couple.left.wasNegotiationNeeded())
    }

    @Test func theAnswerersTrackThatFoundNoSectionIsOfferedNext() throws {
        var couple = try Couple()
        _ = try couple.left.add(.audio)
        _ = try couple.right.addTrack(.audio, at: .zero)
        _ = try couple.right.addTrack(.audio, at: .zero)
        _ = couple.right.events()
        try couple.negotiate()
        verify(couple.right.wasNegotiationNeeded())
        let (offer, _) = try couple.negotiateBack()
        #expect(offer.media.count == 2)
        verify(!couple.right.isNegotiationNeeded)
    }

    @Test("an answerer that may not send what it wants to offers that, too")
    func refusedDirection() throws {
        var couple = try Couple()
        _ = try couple.left.add(.audio, .sendOnly)
        try couple.negotiate()
        let id = try #require(couple.right.transceivers.first)
        verify(!couple.right.isNegotiationNeeded)
        try couple.right.setDirection(.sendReceive, of: id, at: .zero)
        verify(couple.right.wasNegotiationNeeded())
        let (_, answer) = try couple.negotiateBack()
        // The left still wants to send alone.
        #expect(answer.media[0].direction == .sendOnly)
        verify(!couple.right.isNegotiationNeeded && !couple.left.isNegotiationNeeded)
    }
}
