import Peer
import SDP
import Testing
import Wire

@Suite("Offers and answers say what RFC 9429 asks, line by line")
struct OfferAnswerTests {
    private static func directions(
        _ list: [MediaDirection],
        _ session: inout PeerSession
    ) throws {
        for direction in list {
            let id = try session.addTrack(.audio, at: .zero)
            try session.setDirection(direction, of: id, at: .zero)
        }
    }

    @Test(
        "first offers follow the rules",
        arguments: [
            [.sendReceive], [.sendOnly], [.receiveOnly], [.inactive], [.receiveOnly, .sendReceive],
            [.sendReceive, .sendOnly, .inactive, .sendReceive], [],
        ] as [[MediaDirection]]
    )
    func firstOffer(list: [MediaDirection]) throws {
        var session = try makeSession()
        try Self.directions(list, &session)
        let offer = try session.offer()
        #expect(try JSEPRules.broken(inOffer: offer) == [])
        let description = try SDPDescription(parsing: offer)
        #expect(description.media.map(\.direction) == list)
        // RFC 9143 §7.2.1: those behind the first depend on its transport.
        #expect(description.media.dropFirst().allSatisfy { $0.isBundleOnly })
    }

    @Test(
        "answers to our own offers follow the rules",
        arguments: MediaDirection.allCases,
        MediaDirection.allCases
    )
    func answer(offered: MediaDirection, wanted: MediaDirection) throws {
        var caller = try makeSession(seed: 1)
        var answerer = try makeSession(seed: 2)
        try Self.directions([offered, .sendReceive], &caller)
        try Self.directions([wanted], &answerer)
        let offer = try caller.offer()
        let answer = try answerer.answer(offer)
        try caller.accept(answer)
        #expect(try JSEPRules.broken(inAnswer: answer, to: offer) == [])
        let description = try SDPDescription(parsing: answer)
        // RFC 9429 §5.10: a track takes the first section on which the peer wants to hear; nobody
        // here has anything to send on the other.
        let expected: [MediaDirection] =
            offered.receives
            ? [wanted.intersection(offered.reversed), .receiveOnly]
            : [MediaDirection.receiveOnly.intersection(offered.reversed), wanted]
        #expect(description.media.map(\.direction) == expected)
        // RFC 9429 §5.2.2: later offers keep the sections, and what was agreed is bundled.
        let again = try caller.createOffer(at: .zero).sdp
        #expect(try JSEPRules.broken(inOffer: again) == [])
        let later = try SDPDescription(parsing: again)
        #expect(later.media.map(\.mid) == ["0", "1"])
        #expect(later.media.allSatisfy { $0.port == 9 })
    }

    @Test func eachOfferHasAnotherVersionAndTheSameNames() throws {
        var session = try makeSession()
        try Self.directions([.sendReceive], &session)
        let first = try SDPDescription(parsing: session.createOffer(at: .zero).sdp)
        let second = try SDPDescription(parsing: session.createOffer(at: .zero).sdp)
        #expect(version(second) == version(first).map { $0 + 1 })
        #expect(second.origin.sessionID == first.origin.sessionID)
        #expect(second.media == first.media)
    }

    private func version(_ description: SDPDescription) -> Int? {
        Int("\(description.origin.sessionVersion)")
    }

    @Test func onlyTheDescriptionMadeLastCanBeSet() throws {
        var session = try makeSession()
        try Self.directions([.sendReceive], &session)
        let offer = try session.createOffer(at: .zero)
        var changed = offer
        changed.sdp += "a=x-mine\r\n"
        guard
            case .invalidModification = peerError({
                try session.setLocalDescription(changed, at: .zero)
            })
        else {
            Issue.record("a changed offer was taken")
            return
        }
        try session.setLocalDescription(offer, at: .zero)
        let state = session.signalingState
        #expect(state == .haveLocalOffer)
    }

