import Peer
import SDP
import Testing
import Wire

@Suite("RFC 9429 §3.2: which description is allowed in which signaling state")
struct SignalingStateTests {
    enum Step: String, CaseIterable, Sendable {
        case localOffer, localAnswer, localPranswer, localRollback
        case remoteOffer, remoteAnswer, remotePranswer, remoteRollback
    }

    /// What each step leads to; a step that is missing here is an InvalidStateError.
    private static let allowed: [SignalingState: [Step: SignalingState]] = [
        .stable: [.localOffer: .haveLocalOffer, .remoteOffer: .haveRemoteOffer],
        .haveLocalOffer: [
            .localOffer: .haveLocalOffer, .remoteAnswer: .stable,
            .remotePranswer: .haveRemotePranswer, .localRollback: .stable,
            .remoteRollback: .stable,
            // The offer that collides takes ours back (W3C WebRTC §4.4.1.5).
            .remoteOffer: .haveRemoteOffer,
        ],
        .haveRemoteOffer: [
            .remoteOffer: .haveRemoteOffer, .localAnswer: .stable,
            .localPranswer: .haveLocalPranswer, .localRollback: .stable,
            .remoteRollback: .stable,
        ],
        .haveLocalPranswer: [.localAnswer: .stable, .localPranswer: .haveLocalPranswer],
        .haveRemotePranswer: [.remoteAnswer: .stable, .remotePranswer: .haveRemotePranswer],
        .closed: [:],
    ]

    @Test("each step in each state", arguments: SignalingState.allCases, Step.allCases)
    func step(state: SignalingState, step: Step) throws {
        var couple = try Couple()
        _ = try couple.left.add(.audio)
        _ = try couple.right.add(.audio)
        try Self.bring(&couple, to: state)
        let before = couple.left.signalingState
        try #require(before == state)
        let texts = try Self.texts(&couple, for: state)
        let error = peerError { try Self.take(step, texts, &couple.left) }
        let after = couple.left.signalingState
        if let expected = Self.allowed[state]?[step] {
            #expect(error == nil && after == expected, "\(String(describing: error))")
        } else {
            #expect(error?.name == "InvalidStateError")
            #expect(after == state)
        }
    }

    private struct Texts {
        var localOffer = ""
        var localAnswer = ""
        var remoteOffer = ""
        var remoteAnswer = ""
    }

    private static func bring(_ couple: inout Couple, to state: SignalingState) throws {
        switch state {
        case .stable: break
        case .haveLocalOffer: try couple.left.setLocalDescription(at: .zero)
        case .haveRemoteOffer, .haveLocalPranswer:
            let offer = try couple.right.setLocalDescription(at: .zero)
            try couple.left.setRemoteDescription(offer, at: .zero)
            guard state == .haveLocalPranswer else { return }
            var answer = try couple.left.createAnswer(at: .zero)
            answer.kind = .pranswer
            try couple.left.setLocalDescription(answer, at: .zero)
        case .haveRemotePranswer:
            let offer = try couple.left.setLocalDescription(at: .zero)
            try couple.right.setRemoteDescription(offer, at: .zero)
            var answer = try couple.right.createAnswer(at: .zero)
            answer.kind = .pranswer
            try couple.left.setRemoteDescription(answer, at: .zero)
        case .closed: couple.left.close(at: .zero)
        }
    }

    /// Descriptions that would do, were the state right.
    private static func texts(_ couple: inout Couple, for state: SignalingState) throws -> Texts {
        var texts = Texts(localOffer: "v=0", localAnswer: "v=0")
        if state == .stable || state == .haveLocalOffer {
            texts.localOffer = try couple.left.createOffer(at: .zero).sdp
        }
        if state == .haveRemoteOffer || state == .haveLocalPranswer {
            texts.localAnswer = try couple.left.createAnswer(at: .zero).sdp
        }
        var third = try makeSession(seed: 3, configuration: fullConfiguration())
        _ = try third.add(.audio)
        texts.remoteOffer = try third.createOffer(at: .zero).sdp
        texts.remoteAnswer = texts.remoteOffer
        if let pending = couple.left.pendingLocalDescription, pending.kind == .offer {
            var fourth = try makeSession(seed: 4, configuration: fullConfiguration())
            try fourth.setRemoteDescription(pending, at: .zero)
            texts.remoteAnswer = try fourth.createAnswer(at: .zero).sdp
        }
        return texts
    }

