import ICE
import NetworkSimulator
import Peer
import STUN
import TURN
import TURNSupport
import Testing
import TraversalSupport
import Wire

@Suite("W3C WebRTC §4.4.2: setConfiguration")
struct ConfigurationTests {
    private func change(
        _ host: Host<PeerNode>,
        _ scene: RelayScene,
        _ edit: (inout PeerConfiguration) -> Void
    ) throws {
        var configuration = PeerConfiguration()
        configuration.iceServers = [try RelayScene.stun, try RelayScene.turn]
        edit(&configuration)
        try scene.network.with(host) { node, now in
            try node.session.setConfiguration(configuration, at: now)
            node.collect(at: now)
        }
    }

    @Test func newServersAreAskedByTransportsThatBegin() throws {
        let scene = try RelayScene(.portRestricted, .open, servers: [], seed: 21)
        try change(scene.call.caller, scene) { _ in }
        _ = try scene.call.offer(from: scene.call.caller)
        scene.network.run(for: .milliseconds(200))
        let kinds = scene.candidates(of: scene.call.caller).map { $0.split(separator: " ")[7] }
        #expect(kinds == ["host", "srflx", "relay"])
    }

    @Test func newServersAreAskedByARestart() throws {
        let scene = try RelayScene(.open, .open, servers: [], seed: 22)
        try scene.negotiate()
        #expect(try scene.connect())
        try change(scene.call.caller, scene) { _ in }
        scene.network.run(for: .seconds(1))
        #expect(scene.candidates(of: scene.call.caller).count == 1)
        try restart(scene)
        scene.network.run(for: .seconds(1))
        let lines = scene.candidates(of: scene.call.caller)
        #expect(lines.count { $0.contains("typ relay") } == 1)
    }

    @Test func anotherPolicyHoldsFromTheRestartOn() throws {
        let scene = try RelayScene(.open, .open, seed: 23)
        try scene.negotiate()
        #expect(try scene.connect())
        #expect(!scene.isRelayed(scene.call.caller))
        for host in [scene.call.caller, scene.call.answerer] {
            try change(host, scene) { $0.gathering.transportPolicy = .relay }
        }
        scene.network.run(for: .seconds(1))
        #expect(!scene.isRelayed(scene.call.caller))
        try restart(scene)
        let isRelayed = try run(scene) { scene.isRelayed(scene.call.caller) }
        #expect(isRelayed)
        let text = scene.network.read(scene.call.caller) { $0.session.localDescription?.sdp ?? "" }
        #expect(text.contains("typ relay") && !text.contains("typ host"))
        // And back.
        for host in [scene.call.caller, scene.call.answerer] { try change(host, scene) { _ in } }
        try restart(scene)
        #expect(try run(scene) { !scene.isRelayed(scene.call.caller) })
    }

    @Test func newCredentialsOfARelayAreTakenOverInMidCall() throws {
        func turn(_ seconds: Int64) throws -> ICEServer {
            let credentials = RESTCredentials.make(
                for: "alice",
                validUntil: TURNServerNode.unixTimeAtStart + seconds,
                secret: "north"
            )
            return try ICEServer(
                urls: ["turn:\(RelayScene.serverAddress)"],
                username: credentials.username,
                credential: credentials.password
            )
        }
        let scene = try RelayScene(
            .symmetric,
            .symmetric,
            servers: [RelayScene.stun, turn(700)],
            configureServer: { $0.sharedSecret = "north" },
            seed: 24
        )
        try scene.negotiate()
        #expect(try scene.connect())
        scene.network.run(for: .seconds(2))
        for step in 1...4 as ClosedRange<Int64> {
            for host in [scene.call.caller, scene.call.answerer] {
                let server = try turn(700 + 450 * step)
                try change(host, scene) { $0.iceServers = [server] }
            }
            scene.call.talk(frames: 50)
            scene.network.run(for: .seconds(450))
        }
        // Long after the first have run out: the same relays, and nothing was missed.
        #expect(scene.isConnected && scene.isRelayed(scene.call.caller))
        #expect(scene.call.heard.caller >= 195 && scene.call.heard.answerer >= 195)
        #expect(scene.network.read(scene.server) { $0.server.statistics.allocations } == 2)
        #expect(scene.errors(of: scene.call.caller).isEmpty)
    }

    // MARK: Steps

    private func restart(_ scene: RelayScene) throws {
        scene.network.with(scene.call.caller) { node, now in
            node.session.restartICE(at: now)
            node.collect(at: now)
        }
        try scene.call.renegotiate(from: scene.call.caller, with: scene.call.answerer)
    }

    /// Runs until `isDone`, and hands over candidates meanwhile.
    private func run(_ scene: RelayScene, until isDone: () -> Bool) throws -> Bool {
        for _ in 0..<1_000 where !isDone() {
            scene.network.run(for: .milliseconds(20))
            try scene.call.passCandidates(from: scene.call.caller, to: scene.call.answerer)
            try scene.call.passCandidates(from: scene.call.answerer, to: scene.call.caller)
        }
        return isDone()
    }
}
