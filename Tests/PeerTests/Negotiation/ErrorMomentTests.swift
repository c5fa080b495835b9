import Peer
import SDP
import Testing
import Wire

@Suite("W3C WebRTC: errors have the names and come at the moments the specification gives")
struct ErrorMomentTests {
    private func name(_ body: () throws -> Void) -> String? { peerError(body)?.name }

    @Test func candidates() throws {
        var couple = try Couple()
        let line = "candidate:1 1 udp 2122260223 192.0.2.1 5000 typ host"
        let early = ICECandidate(candidate: line, sdpMid: "0")
        #expect(
            name { try couple.left.addRemoteCandidate(early, at: .zero) } == "InvalidStateError"
        )
        // W3C WebRTC §4.4.2: what is wrong whatever the state is told first.
        let placeless = ICECandidate(candidate: line)
        #expect(name { try couple.left.addRemoteCandidate(placeless, at: .zero) } == "TypeError")
        let end = ICECandidate(candidate: "")
        #expect(name { try couple.left.addRemoteCandidate(end, at: .zero) } == "InvalidStateError")
        _ = try couple.left.add(.audio)
        try couple.negotiate()
        let cases: [(ICECandidate, String?)] = [
            (early, nil), (ICECandidate(candidate: line, sdpMLineIndex: 0), nil),
            (ICECandidate(candidate: line), "TypeError"),
            (ICECandidate(candidate: line, sdpMid: "9"), "OperationError"),
            (ICECandidate(candidate: line, sdpMLineIndex: 9), "OperationError"),
            (ICECandidate(candidate: "rubbish", sdpMid: "0"), "OperationError"),
            (ICECandidate(candidate: ""), nil),
        ]
        for (candidate, expected) in cases {
            #expect(name { try couple.left.addRemoteCandidate(candidate, at: .zero) } == expected)
        }
    }

    @Test func aCandidateWithoutSectionIsNeverRightEvenBehindTheEnd() throws {
        var session = try makeSession()
        session.close(at: .zero)
        let placeless = ICECandidate(candidate: "candidate:1 1 udp 1 192.0.2.1 5000 typ host")
        #expect(name { try session.addRemoteCandidate(placeless, at: .zero) } == "TypeError")
        let end = ICECandidate(candidate: "")
        #expect(name { try session.addRemoteCandidate(end, at: .zero) } == "InvalidStateError")
    }

    @Test func aCandidateOfAnotherDescriptionIsToldFromOneOfNoSection() throws {
        var couple = try Couple()
        _ = try couple.left.add(.audio)
        let (_, answer) = try couple.negotiate()
        let line = "candidate:1 1 udp 2122260223 192.0.2.1 5000 typ host"
        let known = try #require(answer.media[0].iceUfrag)
        for (fragment, isUnknown) in [("other", true), (known, false)] {
            var candidate = ICECandidate(candidate: line, sdpMid: "7")
            candidate.usernameFragment = fragment
            let error = peerError { try couple.left.addRemoteCandidate(candidate, at: .zero) }
            switch error {
            case .operation(.unknownFragment): #expect(isUnknown)
            case .operation(.unknownSection): #expect(!isUnknown)
            default: Issue.record("\(String(describing: error))")
            }
        }
    }

    @Test func aBadDescriptionNamesItsLine() throws {
        var session = try makeSession()
        let text = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=audio\r\n"
        let error = peerError {
            try session.setRemoteDescription(SessionDescription(.offer, sdp: text), at: .zero)
        }
        guard case .sdpSyntax(let syntax)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(syntax.line == 5 && error?.name == "sdp-syntax-error")
    }

    @Test func aClosedSessionIsInAnInvalidState() throws {
        var session = try makeSession()
        let id = try session.addTrack(.audio, at: .zero)
        session.close(at: .zero)
        let offer = SessionDescription(.offer, sdp: "nonsense")
        #expect(name { _ = try session.createOffer(at: .zero) } == "InvalidStateError")
        #expect(name { _ = try session.createAnswer(at: .zero) } == "InvalidStateError")
        #expect(name { try session.setLocalDescription(offer, at: .zero) } == "InvalidStateError")
        #expect(name { try session.setRemoteDescription(offer, at: .zero) } == "InvalidStateError")
        #expect(name { _ = try session.addTrack(.audio, at: .zero) } == "InvalidStateError")
        #expect(name { _ = try session.add(.audio) } == "InvalidStateError")
        #expect(name { try session.removeTrack(of: id, at: .zero) } == "InvalidStateError")
        #expect(name { try session.stop(id, at: .zero) } == "InvalidStateError")
        #expect(
            name { try session.setConfiguration(PeerConfiguration(), at: .zero) }
                == "InvalidStateError"
        )
    }

    @Test func whatIsDecidedAtTheStartMayNotChange() throws {
        var session = try makeSession()
        var same = PeerConfiguration()
        same.maximumAudioPayload = 100
        try session.setConfiguration(same, at: .zero)
        for change in [
            { $0.bundlePolicy = .maxBundle }, { $0.rtcpMuxPolicy = .negotiate },
            { $0.capabilities = .full },
        ] as [(inout PeerConfiguration) -> Void] {
            var other = PeerConfiguration()
            change(&other)
            #expect(
                name { try session.setConfiguration(other, at: .zero) }
                    == "InvalidModificationError"
            )
        }
    }

    @Test func aWrongStateIsToldBeforeAWrongText() throws {
        var session = try makeSession()
        for (kind, expected) in [
            (SessionDescription.Kind.answer, "InvalidStateError"), (.pranswer, "InvalidStateError"),
            (.offer, "sdp-syntax-error"),
        ] {
            let description = SessionDescription(kind, sdp: "nonsense")
            let error = name { try session.setRemoteDescription(description, at: .zero) }
            #expect(error == expected)
        }
    }

    @Test func aLocalDescriptionWithoutTextIsTheOneThatWouldBeCreated() throws {
        var session = try makeSession()
        _ = try session.addTrack(.audio, at: .zero)
        let answer = SessionDescription(.answer, sdp: "")
        #expect(name { try session.setLocalDescription(answer, at: .zero) } == "InvalidStateError")
        try session.setLocalDescription(SessionDescription(.offer, sdp: ""), at: .zero)
        #expect(session.signalingState == .haveLocalOffer)
        #expect(session.localDescription?.sdp.contains("m=audio") == true)
    }

    @Test func onlyWhatWasCreatedMayBeSet() throws {
        var couple = try Couple()
        _ = try couple.left.add(.audio)
        let old = try couple.left.createOffer(at: .zero)
        _ = try couple.left.createOffer(at: .zero)
        let error = name { try couple.left.setLocalDescription(old, at: .zero) }
        #expect(error == "InvalidModificationError")
    }
}
