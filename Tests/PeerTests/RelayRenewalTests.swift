import ICE
import NetworkSimulator
import Peer
import STUN
import TURN
import TURNSupport
import Testing
import TraversalSupport
import Wire

@Suite("Credentials of relays change while a call runs over them (W3C WebRTC §4.4.2)")
struct RelayRenewalTests {
    private static func turn(
        _ seconds: Int64,
        at place: String = RelayScene.serverAddress
    ) throws -> ICEServer {
        let credentials = RESTCredentials.make(
            for: "alice",
            validUntil: TURNServerNode.unixTimeAtStart + seconds,
            secret: "north"
        )
        return try ICEServer(
            urls: ["turn:\(place)"],
            username: credentials.username,
            credential: credentials.password
        )
    }

    /// A call over relays that live for half a minute without a refresh, under credentials that are
    /// good for so many seconds.
    private func makeCall(_ seconds: Int64, seed: UInt64) throws -> RelayScene {
        let scene = try RelayScene(
            .symmetric,
            .symmetric,
            servers: [Self.turn(seconds)],
            configureServer: {
                $0.sharedSecret = "north"
                $0.limits.maximumLifetime = .seconds(30)
                $0.limits.defaultLifetime = .seconds(30)
            },
            seed: seed
        )
        try scene.negotiate()
        #expect(try scene.connect())
        scene.network.run(for: .seconds(1))
        #expect(scene.way == .relayed)
        return scene
    }

    private func change(_ scene: RelayScene, to server: ICEServer) throws {
        for host in [scene.call.caller, scene.call.answerer] {
            try scene.network.with(host) { node, now in
                var configuration = PeerConfiguration()
                configuration.iceServers = [server]
                try node.session.setConfiguration(configuration, at: now)
                node.collect(at: now)
            }
        }
    }

    private func begin(_ scene: RelayScene, frames: Int) {
        for host in [scene.call.caller, scene.call.answerer] {
            scene.network.with(host) { node, now in
                node.microphone.start(frames: frames, at: now)
                node.ear.start(at: now)
            }
        }
    }

    /// Two minutes of speech; each credentials are good for 40 s, and new ones come 10 s earlier.
    @Test func notAWordIsLostWhileTheyFollowEachOther() throws {
        let scene = try makeCall(40, seed: 61)
        begin(scene, frames: 6_000)
        for step in 1...4 as ClosedRange<Int64> {
            scene.network.run(for: .seconds(30))
            try change(scene, to: Self.turn(40 + 30 * step))
        }
        scene.network.run(for: .seconds(2))
        let heard = scene.call.heard
        #expect(heard.caller == 6_000 && heard.answerer == 6_000)
        for host in [scene.call.caller, scene.call.answerer] {
            #expect(scene.errors(of: host).isEmpty)
            // Nothing had to be asked for anew: the first relays have lived through it all.
            let relays = scene.candidates(of: host).count { $0.contains("typ relay") }
            #expect(relays == 1)
        }
        let served = scene.network.read(scene.server) { $0.server.statistics.allocations }
        #expect(served == 2)
    }

    /// The same without new ones: the words above were not heard by chance.
    @Test func withoutNewOnesTheRelayEnds() throws {
        let scene = try makeCall(40, seed: 62)
        begin(scene, frames: 6_000)
        scene.network.run(for: .seconds(122))
        #expect(scene.call.heard.caller < 4_500 && scene.call.heard.answerer < 4_500)
        #expect(scene.errors(of: scene.call.caller).contains { $0.errorCode == 401 })
    }

    /// The server dies in mid-call; the program learns of another one, with credentials of its own.
    @Test func aCallMovesToAnotherServerWithOtherCredentials() throws {
        let scene = try makeCall(4_000, seed: 63)
        let other = scene.network.addTURNServer(
            "other",
            at: ["192.0.2.20"],
            users: ["bob": "hidden"],
            link: Link(delay: .milliseconds(10))
        )
        #expect(scene.isHeard())
        scene.network.with(scene.server) { node, _ in node.isDown = true }
        scene.network.run(for: .seconds(1))
        let bob = try ICEServer(
            urls: ["turn:192.0.2.20"],
            username: "bob",
            credential: "hidden"
        )
        try change(scene, to: bob)
        scene.network.with(scene.call.caller) { node, now in
            node.session.restartICE(at: now)
            node.collect(at: now)
        }
        let began = scene.network.now
        let isBack = try scene.carryOn(for: .seconds(20)) {
            guard let path = scene.call.statistics(of: scene.call.caller).path else { return false }
            return [path.local.address, path.remote.address].contains {
                $0.address == address("192.0.2.20")
            }
        }.isDone
        #expect(isBack)
        #expect(began.duration(to: scene.network.now) < .seconds(3))
        #expect(scene.isHeard())
        let served = scene.network.read(other) { $0.server.statistics.allocations }
        #expect(served == 2)
    }
}
