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

    /// Whether a check leaves that names us by `fragment`.
    private static func checks(_ session: inout PeerSession, as fragment: String) -> Bool {
        var hasChecked = false
        for tick in 1...40 as ClosedRange<Int64> {
            session.advance(to: .zero.advanced(by: .milliseconds(50 * tick)))
            session.takeOutgoing { batch in
                let text = String(decoding: batch.bytes, as: UTF8.self)
                hasChecked = hasChecked || text.contains("theirs00:" + fragment)
            }
        }
        return hasChecked
    }

    @Test("a peer that answers a restart under its old credentials is checked", arguments: 0..<3)
    func samePeer(rounds: Int) throws {
        var couple = try Couple()
        _ = try couple.left.add(.audio)
        let offer = try couple.left.setLocalDescription(at: .zero)
        let local = SocketAddress(try #require(IPAddress("192.0.2.7")), port: 5_000)
        couple.left.addLocalAddress(local, to: 0, at: .zero)
        var answer = try SDPDescription(parsing: couple.right.answer(offer.sdp))
        answer.media[0].iceUfrag = "theirs00"
        answer.media[0].append("candidate", "1 1 udp 2122260223 192.0.2.9 6000 typ host")
        let text = answer.write()
        try couple.left.accept(text)
        var sent = try Self.fragment(offer.sdp)
        for _ in 0..<rounds {
            couple.left.restartICE(at: .zero)
            sent = try Self.fragment(couple.left.setLocalDescription(at: .zero).sdp)
            try couple.left.accept(text)
        }
        let fragment = try #require(sent)
        #expect(Self.checks(&couple.left, as: fragment))
    }

    @Test("while a restart is unanswered nobody is checked under the new credentials")
    func unanswered() throws {
        var couple = try Couple()
        _ = try couple.left.add(.audio)
        let offer = try couple.left.setLocalDescription(at: .zero)
        let local = SocketAddress(try #require(IPAddress("192.0.2.7")), port: 5_000)
        couple.left.addLocalAddress(local, to: 0, at: .zero)
        var answer = try SDPDescription(parsing: couple.right.answer(offer.sdp))
        answer.media[0].iceUfrag = "theirs00"
        let text = answer.write()
        try couple.left.accept(text)
        couple.left.restartICE(at: .zero)
        let restart = try couple.left.setLocalDescription(at: .zero)
        // A late candidate of the credentials before.
        let late = ICECandidate(
            candidate: "candidate:1 1 udp 2122260223 192.0.2.9 6000 typ host",
            sdpMid: "0",
            usernameFragment: "theirs00"
        )
        try couple.left.addRemoteCandidate(late, at: .zero)
        let fragment = try #require(try Self.fragment(restart.sdp))
        #expect(!Self.checks(&couple.left, as: fragment))
        try couple.left.accept(text)
        verify(couple.left.signalingState == .stable)
    }
}
