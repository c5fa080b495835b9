import ICE
import Peer
import SDP
import Testing
import Wire

@Suite("Candidates in descriptions, W3C WebRTC §4.4.2 and RFC 9429 §5.2.2")
struct DescribedCandidateTests {
    private static let line = "candidate:1 1 udp 2122260223 192.0.2.1 5000 typ host"

    private func candidate(_ text: String = line, fragment: String? = nil) -> ICECandidate {
        ICECandidate(candidate: text, sdpMid: "0", usernameFragment: fragment)
    }

    private func media(_ description: SessionDescription?) throws -> [MediaDescription] {
        try SDPDescription(parsing: try #require(description).sdp).media
    }

    // MARK: The peer's

    @Test func whatIsAddedAppearsInTheDescriptionItBelongsTo() throws {
        var couple = try Couple()
        _ = try couple.left.add(.audio)
        let offer = try couple.left.setLocalDescription(at: .zero)
        try couple.right.setRemoteDescription(offer, at: .zero)
        try couple.right.addRemoteCandidate(candidate(), at: .zero)
        try couple.right.addRemoteCandidate(candidate(), at: .zero)
        let pending = couple.right.pendingRemoteDescription
        #expect(try media(pending)[0].candidates.count == 1)
        try couple.left.accept(try couple.right.setLocalDescription(at: .zero).sdp)
        try couple.right.addRemoteCandidate(candidate(""), at: .zero)
        let current = try media(couple.right.currentRemoteDescription)
        #expect(current[0].candidates.count == 1 && current[0].isEndOfCandidates)
        #expect(couple.left.currentRemoteDescription?.sdp.contains(Self.line) == false)
    }

    @Test func aFragmentThatNoDescriptionNamesIsAnError() throws {
        var couple = try Couple()
        _ = try couple.left.add(.audio)
        let (first, _) = try couple.negotiate()
        couple.left.restartICE(at: .zero)
        let offer = try couple.left.setLocalDescription(at: .zero)
        let old = try #require(first.media[0].iceUfrag)
        let new = try #require(try media(offer)[0].iceUfrag)
        #expect(
            isOperationError {
                try couple.right.addRemoteCandidate(candidate(fragment: new), at: .zero)
            }
        )
        try couple.right.setRemoteDescription(offer, at: .zero)
        let other = "candidate:2 1 udp 2122260222 192.0.2.2 5000 typ host"
        try couple.right.addRemoteCandidate(candidate(fragment: old), at: .zero)
        try couple.right.addRemoteCandidate(candidate(other, fragment: new), at: .zero)
        let current = try media(couple.right.currentRemoteDescription)[0].candidates
        let pending = try media(couple.right.pendingRemoteDescription)[0].candidates
        #expect(current.map(\.foundation) == ["1"] && pending.map(\.foundation) == ["2"])
        let answer = try couple.right.setLocalDescription(at: .zero)
        try couple.left.setRemoteDescription(answer, at: .zero)
        #expect(
            isOperationError {
                try couple.right.addRemoteCandidate(candidate(fragment: old), at: .zero)
            }
        )
    }

    @Test("an empty sdpMid beside an index says nothing, as Pion sends it")
    func emptyMid() throws {
        var couple = try Couple()
        _ = try couple.left.add(.audio)
        _ = try couple.left.add(.video)
        try couple.negotiate()
        let pion = ICECandidate(candidate: Self.line, sdpMid: "", sdpMLineIndex: 1)
        try couple.right.addRemoteCandidate(pion, at: .zero)
        let sections = try media(couple.right.remoteDescription)
        #expect(sections.map(\.candidates.count) == [0, 1])
    }

    @Test("the end without a name is that of all sections, RFC 8840 §4.3")
    func namelessEnd() throws {
        let apart = fullConfiguration { $0.bundlePolicy = .maxCompat }
        var couple = try Couple(left: apart, right: apart)
        _ = try couple.left.add(.audio)
        _ = try couple.left.add(.video)
        let offer = try couple.left.setLocalDescription(at: .zero)
        try couple.right.setRemoteDescription(offer, at: .zero)
        try couple.right.addRemoteCandidate(ICECandidate(candidate: ""), at: .zero)
        let sections = try media(couple.right.remoteDescription)
        #expect(sections.map(\.isEndOfCandidates) == [true, true])
    }

    // MARK: Ours

    @Test func gatheredCandidatesAreDescribedAndTheDefaultIsInTheLines() throws {
        var couple = try Couple()
        _ = try couple.left.add(.audio)
        let first = try couple.left.setLocalDescription(at: .zero)
        #expect(try media(first)[0].port == 9)
        gather(&couple.left)
        let gathered = try media(couple.left.localDescription)[0]
        #expect(gathered.port == 4_000 && gathered.connection?.address == "192.0.2.1")
        #expect(gathered.candidates.count == 2 && gathered.isEndOfCandidates)
    }

    @Test func laterDescriptionsHaveThemFromTheStart() throws {
        var couple = try Couple()
        _ = try couple.left.add(.audio)
        try couple.negotiate()
        gather(&couple.left)
        _ = try couple.left.add(.video)
        let next = try media(try couple.left.createOffer(at: .zero))
        #expect(next.map(\.candidates.count) == [2, 0] && next.map(\.port) == [4_000, 4_000])
        let (offer, _) = try couple.negotiateBack()
        #expect(offer.media[0].candidates.isEmpty)
        let answer = try media(couple.left.currentLocalDescription)[0]
        #expect(answer.candidates.count == 2 && answer.port == 4_000)
        // A restart begins with nothing (RFC 9429 §5.2.2).
        couple.left.restartICE(at: .zero)
        let restart = try media(try couple.left.createOffer(at: .zero))
        #expect(restart.allSatisfy { $0.candidates.isEmpty && $0.port == 9 })
    }

    @Test("a=rtcp names the default candidate of RTCP")
    func controlPort() throws {
        let apart = fullConfiguration { $0.rtcpMuxPolicy = .negotiate }
        var couple = try Couple(left: apart, right: apart)
        _ = try couple.left.add(.audio)
        _ = try couple.left.setLocalDescription(at: .zero)
        let address = SocketAddress(IPAddress("192.0.2.1") ?? .any4, port: 4_000)
        let control = SocketAddress(IPAddress("192.0.2.1") ?? .any4, port: 4_001)
        couple.left.addLocalAddress(address, to: 0, at: .zero)
        couple.left.addLocalAddress(control, to: 0, component: 2, at: .zero)
        let section = try media(couple.left.localDescription)[0]
        #expect(section.port == 4_000 && section.rtcp?.port == 4_001)
    }

    @Test func addressesBehindNamesAreNotInTheLines() throws {
        var left = fullConfiguration()
        left.gathering.hostPrivacy = .named
        var couple = try Couple(left: left)
        _ = try couple.left.add(.audio)
        _ = try couple.left.setLocalDescription(at: .zero)
        gather(&couple.left)
        let section = try media(couple.left.localDescription)[0]
        #expect(section.port == 9 && section.connection?.address == "0.0.0.0")
        #expect(section.candidates.count == 2)
    }

    /// IPv6 comes first, and IPv4 is the default all the same.
    private func gather(_ session: inout PeerSession) {
        for text in ["2001:db8::1", "192.0.2.1"] {
            let address = SocketAddress(IPAddress(text) ?? .any4, port: 4_000)
            session.addLocalAddress(address, to: 0, at: .zero)
        }
        session.endOfLocalAddresses(of: 0, at: .zero)
    }
}
