import Peer
import SDP
import Testing
import Wire

@Suite("RFC 8122 §5, RFC 8839 §5.4: who the peer is must be told so that it can be checked")
struct UsableTransportTests {
    /// What becomes of an offer in which `edit` has changed one section.
    private func error(_ edit: (inout MediaDescription) -> Void) throws -> PeerError? {
        var couple = try Couple()
        _ = try couple.left.add(.audio)
        var offer = try SDPDescription(parsing: couple.left.createOffer(at: .zero).sdp)
        edit(&offer.media[0])
        let text = offer.write()
        return peerError { _ = try couple.right.answer(text) }
    }

    @Test("a fingerprint of a function that nobody can check is none", arguments: ["md5", "foo"])
    func functions(name: String) throws {
        let value = name + " " + Array(repeating: "AA", count: 16).joined(separator: ":")
        let alone = try error { media in
            media.removeAll("fingerprint")
            media.append("fingerprint", value)
        }
        guard case .invalidAccess(.description(.fingerprint)) = alone else {
            Issue.record("\(String(describing: alone))")
            return
        }
        // Beside one that can be checked it does no harm.
        let beside = try error { $0.append("fingerprint", value) }
        #expect(beside == nil)
    }

    @Test(
        "credentials have their lengths",
        arguments: [
            (3, 24, false), (4, 22, true), (256, 256, true), (257, 24, false), (8, 21, false),
            (8, 257, false),
        ]
    )
    func lengths(fragment: Int, password: Int, isUsable: Bool) throws {
        let error = try error { media in
            media.iceUfrag = String(repeating: "u", count: fragment)
            media.icePwd = String(repeating: "p", count: password)
        }
        if isUsable {
            #expect(error == nil)
        } else {
            guard case .invalidAccess(.description(.iceCredentials)) = error else {
                Issue.record("\(String(describing: error))")
                return
            }
        }
    }

    @Test("characters that RFC 8839 does not know are borne: programs write them")
    func characters() throws {
        let error = try error { $0.iceUfrag = "a_b-c=" }
        #expect(error == nil)
    }
}
