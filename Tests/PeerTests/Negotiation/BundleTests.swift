import Peer
import SDP
import Testing
import Wire

@Suite("RFC 9143 and the policies of RFC 9429 §4.1.1: which sections share a transport")
struct BundleTests {
    /// The transport attributes' places in an offer of audio, audio, video and data.
    @Test(
        "an offer asks for transports by its policy",
        arguments: [
            (.balanced, [true, false, true, true]), (.maxCompat, [true, true, true, true]),
            (.maxBundle, [true, false, false, false]),
        ] as [(BundlePolicy, [Bool])]
    )
    func offers(policy: BundlePolicy, expected: [Bool]) throws {
        var couple = try Couple(left: fullConfiguration { $0.bundlePolicy = policy })
        try Self.fill(&couple.left)
        let offer = try SDPDescription(parsing: couple.left.setLocalDescription(at: .zero).sdp)
        #expect(offer.media.map { $0.iceUfrag != nil } == expected)
        #expect(offer.media.map { !$0.isBundleOnly } == expected)
        #expect(offer.media.map { $0.port == 9 } == expected)
        #expect(offer.bundledMIDs == ["0", "1", "2", "3"])
        // Each has credentials of its own, and sockets.
        let fragments = offer.media.compactMap(\.iceUfrag)
        #expect(Set(fragments).count == fragments.count)
        verify(couple.left.gathered().count == fragments.count)
        let later = try Self.answered(&couple, offer)
        // Once bundled, they speak through the first, all with its port.
        #expect(later.media.map { $0.iceUfrag != nil } == [true, false, false, false])
        #expect(later.media.allSatisfy { $0.port == 9 && !$0.isBundleOnly })
        verify(couple.left.gathered() == [])
    }

    private static func fill(_ session: inout PeerSession) throws {
        _ = try session.add(.audio)
        _ = try session.add(.audio)
        _ = try session.add(.video)
        try session.addDataSection(at: .zero)
    }

    private static func answered(
        _ couple: inout Couple,
        _ offer: SDPDescription
    ) throws -> SDPDescription {
        let text = try couple.right.answer(offer.write())
        try couple.left.accept(text)
        let answer = try SDPDescription(parsing: text)
        #expect(answer.media.allSatisfy { !$0.isRejected })
        verify(couple.right.gathered().count == 1)
        return try SDPDescription(parsing: couple.left.createOffer(at: .zero).sdp)
    }

    @Test(
        "an offer without BUNDLE gets what the policy allows",
        arguments: [
            (.balanced, [true, false, true, true]), (.maxCompat, [true, true, true, true]),
            (.maxBundle, [true, false, false, false]),
        ] as [(BundlePolicy, [Bool])]
    )
    func unbundled(policy: BundlePolicy, expected: [Bool]) throws {
        var couple = try Couple(
            left: fullConfiguration { $0.bundlePolicy = .maxCompat },
            right: fullConfiguration { $0.bundlePolicy = policy }
        )
        try Self.fill(&couple.left)
        var offer = try SDPDescription(parsing: couple.left.setLocalDescription(at: .zero).sdp)
        offer.groups = []
        let text = try couple.right.answer(offer.write())
        let answer = try SDPDescription(parsing: text)
        #expect(answer.media.map { !$0.isRejected } == expected)
        #expect(answer.bundledMIDs == nil)
        verify(couple.right.gathered().count == expected.count(where: \.self))
        // As offerer we go on without BUNDLE, too.
        try couple.left.accept(text)
        let later = try SDPDescription(parsing: couple.left.createOffer(at: .zero).sdp)
        let kept = later.media.filter { Int($0.mid ?? "").map { $0 < 4 } == true && $0.port == 9 }
        #expect(kept.count == expected.count(where: \.self))
        #expect(kept.allSatisfy { $0.iceUfrag != nil })
        #expect(later.bundledMIDs?.contains { kept.map(\.mid).contains($0) } != true)
    }

    @Test func theFirstAcceptedSectionSpeaksWhenTheFirstIsRejected() throws {
        var couple = try Couple(right: PeerConfiguration())
        _ = try couple.left.add(.video)
        _ = try couple.left.add(.audio)
        let (_, answer) = try couple.negotiate()
        #expect(answer.media.map(\.isRejected) == [true, false])
        #expect(answer.bundledMIDs == ["1"])
        #expect(answer.media[1].iceUfrag != nil)
        let later = try SDPDescription(parsing: couple.left.createOffer(at: .zero).sdp)
        #expect(later.bundledMIDs == ["1"])
        #expect(later.media[1].iceUfrag != nil)
    }

