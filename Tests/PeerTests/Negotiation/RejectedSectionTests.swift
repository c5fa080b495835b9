import Peer
import SDP
import Testing
import Wire

@Suite("RFC 3264 §6, RFC 9143 §6: what an answer takes, and what it refuses")
struct RejectedSectionTests {
    /// An answer to an offer of audio and video, as `edit` changes it.
    private static func answer(
        _ couple: inout Couple,
        _ edit: (inout SDPDescription) -> Void
    ) throws {
        _ = try couple.left.add(.audio)
        _ = try couple.left.add(.video)
        let offer = try couple.left.setLocalDescription(at: .zero)
        var answer = try SDPDescription(parsing: couple.right.answer(offer.sdp))
        edit(&answer)
        let text = answer.write()
        try couple.left.accept(text)
    }

    @Test("bundle-only means nothing in an answer that does not bundle the section")
    func bundleOnlyAlone() throws {
        var couple = try Couple(left: fullConfiguration { $0.bundlePolicy = .maxCompat })
        try Self.answer(&couple) { answer in
            answer.groups = [GroupAttribute(mids: ["0"])]
            answer.media[1].port = 0
            answer.media[1].append("bundle-only")
            for name in ["ice-ufrag", "ice-pwd", "fingerprint", "setup", "rtcp-mux"] {
                let lines = answer.media[0].attributes.filter { $0.name == name }
                answer.media[1].attributes += lines
            }
        }
        verify(couple.left.mids() == ["0"])
    }

    @Test("but RFC 8843 wrote all bundled sections so, and its programs are still about")
    func bundleOnlyInTheGroup() throws {
        var couple = try Couple()
        try Self.answer(&couple) { answer in
            answer.media[1].port = 0
            answer.media[1].append("bundle-only")
        }
        verify(couple.left.currentDirections() == [.sendOnly, .sendOnly])
    }

    @Test("a section whose answer cannot be used is refused before its place is taken anew")
    func noCommonFormat() throws {
        var couple = try Couple()
        try Self.answer(&couple) { answer in
            answer.media[1].formats = ["97"]
            answer.media[1].removeAll("fmtp")
            answer.media[1].removeAll("rtcp-fb")
            answer.media[1].removeAll("rtpmap")
            answer.media[1].append("rtpmap", "97 X-UNKNOWN/90000")
        }
        verify(couple.left.mids() == ["0"])
        // The peer holds it for accepted, and must be told.
        verify(couple.left.isNegotiationNeeded)
        _ = try couple.left.add(.video)
        let (offer, _) = try couple.negotiate()
        #expect(offer.media.map(\.mid).prefix(2) == ["0", "1"])
        #expect(offer.media.map(\.isRejected) == [false, true, false])
        verify(!couple.left.isNegotiationNeeded)
        // Now it is free.
        _ = try couple.left.add(.video)
        let (later, _) = try couple.negotiate()
        #expect(later.media.count == 3 && later.media.allSatisfy { !$0.isRejected })
        #expect(later.media[1].mid != "1")
    }
}
