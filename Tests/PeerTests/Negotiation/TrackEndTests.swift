import Peer
import SDP
import Testing
import Wire

@Suite("W3C WebRTC §5.1.1: what was announced and does not come is told to have ended")
struct TrackEndTests {
    private enum News: Equatable {
        case added([String])
        case moved([String])
        case ended
    }

    /// What the program was told of tracks since the last time.
    private func news(_ session: inout PeerSession) -> [News] {
        session.events().compactMap { event in
            switch event {
            case .trackAdded(_, let streamIDs): .added(streamIDs.sorted())
            case .trackStreamsChanged(_, let streamIDs): .moved(streamIDs.sorted())
            case .trackEnded: .ended
            default: nil
            }
        }
    }

    @Test("a rollback ends what the offer has brought", arguments: [true, false])
    func rollback(hasTrack: Bool) throws {
        var couple = try Couple()
        _ = try couple.left.addTrack(.video, streamIDs: ["s"], at: .zero)
        if hasTrack { _ = try couple.right.addTrack(.video, at: .zero) }
        try couple.right.setRemoteDescription(
            couple.left.setLocalDescription(at: .zero),
            at: .zero
        )
        #expect(news(&couple.right) == [.added(["s"])])
        try couple.right.setRemoteDescription(.rollback, at: .zero)
        #expect(news(&couple.right) == [.ended])
    }

    @Test("a rollback brings back what the offer has taken away")
    func rollbackOfAPause() throws {
        var couple = try Couple()
        let id = try couple.left.addTrack(.audio, streamIDs: ["s"], at: .zero)
        try couple.negotiate()
        _ = news(&couple.right)
        try couple.left.setDirection(.inactive, of: id, at: .zero)
        let offer = try couple.left.setLocalDescription(at: .zero)
        try couple.right.setRemoteDescription(offer, at: .zero)
        #expect(news(&couple.right) == [.ended])
        try couple.right.setRemoteDescription(.rollback, at: .zero)
        #expect(news(&couple.right) == [.added(["s"])])
    }

    @Test("a peer that stops before its first packet ends the track", arguments: [true, false])
    func pause(weOffer: Bool) throws {
        var couple = try Couple()
        let id = try couple.left.addTrack(.audio, streamIDs: ["s"], at: .zero)
        _ = try couple.right.addTrack(.audio, at: .zero)
        try couple.negotiate()
        #expect(news(&couple.right) == [.added(["s"])])
        try couple.left.setDirection(.receiveOnly, of: id, at: .zero)
        if weOffer { try couple.negotiateBack() } else { try couple.negotiate() }
        #expect(news(&couple.right) == [.ended])
        try couple.negotiate()
        #expect(news(&couple.right) == [])
    }

    @Test("an offer in place of another that lacks the section ends its track")
    func replacement() throws {
        var couple = try Couple()
        _ = try couple.left.addTrack(.audio, streamIDs: ["a"], at: .zero)
        let short = try couple.left.createOffer(at: .zero)
        _ = try couple.left.addTrack(.video, streamIDs: ["v"], at: .zero)
        let long = try couple.left.createOffer(at: .zero)
        try couple.right.setRemoteDescription(long, at: .zero)
        #expect(news(&couple.right) == [.added(["a"]), .added(["v"])])
        try couple.right.setRemoteDescription(long, at: .zero)
        #expect(news(&couple.right) == [])
        try couple.right.setRemoteDescription(short, at: .zero)
        #expect(news(&couple.right) == [.ended])
        verify(couple.right.transceivers.count == 1)
    }

    @Test("a section that is rejected ends its track")
    func rejection() throws {
        var couple = try Couple()
        let id = try couple.left.addTrack(.audio, streamIDs: ["a"], at: .zero)
        _ = try couple.left.addTrack(.video, streamIDs: ["v"], at: .zero)
        try couple.negotiate()
        _ = news(&couple.right)
        try couple.left.stop(id, at: .zero)
        try couple.negotiate()
        #expect(news(&couple.right) == [.ended])
    }

    @Test("other streams are told, the same in another order are not", arguments: [true, false])
    func streams(weOffer: Bool) throws {
        var couple = try Couple()
        let id = try couple.left.addTrack(.audio, streamIDs: ["a", "b"], at: .zero)
        try couple.negotiate()
        #expect(news(&couple.right) == [.added(["a", "b"])])
        for (streams, expected) in [
            (["b", "a"], []), (["b", "c"], [.moved(["b", "c"])]), ([], [.moved([])]),
        ] as [([String], [News])] {
            try couple.left.setStreams(streams, of: id, at: .zero)
            if weOffer { try couple.negotiateBack() } else { try couple.negotiate() }
            #expect(news(&couple.right) == expected)
            let told = couple.right.transceivers.first.map {
                couple.right.transceiver($0)?.remoteStreamIDs.sorted()
            }
            #expect(told == streams.sorted())
        }
        // A pause forgets them; what comes back has those of then.
        try couple.left.setDirection(.inactive, of: id, at: .zero)
        try couple.negotiate()
        try couple.left.setStreams(["d"], of: id, at: .zero)
        try couple.left.setDirection(.sendReceive, of: id, at: .zero)
        try couple.negotiate()
        #expect(news(&couple.right) == [.ended, .added(["d"])])
    }
}
