import Peer
import SDP
import Testing
import Wire

@Suite("Perfect negotiation, W3C WebRTC §10.7: whatever both sides do at once, they come to agree")
struct PerfectNegotiationTests {
    @Test("500 rounds of random changes", arguments: 0..<20 as Range<UInt64>)
    func rounds(seed: UInt64) throws {
        var call = try PerfectNegotiation(seed: seed, isLeftPolite: seed % 2 == 0)
        for round in 1...500 {
            try call.advance()
            guard round % 50 == 0 else { continue }
            try call.settle()
            try expectEqualViews(&call)
        }
        #expect(call.broken == [])
        let broken = call.left.broken + call.right.broken
        #expect(broken == [])
        // The pattern was really put to the test.
        #expect(call.collisions > 2)
        // At most six of a side run at once, and data: recycling keeps it there.
        #expect(call.largest <= 26)
    }

    /// What one side calls local is what the other calls remote, and both mean the same by it.
    private func expectEqualViews(_ call: inout PerfectNegotiation) throws {
        let states = [call.left.session.signalingState, call.right.session.signalingState]
        #expect(states == [.stable, .stable])
        let needs = [
            call.left.session.isNegotiationNeeded, call.right.session.isNegotiationNeeded,
        ]
        #expect(needs == [false, false])
        let left = view(of: call.left.session)
        let right = view(of: call.right.session)
        #expect(left == right.mapValues { $0?.reversed })
        for (own, other) in [
            (
                call.left.session.currentLocalDescription,
                call.right.session.currentRemoteDescription
            ),
            (
                call.right.session.currentLocalDescription,
                call.left.session.currentRemoteDescription
            ),
        ] {
            let ours = try own.map { try SDPDescription(parsing: $0.sdp).media.map(\.formats) }
            let theirs = try other.map { try SDPDescription(parsing: $0.sdp).media.map(\.formats) }
            #expect(ours == theirs)
        }
        let data = [call.left.session.dataSection?.mid, call.right.session.dataSection?.mid]
        #expect(data[0] == data[1])
    }

    /// The agreed direction of each section.
    private func view(of session: borrowing PeerSession) -> [String: MediaDirection?] {
        var view: [String: MediaDirection?] = [:]
        for id in session.transceivers {
            guard let transceiver = session.transceiver(id), let mid = transceiver.mid else {
                continue
            }
            view[mid] = transceiver.currentDirection
        }
        return view
    }
}
