import Peer
import SDP
import Testing
import Wire

@Suite("RFC 8841: the section of data channels")
struct DataSectionTests {
    @Test func itIsOfferedAndAgreed() throws {
        var couple = try Couple()
        try couple.left.addDataSection(at: .zero)
        let (offer, answer) = try couple.negotiate()
        for media in [offer.media[0], answer.media[0]] {
            #expect(media.kind == "application" && media.protocolName == "UDP/DTLS/SCTP")
            #expect(media.formats == ["webrtc-datachannel"])
            #expect(media.sctpPort == 5_000 && media.maximumMessageSize == 262_144)
            #expect(!media.isRTCPMux && media.statedDirection == nil)
        }
        let section = couple.left.dataSection
        #expect(section?.mid == "0" && section?.remoteSCTPPort == 5_000)
        verify(couple.right.dataSection?.transport == 0)
        // Once is enough.
        try couple.right.addDataSection(at: .zero)
        verify(!couple.right.isNegotiationNeeded)
    }

    @Test func theOldFormIsAnsweredInTheOldForm() throws {
        var couple = try Couple()
        let offer = Recorded.text("aiortc/datachannel_firefox.sdp")
        let answer = try SDPDescription(parsing: couple.left.answer(offer))
        let data = try #require(answer.media.first)
        #expect(data.protocolName == "DTLS/SCTP" && data.formats == ["5000"])
        #expect(data.value(of: "sctpmap") == "5000 webrtc-datachannel 1024")
        #expect(data.sctpPort == nil)
        let size = couple.left.dataSection?.remoteMaximumMessageSize
        #expect(size == 1_073_741_823)
    }

    @Test func withoutTheCapabilityItIsRejectedAndNotOffered() throws {
        var couple = try Couple(right: PeerConfiguration())
        try couple.left.addDataSection(at: .zero)
        let (_, answer) = try couple.negotiate()
        #expect(answer.media[0].isRejected && answer.bundledMIDs == nil)
        let error = peerError { try couple.right.addDataSection(at: .zero) }
        #expect(error?.name == "NotSupportedError")
        let video = peerError { _ = try couple.right.add(.video) }
        #expect(video?.name == "NotSupportedError")
    }

    @Test func nothingUnknownIsEchoed() throws {
        var couple = try Couple()
        try couple.left.addDataSection(at: .zero)
        _ = try couple.left.add(.audio)
        var offer = try SDPDescription(parsing: couple.left.createOffer(at: .zero).sdp)
        offer.append("x-session", "1")
        for index in offer.media.indices {
            offer.media[index].append("sctp-init", "x")
            offer.media[index].append("x-google-flag", "conference")
            offer.media[index].append("crypto", "1 AES_CM_128_HMAC_SHA1_80 inline:x")
            offer.media[index].append("identity", "x")
        }
        let answer = try couple.right.answer(offer.write())
        for name in ["sctp-init", "x-session", "x-google", "crypto", "identity"] {
            #expect(!answer.contains(name))
        }
    }

    @Test("a peer that rejects it is not asked again and again")
    func rejection() throws {
        var couple = try Couple(right: PeerConfiguration())
        _ = try couple.left.add(.audio)
        try couple.left.addDataSection(at: .zero)
        _ = couple.left.events()
        try couple.negotiate()
        verify(!couple.left.isNegotiationNeeded && !couple.left.wasNegotiationNeeded())
        // Nor on the occasion of something else.
        let (offer, _) = try couple.negotiate()
        #expect(offer.media.map(\.isRejected) == [false, true])
        verify(!couple.left.isNegotiationNeeded)
        // The program may ask once more.
        try couple.left.addDataSection(at: .zero)
        verify(couple.left.wasNegotiationNeeded())
        let (again, _) = try couple.negotiate()
        #expect(again.media.last?.kind == "application" && again.media.last?.isRejected == false)
        verify(!couple.left.isNegotiationNeeded)
    }

    @Test("one that the peer ends later is not asked for again, and may be offered by the peer")
    func end() throws {
        var couple = try Couple()
        _ = try couple.left.add(.audio)
        try couple.left.addDataSection(at: .zero)
        let (first, _) = try couple.negotiate()
        var offer = try SDPDescription(parsing: couple.right.createOffer(at: .zero).sdp)
        let data = try #require(offer.media.firstIndex { $0.kind == "application" })
        let mids = first.media.indices.filter { $0 != data }.compactMap { first.media[$0].mid }
        offer.media[data].port = 0
        offer.groups = [GroupAttribute(mids: mids)]
        _ = try couple.left.answer(offer.write())
        verify(couple.left.dataSection == nil)
        verify(!couple.left.isNegotiationNeeded)
        // As long as the peer does not say otherwise.
        var third = try Couple(seed: 5)
        try third.right.addDataSection(at: .zero)
        _ = try third.negotiateBack()
        verify(third.left.dataSection != nil)
    }
}