    @Test func theGroupGoesOnWhenTheSectionThatSpeaksIsStopped() throws {
        var couple = try Couple()
        let first = try couple.left.add(.audio)
        _ = try couple.left.add(.video)
        let (offer, _) = try couple.negotiate()
        try couple.left.stop(first, at: .zero)
        let (later, answer) = try couple.negotiate()
        #expect(later.media[0].isRejected && answer.media[0].isRejected)
        #expect(later.bundledMIDs == ["1"] && answer.bundledMIDs == ["1"])
        // The same transport: same credentials, no restart.
        #expect(later.media[1].iceUfrag == offer.media[0].iceUfrag)
    }

    @Test func anAnswerMayNotBundleWhatWasNotOffered() throws {
        var couple = try Couple(left: fullConfiguration { $0.bundlePolicy = .maxCompat })
        _ = try couple.left.add(.audio)
        _ = try couple.left.add(.video)
        var offer = try SDPDescription(parsing: couple.left.setLocalDescription(at: .zero).sdp)
        offer.groups = []
        try couple.left.accept(try couple.right.answer(offer.write()))
        // The next offer keeps them apart, and so must its answer.
        let later = try couple.left.setLocalDescription(at: .zero)
        var answer = try SDPDescription(parsing: couple.right.answer(later.sdp))
        answer.groups = [GroupAttribute(mids: ["0", "1"])]
        let text = answer.write()
        #expect(isInvalidAccess { try couple.left.accept(text) })
        verify(couple.left.signalingState == .haveLocalOffer)
    }

    @Test("what data cannot say of RTCP, the first section of media says")
    func dataFirst() throws {
        var couple = try Couple(left: fullConfiguration { $0.bundlePolicy = .maxBundle })
        try couple.left.addDataSection(at: .zero)
        try couple.negotiate()
        _ = try couple.left.add(.audio)
        _ = try couple.left.add(.video)
        let (offer, answer) = try couple.negotiate()
        for description in [offer, answer] {
            #expect(description.media.map(\.isRTCPMux) == [false, true, false])
            #expect(description.media.map { $0.iceUfrag != nil } == [true, false, false])
        }
    }

    @Test(
        "the section a group names first speaks for it, wherever it stands",
        arguments: [["1", "0"], ["2", "0", "1"], ["1", "2", "0"]]
    )
    func order(mids: [String]) throws {
        var couple = try Couple(left: fullConfiguration { $0.bundlePolicy = .maxCompat })
        _ = try couple.left.add(.audio)
        _ = try couple.left.add(.video)
        if mids.count > 2 { try couple.left.addDataSection(at: .zero) }
        var offer = try SDPDescription(parsing: couple.left.setLocalDescription(at: .zero).sdp)
        offer.groups = [GroupAttribute(mids: mids)]
        let answer = try SDPDescription(parsing: couple.right.answer(offer.write()))
        #expect(answer.bundledMIDs == mids)
        // RFC 9143 §7.3.1: the first is the tagged section, and only it has those lines.
        let speakers = answer.media.filter { $0.iceUfrag != nil }
        #expect(speakers.map(\.mid) == [mids.first])
        #expect(speakers.allSatisfy { $0.setup != nil && !$0.fingerprints.isEmpty })
        // What data cannot say of RTCP, the first section of media says.
        let muxing = answer.media.filter(\.isRTCPMux)
        #expect(muxing.map(\.mid) == [mids.first { $0 != "2" }])
        let text = answer.write()
        try couple.left.accept(text)
        verify(couple.left.signalingState == .stable)
    }

    @Test("a section that was bundled alone keeps its transport when the group goes")
    func groupOfOneGoes() throws {
        var couple = try Couple(right: fullConfiguration { $0.bundlePolicy = .maxCompat })
        _ = try couple.left.add(.audio)
        let (_, first) = try couple.negotiate()
        verify(couple.right.gathered() == [0])
        var offer = try SDPDescription(parsing: couple.left.createOffer(at: .zero).sdp)
        offer.groups = []
        let answer = try SDPDescription(parsing: couple.right.answer(offer.write()))
        #expect(answer.media[0].iceUfrag == first.media[0].iceUfrag)
        #expect(answer.bundledMIDs == nil)
        verify(couple.right.gathered() == [])
        // With other credentials it has left the group (RFC 9143 §7.5.2): the transport is new.
        try couple.negotiate()
        var other = try SDPDescription(parsing: couple.left.createOffer(at: .zero).sdp)
        other.groups = []
        other.media[0].iceUfrag = "another"
        let moved = try SDPDescription(parsing: couple.right.answer(other.write()))
        #expect(moved.media[0].iceUfrag != first.media[0].iceUfrag)
    }
}
