import Peer
import SDP
import Testing
import Wire

@Suite("RFC 8839 §4.4, RFC 9429 §4.1.8: which credentials are in force")
struct RestartTests {
    private static func fragment(_ text: String?) throws -> String? {
        try text.flatMap { try SDPDescription(parsing: $0).media.first?.iceUfrag }
    }

    /// What a candidate found now is told under.
    private static func announced(_ session: inout PeerSession) -> String? {
        let local = SocketAddress(IPAddress("192.0.2.7") ?? .loopback4, port: 5_000)
        session.addLocalAddress(local, to: 0, at: .zero)
        return session.events().lazy.compactMap { event in
            guard case .candidate(let candidate) = event else { return nil }
            return candidate.usernameFragment
        }.first
    }

    @Test("an offer that was created and not set changes nothing", arguments: [true, false])
    func unsetOffer(isFirst: Bool) throws {
        var couple = try Couple()
        _ = try couple.left.add(.audio)
        if !isFirst { try couple.negotiate() }
        let offer = try couple.left.setLocalDescription(at: .zero)
        couple.left.restartICE(at: .zero)
        let unset = try couple.left.createOffer(at: .zero)
        let sent = try Self.fragment(offer.sdp)
        #expect(try Self.fragment(unset.sdp) != sent)
        try couple.left.accept(try couple.right.answer(offer.sdp))
        #expect(Self.announced(&couple.left) == sent)
        // What was wished is still to be done.
        verify(couple.left.isNegotiationNeeded)
        let (next, _) = try couple.negotiate()
        #expect(try Self.fragment(next.write()) != sent)
        verify(!couple.left.isNegotiationNeeded)
    }
}
