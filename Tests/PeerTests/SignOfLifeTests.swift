import ICE
import NetworkSimulator
import Peer
import Testing
import Wire

@Suite("Media is a sign of life, but no consent (RFC 7675 §5.1)")
struct SignOfLifeTests {
    /// A call in which every check is lost from now on.
    private func callWithoutChecks(seed: UInt64) throws -> CallScene {
        let scene = try CallScene(seed: seed)
        try scene.negotiate()
        do {
            let found = scene.connect()
            #expect(found == .done)
        }
        scene.network.run(for: .seconds(2))
        for host in [scene.caller, scene.answerer] {
            scene.network.with(host) { node, _ in node.events.removeAll() }
        }
        scene.network.drop { datagram, _ in (datagram.payload.first ?? 0xFF) < 4 }
        return scene
    }

    private func wasDisconnected(_ scene: CallScene, _ host: Host<PeerNode>) -> Bool {
        scene.network.read(host) { node in
            node.events.contains { event in
                guard case .iceConnectionStateChanged(let state) = event else { return false }
                return state == .disconnected || state == .failed
            }
        }
    }

    @Test(arguments: 1...5 as ClosedRange<UInt64>)
    func whileItFlowsNothingIsDisconnected(seed: UInt64) throws {
        let scene = try callWithoutChecks(seed: seed)
        scene.talk(frames: 1_000)
        do {
            let found = scene.heard.caller
            #expect(found >= 990)
        }
        do {
            let found = wasDisconnected(scene, scene.caller)
            #expect(!found)
        }
        do {
            let found = wasDisconnected(scene, scene.answerer)
            #expect(!found)
        }
    }

    /// Reports of RTCP are signs of life as well: here nothing comes at all.
    @Test func whereNothingComesLostChecksTell() throws {
        let scene = try callWithoutChecks(seed: 1)
        scene.network.drop { _, _ in true }
        scene.network.run(for: .seconds(20))
        do {
            let found = wasDisconnected(scene, scene.caller)
            #expect(found)
        }
        do {
            let found = wasDisconnected(scene, scene.answerer)
            #expect(found)
        }
    }

    @Test func consentRunsOutAllTheSame() throws {
        let scene = try callWithoutChecks(seed: 2)
        scene.talk(frames: 2_000)
        do {
            let found = wasDisconnected(scene, scene.caller)
            #expect(found)
        }
        // 30 s of 40, and the second or two since the last answer.
        do {
            let found = scene.heard.answerer
            #expect(found <= 1_560)
        }
    }
}
