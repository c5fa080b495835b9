import ICE
import NetworkSimulator
import Peer
import STUN
import TURN
import TURNSupport
import Testing
import TraversalSupport
import Wire

@Suite("Relays that need another path (RFC 8656 §7.4, §9)")
struct RelayPathTests {
    private func makeScene(users: [String: String]? = nil, seed: UInt64) throws -> RelayScene {
        let scene = try RelayScene(
            .open,
            .open,
            configure: { $0.gathering.transportPolicy = .relay },
            seed: seed
        )
        guard let users else { return scene }
        scene.network.with(scene.server) { node, now in
            var configuration = node.server.configuration
            configuration.users = users
            node.restart(with: configuration, at: now)
        }
        return scene
    }

    private func relays(_ scene: RelayScene) -> Int {
        scene.network.read(scene.server) { $0.server.statistics.allocations }
    }

    private func socketsAsked(_ scene: RelayScene, _ host: Host<PeerNode>) -> Int {
        scene.network.read(host) { node in
            node.requests.count { if case .openSocket = $0 { true } else { false } }
        }
    }

    /// The program has crashed and starts again on the same port: the server still knows it.
    @Test func aPortThatTheServerTakesForSomebodyElsesIsLeft() throws {
        let scene = try makeScene(seed: 3)
        _ = try scene.call.offer(from: scene.call.caller)
        scene.network.run(for: .milliseconds(200))
        do {
            let found = relays(scene)
            #expect(found == 1)
        }
        try scene.network.with(scene.call.caller) { node, now in
            var configuration = PeerConfiguration()
            configuration.iceServers = [try RelayScene.turn]
            configuration.gathering.transportPolicy = .relay
            node = try PeerNode("198.51.100.1", configuration: configuration, seed: 99, at: now)
        }
        try scene.negotiate()
        #expect(try scene.connect())
        do {
            let found = socketsAsked(scene, scene.call.caller)
            #expect(found == 1)
        }
        do {
            let found = socketsAsked(scene, scene.call.answerer)
            #expect(found == 0)
        }
        do {
            let found = scene.errors(of: scene.call.caller).isEmpty
            #expect(found)
        }
        scene.call.talk(frames: 100)
        #expect(scene.call.heard.caller >= 95 && scene.call.heard.answerer >= 95)
    }

    @Test func newCredentialsOfAnotherUserGetARelayOfTheirOwn() throws {
        let scene = try makeScene(users: ["alice": "secret", "bob": "hidden"], seed: 4)
        try scene.negotiate()
        #expect(try scene.connect())
        scene.network.run(for: .seconds(1))
        let before = scene.candidates(of: scene.call.caller).count
        let bob = try ICEServer(
            urls: ["turn:\(RelayScene.serverAddress)"],
            username: "bob",
            credential: "hidden"
        )
        scene.network.with(scene.call.caller) { node, now in
            node.session.setICEServers([bob], at: now)
            node.collect(at: now)
        }
        scene.network.run(for: .milliseconds(300))
        // The server insists on alice for the old relay (441), which goes on beside the new one.
        do {
            let found = scene.errors(of: scene.call.caller).map(\.errorCode)
            #expect(found == [441])
        }
        do {
            let found = socketsAsked(scene, scene.call.caller)
            #expect(found == 1)
        }
        do {
            let found = relays(scene)
            #expect(found == 3)
        }
        do {
            let found = scene.candidates(of: scene.call.caller).count
            #expect(found == before + 1)
        }
        try scene.call.passCandidates(from: scene.call.caller, to: scene.call.answerer)
        scene.call.talk(frames: 100)
        #expect(scene.call.heard.caller >= 99 && scene.call.heard.answerer >= 99)

        // Asked again, there is a relay under the new name already.
        scene.network.with(scene.call.caller) { node, now in
            node.session.setICEServers([bob], at: now)
            node.collect(at: now)
        }
        scene.network.run(for: .milliseconds(300))
        do {
            let found = relays(scene)
            #expect(found == 3)
        }
    }

    /// RFC 8656 §10.3: the story of the connection says why (403), and the server is not asked again.
    @Test func aPeerThatTheServerForbidsFailsItsPairsAtOnce() throws {
        let forbidden = address("198.51.100.2")
        let scene = try RelayScene(
            .open,
            .open,
            configureServer: { $0.peers.forbidden = [forbidden] },
            seed: 5
        )
        var configuration = PeerConfiguration()
        configuration.iceServers = [try RelayScene.stun, try RelayScene.turn]
        configuration.gathering.transportPolicy = .relay
        try scene.network.with(scene.call.caller) { node, now in
            try node.session.setConfiguration(configuration, at: now)
            node.collect(at: now)
        }
        try scene.negotiate()
        #expect(try scene.connect())
        scene.network.run(for: .milliseconds(200))
        let pairs = scene.call.statistics(of: scene.call.caller).ice.pairs
        let refused = pairs.filter { $0.pair.remote.address.address == forbidden }
        #expect(!refused.isEmpty)
        #expect(refused.allSatisfy { $0.failure == .relayRefused(code: 403) })
        let refusals = scene.network.read(scene.server) { node in
            node.events.count { if case .refused(_, _, .forbidden) = $0 { true } else { false } }
        }
        scene.network.run(for: .seconds(60))
        let later = scene.network.read(scene.server) { node in
            node.events.count { if case .refused(_, _, .forbidden) = $0 { true } else { false } }
        }
        #expect(refusals == later)
    }
}
