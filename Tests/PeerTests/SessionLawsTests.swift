import NetworkSimulator
import Peer
import SDP
import Support
import Testing
import Wire

@Suite("A session keeps the promises of a machine")
struct SessionLawsTests {
    private static let remote = "candidate:1 1 udp 2122260223 192.0.2.7 5000 typ host"

    /// A session that checks paths to nobody.
    private static func checking(_ edit: (String) -> String = { $0 }) throws -> PeerSession {
        var caller = try makeSession(seed: 2)
        _ = try caller.addTrack(.audio, at: .zero)
        var session = try makeSession(seed: 1)
        _ = try session.addTrack(.audio, at: .zero)
        _ = try session.answer(edit(try caller.offer()))
        session.addLocalAddress(SocketAddress(.loopback4, port: 4_000), to: 0, at: .zero)
        return session
    }

    @Test func anIdleSessionHasNoDeadline() throws {
        var session = try makeSession()
        _ = try session.addTrack(.audio, at: .zero)
        _ = try session.offer()
        session.addLocalAddress(SocketAddress(.loopback4, port: 4_000), to: 0, at: .zero)
        let deadline = session.deadline
        #expect(deadline == nil)
    }

    @Test func checksToNobodyEndByThemselves() throws {
        var session = try Self.checking()
        try session.addRemoteCandidate(
            ICECandidate(candidate: Self.remote, sdpMid: "0"),
            at: .zero
        )
        let run = session.run(for: .seconds(600))
        #expect(run.brokenLaws == [])
        let (state, deadline) = (session.connectionState, session.deadline)
        #expect(state == .failed && deadline == nil)
    }

    @Test func timeDoesNotRunBackwards() throws {
        var session = try Self.checking()
        let late = Instant.zero.advanced(by: .seconds(10))
        session.advance(to: late)
        session.advance(to: .zero)
        try session.addRemoteCandidate(
            ICECandidate(candidate: Self.remote, sdpMid: "0"),
            at: .zero
        )
        let deadline = session.deadline
        #expect(deadline.map { $0 > late } == true)
    }

    /// RFC 8445 §14.2: ordinary checks leave one every Ta, and the slower side sets the pace.
    @Test("a=ice-pacing of the peer is honoured", arguments: [nil, 10, 200, 1_000])
    func pacing(theirs: Int?) throws {
        var session = try Self.checking { offer in
            theirs.map { offer.replacing("t=0 0\r\n", with: "t=0 0\r\na=ice-pacing:\($0)\r\n") }
                ?? offer
        }
        for index in 0..<5 {
            let text =
                "candidate:\(index) 1 udp 212226022\(index) 192.0.2.\(index + 1) 5000 typ host"
            try session.addRemoteCandidate(ICECandidate(candidate: text, sdpMid: "0"), at: .zero)
        }
        var first: [SocketAddress: Instant] = [:]
        var now = Instant.zero
        while true {
            session.takeOutgoing { batch in
                for entry in batch.entries where first[entry.destination] == nil {
                    first[entry.destination] = now
                }
            }
            guard first.count < 5, let next = session.deadline else { break }
            now = next
            session.advance(to: now)
        }
        let times = first.values.sorted().map { Instant.zero.duration(to: $0) }
        let pace = Duration.milliseconds(max(theirs ?? 50, 50))
        #expect(times == (0..<5).map { pace * $0 })
    }

    @Test func packetsOfACallAreTakenWithinTheLaws() throws {
        let call = try CallScene.direct(line: CallScene.badLine, seed: 9)
        try call.negotiate()
        #expect(call.connect() == .done)
        let now = call.network.now
        let broken = call.network.with(call.caller) { node, _ in
            node.session.run(from: now, for: .seconds(120)).brokenLaws
        }
        #expect(broken == [])
    }
}
