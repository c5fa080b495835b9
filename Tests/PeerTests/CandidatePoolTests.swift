import ICE
import NetworkSimulator
import Peer
import TURN
import TURNSupport
import Testing
import TraversalSupport
import Wire

@Suite("Candidates gathered ahead of time (RFC 9429 §3.5.4)")
struct CandidatePoolTests {
    /// Both gather for `size` transports, and 200 ms later everything is there.
    private func makeScene(
        pool size: Int,
        configure: (inout PeerConfiguration) -> Void = { _ in }
    ) throws -> RelayScene {
        let scene = try RelayScene(
            .portRestricted,
            .portRestricted,
            configure: { configuration in
                configuration.candidatePoolSize = size
                configure(&configuration)
            },
            seed: 7
        )
        for host in [scene.call.caller, scene.call.answerer] {
            scene.network.with(host) { node, now in
                node.session.gatherAhead(at: now)
                node.collect(at: now)
            }
        }
        scene.network.run(for: .milliseconds(200))
        return scene
    }

    private func relays(_ scene: RelayScene) -> Int {
        scene.network.read(scene.server) { $0.server.statistics.allocations }
    }

    private func requests(_ scene: RelayScene, _ host: Host<PeerNode>) -> [NetworkRequest] {
        scene.network.read(host) { $0.requests }
    }

    @Test func nobodyIsToldOfThemBeforeTheyAreNeeded() throws {
        let scene = try makeScene(pool: 1)
        scene.network.read(scene.call.caller) { node in
            #expect(node.session.candidatePoolCount == 1)
            #expect(node.session.gatheringState == .new)
            #expect(node.events.isEmpty)
        }
        do {
            let found = relays(scene)
            #expect(found == 2)
        }
    }

    @Test func theFirstDescriptionHasThemAllAtOnce() throws {
        let scene = try makeScene(pool: 1)
        _ = try scene.call.offer(from: scene.call.caller)
        scene.network.read(scene.call.caller) { node in
            let lines = (node.session.localDescription?.sdp ?? "")
                .split(whereSeparator: \.isNewline).filter { $0.hasPrefix("a=candidate") }
            #expect(lines.map { $0.split(separator: " ")[7] } == ["host", "srflx", "relay"])
            #expect(node.session.gatheringState == .complete)
            #expect(node.session.candidatePoolCount == 0)
            #expect(node.requests.contains(.adopt(pooled: -1, as: 0)))
        }
        // Nothing more is asked of the servers.
        scene.network.run(for: .seconds(1))
        do {
            let found = relays(scene)
            #expect(found == 2)
        }
    }

    @Test func aCallUsesThem() throws {
        let scene = try makeScene(pool: 1)
        try scene.negotiate()
        #expect(try scene.connect())
        scene.call.talk(frames: 50)
        #expect(scene.call.heard.caller >= 45 && scene.call.heard.answerer >= 45)
        // What arrives at the old place is the transport's own.
        let path = try #require(scene.call.statistics(of: scene.call.caller).path)
        #expect(path.local.base.port == 49_990)
    }

    @Test func relaysGoOnAfterTheyWereTakenOver() throws {
        let scene = try makeScene(pool: 1) { $0.gathering.transportPolicy = .relay }
        try scene.negotiate()
        #expect(try scene.connect())
        scene.network.run(for: .seconds(700))
        scene.call.talk(frames: 50)
        #expect(scene.call.heard.caller >= 45 && scene.call.heard.answerer >= 45)
        do {
            let found = relays(scene)
            #expect(found == 2)
        }
    }

    @Test func whatTheFirstNegotiationDoesNotNeedIsGivenBack() throws {
        let scene = try makeScene(pool: 3)
        do {
            let found = relays(scene)
            #expect(found == 6)
        }
        try scene.negotiate()
        for host in [scene.call.caller, scene.call.answerer] {
            do {
                let found = scene.network.read(host) { $0.session.candidatePoolCount }
                #expect(found == 0)
            }
            do {
                let found = requests(scene, host).contains(.release(stream: -2))
                #expect(found)
            }
            do {
                let found = requests(scene, host).contains(.release(stream: -3))
                #expect(found)
            }
            do {
                let found = requests(scene, host).contains(.release(stream: -1))
                #expect(!found)
            }
        }
        scene.network.run(for: .milliseconds(200))
        do {
            let found = relays(scene)
            #expect(found == 2)
        }
    }

    @Test func theSizeMayChangeUntilTheFirstLocalDescription() throws {
        let scene = try makeScene(pool: 0)
        func resize(_ size: Int) -> Int {
            scene.network.with(scene.call.caller) { node, now in
                node.session.setCandidatePoolSize(size, at: now)
                node.collect(at: now)
                return node.session.candidatePoolCount
            }
        }
        #expect(resize(2) == 2)
        #expect(resize(1) == 1)
        #expect(resize(1_000) == 16)
        #expect(resize(0) == 0)
        do {
            let found = scene.network.read(scene.call.caller) { $0.session.isCandidatePoolFrozen }
            #expect(!found)
        }
        _ = try scene.call.offer(from: scene.call.caller)
        do {
            let found = scene.network.read(scene.call.caller) { $0.session.isCandidatePoolFrozen }
            #expect(found)
        }
        #expect(resize(2) == 0)
    }

    @Test func otherServersAreAskedForThePoolToo() throws {
        let scene = try RelayScene(
            .portRestricted,
            .open,
            servers: [],
            configure: { $0.candidatePoolSize = 1 },
            seed: 8
        )
        try scene.network.with(scene.call.caller) { node, now in
            node.session.gatherAhead(at: now)
            node.collect(at: now)
            node.session.setICEServers([try RelayScene.turn], at: now)
            node.collect(at: now)
        }
        scene.network.run(for: .milliseconds(200))
        do {
            let found = relays(scene)
            #expect(found == 1)
        }
        _ = try scene.call.offer(from: scene.call.caller)
        do {
            let found = scene.candidates(of: scene.call.caller).count
            #expect(found == 3)
        }
    }

    @Test func theEndGivesThemBack() throws {
        let scene = try makeScene(pool: 2)
        do {
            let found = relays(scene)
            #expect(found == 4)
        }
        scene.call.hangUp(scene.call.caller)
        scene.network.run(for: .milliseconds(100))
        do {
            let found = relays(scene)
            #expect(found == 2)
        }
    }
}
