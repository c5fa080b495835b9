import ICE
import NetworkSimulator
import Peer
import Testing
import TURN
import TURNSupport
import TraversalSupport
import Wire

@Suite("A path between any two NATs, RFC 8445 §2")
struct NATTraversalTests {
    /// Two hundred seeds each are `scripts/test-nats.sh`.
    @Test("is direct where theory allows, and relayed where not", arguments: Access.pairs)
    func path(one: Access, other: Access) throws {
        let survey = try Survey(one, other, loss: 0.1, seeds: 0..<8)
        #expect(survey.wrong == [])
        let best = Access.bestWay(one, other)
        #expect(survey.direct == (best == .direct ? 8 : 0))
        #expect(survey.relayed == (best == .relayed ? 8 : 0))
    }

    @Test("the same seed gives the same passage")
    func repeatsExactly() throws {
        func passage() throws -> Crossing.Passage {
            try Crossing(.symmetric, .addressRestricted, loss: 0.1, seed: 3).run()
        }
        let first = try passage()
        let second = try passage()
        #expect(first == second)
        #expect(first.way == .direct)
    }

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
        let isHealed = try scene.carryOn(for: .seconds(60)) {
            path(scene)?.local.address.address == address(second)
                || path(scene)?.remote.address.address == address(second)
        }.isDone
        #expect(isHealed)
        #expect(scene.network.read(other) { $0.server.statistics.allocations } > 0)
        #expect(try scene.connect())
        scene.call.talk(frames: 100)
        #expect(scene.call.heard.caller >= 90)
    }

    private func path(_ scene: RelayScene) -> SelectedPath? {
        scene.call.statistics(of: scene.call.caller).path
    }
}
