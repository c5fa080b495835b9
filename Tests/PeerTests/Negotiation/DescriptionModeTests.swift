import Peer
import SDP
import Testing
import Wire

@Suite("How strictly the peer's descriptions are read is the program's choice")
struct DescriptionModeTests {
    /// An offer without the t= line, which RFC 8866 §5 requires.
    private func deviating() throws -> SessionDescription {
        var session = try makeSession()
        _ = try session.add(.audio)
        let text = try session.createOffer(at: .zero).sdp.replacing("t=0 0\r\n", with: "")
        return SessionDescription(.offer, sdp: text)
    }

    private func deviations(_ session: inout PeerSession) -> [String] {
        session.events().flatMap { event in
            guard case .warning(.descriptionDeviates(let sentences)) = event else {
                return [String]()
            }
            return sentences
        }
    }

    @Test func toleranceIsTheDefaultAndKeepsARecord() throws {
        var session = try makeSession()
        try session.setRemoteDescription(try deviating(), at: .zero)
        let told = deviations(&session)
        #expect(told.count == 1)
    }

    @Test func strictnessRefusesWhatToleranceLists() throws {
        var configuration = PeerConfiguration()
        configuration.descriptionMode = .strict
        var session = try makeSession(configuration: configuration)
        let bad = try deviating()
        let error = peerError { try session.setRemoteDescription(bad, at: .zero) }
        guard case .sdpSyntax(let syntax)? = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        // Where the first section begins it can no longer come.
        let before = bad.sdp.split(separator: "m=audio")[0].split(separator: "\r\n")
        #expect(syntax.line == before.count + 1)
        verify(session.signalingState == .stable)
        // It may change, as it decides about descriptions to come.
        try session.setConfiguration(PeerConfiguration(), at: .zero)
        try session.setRemoteDescription(bad, at: .zero)
        verify(session.signalingState == .haveRemoteOffer)
    }

    @Test func strictnessTakesWhatWeWrite() throws {
        let strict = fullConfiguration { $0.descriptionMode = .strict }
        var couple = try Couple(left: strict, right: strict)
        _ = try couple.left.add(.audio)
        _ = try couple.right.add(.video)
        try couple.left.addDataSection(at: .zero)
        try couple.negotiate()
        try couple.negotiateBack()
        verify(couple.left.currentDirections() == [.sendOnly, .receiveOnly])
    }

    @Test func limitsHold() throws {
        let offer = try deviating()
        for (lines, isTaken) in [(20, false), (20_000, true)] {
            var configuration = PeerConfiguration()
            configuration.descriptionLimits.maximumLines = lines
            var session = try makeSession(configuration: configuration)
            let error = peerError { try session.setRemoteDescription(offer, at: .zero) }
            #expect((error == nil) == isTaken)
            if case .sdpSyntax(let syntax)? = error { #expect(syntax.line == lines + 1) }
        }
    }

    @Test("what came later is in a description that is longer than usual")
    func largerLimitsHoldForLaterCandidates() throws {
        let long = "a=x:" + String(repeating: "y", count: 100_000) + "\r\n"
        let offer = try deviating()
        var configuration = PeerConfiguration()
        configuration.descriptionLimits.maximumLineLength = 200_000
        var session = try makeSession(configuration: configuration)
        try session.setRemoteDescription(
            SessionDescription(.offer, sdp: offer.sdp + long),
            at: .zero
        )
        let line = "candidate:1 1 udp 2122260223 192.0.2.1 5000 typ host"
        let candidate = ICECandidate(candidate: line, sdpMid: "0")
        try session.addRemoteCandidate(candidate, at: .zero)
        let holds = session.remoteDescription?.sdp.contains(line)
        #expect(holds == true)
    }
}