    private static func take(_ step: Step, _ texts: Texts, _ session: inout PeerSession) throws {
        switch step {
        case .localOffer: try local(.offer, texts.localOffer, &session)
        case .localAnswer: try local(.answer, texts.localAnswer, &session)
        case .localPranswer: try local(.pranswer, texts.localAnswer, &session)
        case .localRollback: try local(.rollback, "", &session)
        case .remoteOffer: try remote(.offer, texts.remoteOffer, &session)
        case .remoteAnswer: try remote(.answer, texts.remoteAnswer, &session)
        case .remotePranswer: try remote(.pranswer, texts.remoteAnswer, &session)
        case .remoteRollback: try remote(.rollback, "", &session)
        }
    }

    private static func local(
        _ kind: SessionDescription.Kind,
        _ text: String,
        _ session: inout PeerSession
    ) throws {
        try session.setLocalDescription(SessionDescription(kind, sdp: text), at: .zero)
    }

    private static func remote(
        _ kind: SessionDescription.Kind,
        _ text: String,
        _ session: inout PeerSession
    ) throws {
        try session.setRemoteDescription(SessionDescription(kind, sdp: text), at: .zero)
    }

    @Test func currentAndPendingDescriptionsAreThoseOfTheState() throws {
        var couple = try Couple()
        _ = try couple.left.add(.audio)
        let offer = try couple.left.setLocalDescription(at: .zero)
        verify(couple.left.pendingLocalDescription == offer)
        verify(couple.left.currentLocalDescription == nil)
        try couple.right.setRemoteDescription(offer, at: .zero)
        verify(couple.right.pendingRemoteDescription == offer)
        var provisional = try couple.right.createAnswer(at: .zero)
        provisional.kind = .pranswer
        try couple.right.setLocalDescription(provisional, at: .zero)
        try couple.left.setRemoteDescription(provisional, at: .zero)
        verify(couple.left.pendingRemoteDescription == provisional)
        verify(couple.right.pendingLocalDescription == provisional)
        let answer = try couple.right.setLocalDescription(at: .zero)
        try couple.left.setRemoteDescription(answer, at: .zero)
        verify(couple.left.pendingLocalDescription == nil)
        verify(couple.left.pendingRemoteDescription == nil)
        verify(couple.left.currentRemoteDescription == answer)
        verify(couple.right.currentRemoteDescription == offer)
        verify(couple.right.currentLocalDescription == answer)
    }

    @Test func aProvisionalAnswerStartsTransportsAndTheAnswerEndsTheRest() throws {
        var couple = try Couple(left: fullConfiguration { $0.bundlePolicy = .maxCompat })
        _ = try couple.left.add(.audio)
        _ = try couple.left.add(.video)
        let offer = try couple.left.setLocalDescription(at: .zero)
        verify(couple.left.gathered() == [0, 1])
        try couple.right.setRemoteDescription(offer, at: .zero)
        var answer = try couple.right.createAnswer(at: .zero)
        answer.kind = .pranswer
        try couple.left.setRemoteDescription(answer, at: .zero)
        let directions = couple.left.currentDirections()
        #expect(directions == [.sendOnly, .sendOnly])
        answer.kind = .answer
        try couple.left.setRemoteDescription(answer, at: .zero)
        let state = couple.left.signalingState
        #expect(state == .stable)
        verify(couple.left.gathered() == [])
    }
}
