import ICE
import NetworkSimulator
import Peer
import Testing
import TURNSupport
import TraversalSupport
import Wire

@Suite("An ICE restart that is taken back (RFC 9429 §4.1.10.2)")
struct RestartRollbackTests {
    /// A call from behind a NAT to a host that everybody reaches, which offers a restart and takes
    /// that back after `gap`.
    private func makeCall(seed: UInt64, gap: Duration = .seconds(1)) throws -> RelayScene {
        let scene = try RelayScene(
            .portRestricted,
            .open,
            servers: [],
            configure: { $0.restartsByItself = false },
            seed: seed
        )
        try scene.negotiate()
        let isConnected = try scene.connect()
        #expect(isConnected)
        try scene.carryOn(for: .seconds(5))
        let host = scene.call.answerer
        scene.network.with(host) { node, now in
            node.session.restartICE(at: now)
            node.collect(at: now)
        }
        _ = try scene.call.offer(from: host)
        scene.network.run(for: gap)
        try scene.network.with(host) { node, now in
            try node.session.setLocalDescription(SessionDescription(.rollback, sdp: ""), at: now)
            node.collect(at: now)
        }
        return scene
    }

    private func verifyHeard(_ scene: RelayScene, _ place: SourceLocation = #_sourceLocation) {
        let isHeard = scene.isHeard()
        #expect(isHeard, sourceLocation: place)
    }

    /// Where the answerer sends its packets.
    private func remote(of scene: RelayScene) -> SocketAddress? {
        scene.call.statistics(of: scene.call.answerer).path?.remote.address
    }

    private func forgetMappings(_ scene: RelayScene) {
        let now = Instant.zero.duration(to: scene.network.now)
        scene.network.schedule(.natRestart(of: scene.homes[0], at: now))
    }

    @Test("the peer may come from another address afterwards", arguments: [0, 1, 20])
    func rebinding(gap: Int) throws {
        let scene = try makeCall(seed: 31, gap: .seconds(gap))
        scene.network.run(for: .seconds(10))
        verifyHeard(scene)
        let before = remote(of: scene)
        forgetMappings(scene)
        scene.network.run(for: .seconds(20))
        verifyHeard(scene)
        let after = remote(of: scene)
        #expect(before != after)
        scene.network.run(for: .seconds(60))
        verifyHeard(scene)
    }

    @Test("the peer may come from another address before it is taken back")
    func rebindingMeanwhile() throws {
        let scene = try makeCall(seed: 32, gap: .zero)
        let host = scene.call.answerer
        scene.network.with(host) { node, now in
            node.session.restartICE(at: now)
            node.collect(at: now)
        }
        _ = try scene.call.offer(from: host)
        forgetMappings(scene)
        scene.network.run(for: .seconds(20))
        verifyHeard(scene)
        try scene.network.with(host) { node, now in
            try node.session.setLocalDescription(SessionDescription(.rollback, sdp: ""), at: now)
            node.collect(at: now)
        }
        scene.network.run(for: .seconds(60))
        verifyHeard(scene)
    }

    @Test("a later restart works", arguments: [true, false])
    func laterRestart(byTheSame: Bool) throws {
        let scene = try makeCall(seed: 33)
        let call = scene.call
        let (one, two) =
            byTheSame ? (call.answerer, call.caller) : (call.caller, call.answerer)
        scene.network.with(one) { node, now in
            node.session.restartICE(at: now)
            node.collect(at: now)
        }
        try call.renegotiate(from: one, with: two)
        scene.network.run(for: .seconds(5))
        verifyHeard(scene)
        forgetMappings(scene)
        scene.network.run(for: .seconds(20))
        verifyHeard(scene)
        scene.network.run(for: .seconds(40))
        verifyHeard(scene)
    }

    @Test("an offer of the peer that collides with a restart takes that back")
    func collision() throws {
        let scene = try makeCall(seed: 34)
        let (caller, answerer) = (scene.call.caller, scene.call.answerer)
        scene.network.with(answerer) { node, now in
            node.session.restartICE(at: now)
            node.collect(at: now)
        }
        _ = try scene.call.offer(from: answerer)
        // An offer that restarts nothing.
        let offer = try scene.call.offer(from: caller)
        let answer = try scene.call.answer(offer, at: answerer)
        try scene.call.accept(answer, at: caller)
        forgetMappings(scene)
        scene.network.run(for: .seconds(20))
        verifyHeard(scene)
        scene.network.run(for: .seconds(60))
        verifyHeard(scene)
    }
}