    @Test func wrongTurnsAreInvalidStates() throws {
        var caller = try makeSession(seed: 1)
        var other = try makeSession(seed: 2)
        try Self.directions([.sendReceive], &caller)
        try Self.directions([.sendReceive], &other)
        // Nothing was offered yet.
        #expect(isInvalidState { _ = try caller.createAnswer(at: .zero) })
        let early = ICECandidate(candidate: "candidate:1 1 udp 1 192.0.2.1 9 typ host", sdpMid: "0")
        #expect(isInvalidState { try caller.addRemoteCandidate(early, at: .zero) })
        let answerless = try other.offer()
        #expect(isInvalidState { try caller.accept(answerless) })
        let offer = try caller.offer()
        #expect(isInvalidState { _ = try caller.createAnswer(at: .zero) })
        #expect(isInvalidState { try caller.addRemoteCandidate(early, at: .zero) })
        var third = try makeSession(seed: 3)
        try caller.accept(try third.answer(offer))
        let state = caller.signalingState
        #expect(state == .stable)
        // An offer under way forbids one of ours.
        try third.setRemoteDescription(SessionDescription(.offer, sdp: answerless), at: .zero)
        #expect(isInvalidState { _ = try third.createOffer(at: .zero) })
        third.close(at: .zero)
        #expect(isInvalidState { _ = try third.createOffer(at: .zero) })
        #expect(isInvalidState { _ = try third.answer(offer) })
        #expect(isInvalidState { try third.addRemoteCandidate(early, at: .zero) })
    }

    @Test func anOfferMayComeTwice() throws {
        var caller = try makeSession(seed: 1)
        var answerer = try makeSession(seed: 2)
        try Self.directions([.sendReceive], &caller)
        let offer = try caller.offer()
        try answerer.setRemoteDescription(SessionDescription(.offer, sdp: offer), at: .zero)
        // Once more while it waits for its answer,
        let first = try answerer.answer(offer)
        // and once more behind it: nothing changes.
        let second = try answerer.answer(offer)
        let tracks = answerer.events().count {
            if case .trackAdded = $0 { true } else { false }
        }
        #expect(tracks == 1)
        #expect(
            try SDPDescription(parsing: first).media == SDPDescription(parsing: second).media
        )
        try caller.accept(first)
        #expect(isInvalidState { try caller.accept(second) })
    }

    @Test func anAnswerMustMatchItsOffer() throws {
        var caller = try makeSession(seed: 1)
        var answerer = try makeSession(seed: 2)
        try Self.directions([.sendReceive, .sendReceive], &caller)
        let offer = try caller.offer()
        let answer = try answerer.answer(offer)
        let sections = try SDPDescription(parsing: answer)
        var short = sections
        short.media.removeLast()
        var long = sections
        long.media.append(long.media[0])
        var otherKind = sections
        otherKind.media[1].kind = "video"
        var otherName = sections
        otherName.media[1].mid = "x"
        var swapped = sections
        swapped.media.swapAt(0, 1)
        var undecided = sections
        undecided.media[0].setup = .actpass
        for wrong in [short, long, otherKind, otherName, swapped, undecided] {
            #expect(isInvalidAccess { try caller.accept(wrong.write()) })
            let state = caller.signalingState
            #expect(state == .haveLocalOffer)
        }
        try caller.accept(answer)
    }

    @Test func sectionsOfAnOfferNeverGoAway() throws {
        var caller = try makeSession(seed: 1)
        var answerer = try makeSession(seed: 2)
        try Self.directions([.sendReceive, .sendReceive], &caller)
        let offer = try caller.offer()
        let fewer = try SDPDescription(parsing: offer)
        var one = fewer
        one.media.removeLast()
        one.attributes.removeAll { $0.name == "group" }
        // Before an answer another offer may replace the first, with whatever it has,
        try answerer.setRemoteDescription(SessionDescription(.offer, sdp: offer), at: .zero)
        let stale = try answerer.createAnswer(at: .zero)
        try answerer.setRemoteDescription(SessionDescription(.offer, sdp: one.write()), at: .zero)
        guard
            case .invalidModification = peerError({
                try answerer.setLocalDescription(stale, at: .zero)
            })
        else {
            Issue.record("the answer to another offer was taken")
            return
        }
        let answer = try answerer.createAnswer(at: .zero)
        #expect(try SDPDescription(parsing: answer.sdp).media.count == 1)
        // but after one it has at least what both sides agreed on, of the same kind.
        _ = try answerer.answer(offer)
        #expect(isInvalidAccess { _ = try answerer.answer(one.write()) })
        var video = fewer
        video.media[1].kind = "video"
        #expect(isInvalidAccess { _ = try answerer.answer(video.write()) })
    }
}
