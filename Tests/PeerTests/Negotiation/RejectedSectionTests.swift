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
}
