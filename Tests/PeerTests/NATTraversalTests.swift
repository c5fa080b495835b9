import ICE
import NetworkSimulator
import Peer
import Testing
import TURN
import TURNSupport
import Wire

@Suite("A path between any two NATs, RFC 8445 §2")
struct NATTraversalTests {
    typealias Access = RelayScene.Access

    static let pairs = Access.allCases.flatMap { one in Access.allCases.map { (one, $0) } }

    /// Whether no direct path exists: a symmetric NAT needs an open door on the other side.
    private func needsRelay(_ one: Access, _ other: Access) -> Bool {
        let closed: Set<Access> = [.symmetric, .portRestricted]
        return one == .symmetric && closed.contains(other)
            || other == .symmetric && closed.contains(one)
    }

    @Test("is direct where theory allows, and relayed where not", arguments: pairs)
    func path(one: Access, other: Access) throws {
        for seed in 0..<(Self.isThorough ? 200 : 4) as Range<UInt64> {
            let scene = try RelayScene(one, other, loss: 0.1, seed: 1_000 &* seed &+ 7)
            try scene.negotiate()
            let isConnected = try scene.connect()
            #expect(isConnected, "seed \(seed)")
            guard isConnected else { continue }
            // Lost checks may lead to the relay at first, or for a while; the better path wins.
            let wanted = needsRelay(one, other)
            let ending = scene.network.run(
                until: { scene.isRelayed(scene.call.caller) == wanted },
                limit: .seconds(30)
            )
            #expect(ending == .done, "seed \(seed)")
        }
    }

    /// 200 seeds take minutes; an environment variable would be read from outside.
    private static let isThorough = false

    @Test func relayedMediaGoesThroughAChannel() throws {
        let scene = try RelayScene(.symmetric, .symmetric, seed: 5)
        try scene.negotiate()
        #expect(try scene.connect())
        scene.network.run(for: .seconds(2))
        scene.call.talk(frames: 200)
        #expect(scene.call.heard.caller >= 195 && scene.call.heard.answerer >= 195)
        let server = scene.network.read(scene.server) { $0.server.statistics }
        #expect(server.allocations == 2)
    }

    @Test func closingGivesTheRelaysBack() throws {
        let scene = try RelayScene(.symmetric, .symmetric, seed: 5)
        try scene.negotiate()
        #expect(try scene.connect())
        scene.call.hangUp(scene.call.caller)
        scene.network.run(for: .seconds(1))
        #expect(scene.network.read(scene.server) { $0.server.statistics.allocations } == 0)
    }

    @Test func aCallSurvivesTheDeathOfItsServer() throws {
        let second = "192.0.2.20"
        let both = try ICEServer(
            urls: ["turn:\(RelayScene.serverAddress)", "turn:\(second)"],
            username: "alice",
            credential: "secret"
        )
        let scene = try RelayScene(.symmetric, .symmetric, servers: [both], seed: 9)
        let other = scene.network.addTURNServer(
            "second",
            at: [second],
            users: ["alice": "secret"],
            link: Link(delay: .milliseconds(40))
        )
        try scene.negotiate()
        #expect(try scene.connect())
        scene.network.run(for: .seconds(2))
        scene.network.with(scene.server) { node, _ in node.isDown = true }
        // The agent notices, asks for a restart, and both ends look for other relays.
        var isHealed = false
        for _ in 0..<120 where !isHealed {
            scene.network.run(for: .milliseconds(500))
            for (one, two) in [
                (scene.call.caller, scene.call.answerer), (scene.call.answerer, scene.call.caller),
            ] where wantsNegotiation(scene, one) {
                try scene.call.renegotiate(from: one, with: two)
            }
            _ = try scene.connect(within: .milliseconds(1))
            isHealed =
                path(scene)?.local.address.address == address(second)
                || path(scene)?.remote.address.address == address(second)
        }
        #expect(isHealed)
        #expect(scene.network.read(other) { $0.server.statistics.allocations } > 0)
        #expect(try scene.connect())
        scene.call.talk(frames: 100)
        #expect(scene.call.heard.caller >= 90)
    }

    private func path(_ scene: RelayScene) -> SelectedPath? {
        scene.call.statistics(of: scene.call.caller).path
    }

    private func wantsNegotiation(_ scene: RelayScene, _ host: Host<PeerNode>) -> Bool {
        scene.network.with(host) { node, _ in
            let wants = node.events.contains { event in
                if case .negotiationNeeded = event { true } else { false }
            }
            node.events.removeAll()
            return wants && node.session.isNegotiationNeeded
        }
    }
}
