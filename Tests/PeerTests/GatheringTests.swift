import ICE
import NetworkSimulator
import Peer
import Testing
import TraversalSupport
import TURNSupport
import Wire

@Suite("Candidates from servers, RFC 8445 §5.1.1")
struct GatheringTests {
    /// Begins to gather on the caller's side alone.
    private func gather(_ scene: RelayScene) throws {
        _ = try scene.call.offer(from: scene.call.caller)
    }

    private func kinds(_ scene: RelayScene) -> [String] {
        scene.candidates(of: scene.call.caller).map { line in
            String(line.split(separator: " ")[7])
        }
    }

    @Test func findsHostReflexiveAndRelayedCandidates() throws {
        let scene = try RelayScene(.portRestricted, .open, seed: 1)
        try gather(scene)
        scene.network.run(for: .milliseconds(200))
        #expect(scene.isGatheringComplete(scene.call.caller))
        #expect(kinds(scene) == ["host", "srflx", "relay"])
        let lines = scene.candidates(of: scene.call.caller)
        #expect(lines[1].contains(" 203.0.113.1 "))
        #expect(lines[1].contains("raddr 192.168.1.2 rport 50000"))
        #expect(lines[2].contains(" \(RelayScene.serverAddress) "))
        #expect(lines[2].contains("raddr 203.0.113.1"))
        #expect(scene.errors(of: scene.call.caller).isEmpty)
    }

    @Test func whoHasNoNATHasNoReflexiveCandidate() throws {
        let scene = try RelayScene(.open, .open, seed: 1)
        try gather(scene)
        scene.network.run(for: .milliseconds(200))
        #expect(kinds(scene) == ["host", "relay"])
    }

    /// The line takes 20 ms and back; TURN asks twice, for the realm and then with it.
    @Test func takesNoLongerThanTheSlowestUsefulServer() throws {
        let scene = try RelayScene(.portRestricted, .open, seed: 1)
        try gather(scene)
        scene.network.run(for: .milliseconds(79))
        #expect(!scene.isGatheringComplete(scene.call.caller))
        scene.network.run(for: .milliseconds(3))
        #expect(scene.isGatheringComplete(scene.call.caller))
    }

    @Test func deadServersCostNothing() throws {
        let dead = try ICEServer(
            urls: ["stun:192.0.2.66", "turn:192.0.2.67", "turn:192.0.2.68"],
            username: "alice",
            credential: "secret"
        )
        let scene = try RelayScene(
            .portRestricted,
            .open,
            servers: [dead, RelayScene.stun, RelayScene.turn],
            seed: 1
        )
        try gather(scene)
        scene.network.run(for: .milliseconds(82))
        #expect(scene.isGatheringComplete(scene.call.caller))
        #expect(kinds(scene) == ["host", "srflx", "relay"])
    }

    /// When gathering is complete with these servers.
    private func time(_ servers: [ICEServer], slow: Duration = .zero) throws -> Duration? {
        let scene = try RelayScene(.portRestricted, .open, servers: servers, seed: 1)
        _ = scene.network.addTURNServer(
            "slow",
            at: ["192.0.2.20"],
            users: ["alice": "secret"],
            link: Link(delay: slow)
        )
        try gather(scene)
        let ending = scene.network.run(
            until: { scene.isGatheringComplete(scene.call.caller) },
            limit: .seconds(20)
        )
        return ending == .done ? Instant.zero.duration(to: scene.network.now) : nil
    }

    private func server(_ urls: String...) throws -> ICEServer {
        try ICEServer(urls: urls, username: "alice", credential: "secret")
    }

    @Test("not a nanosecond is lost by servers that are dead, or slower than others")
    func onlyUsefulServersCount() throws {
        let (stun, turn) = (try RelayScene.stun, try RelayScene.turn)
        let usual = try time([stun, turn])
        #expect(usual == .milliseconds(80))
        let dead = try server("stun:192.0.2.66", "turn:192.0.2.67", "turn:192.0.2.68")
        #expect(try time([dead, stun, turn]) == usual)
        #expect(try time([stun, turn, dead]) == usual)
        let slow = try server("stun:192.0.2.20", "turn:192.0.2.20")
        #expect(try time([slow, stun, turn], slow: .milliseconds(400)) == usual)
        // The relay tells the reflexive address, too: a STUN server is not waited for then.
        #expect(try time([dead, turn]) == usual)
    }

    @Test("the slowest useful server is waited for, and no longer than it takes")
    func slowestUsefulServer() throws {
        let slow = try server("turn:192.0.2.20")
        // One way: 10 ms and 200 ms; twice there and back.
        #expect(try time([RelayScene.stun, slow], slow: .milliseconds(200)) == .milliseconds(840))
    }

    @Test func whereNobodyAnswersATotalBoundEndsIt() throws {
        let dead = try ICEServer(
            urls: ["stun:192.0.2.66", "turn:192.0.2.67"],
            username: "alice",
            credential: "secret"
        )
        let scene = try RelayScene(.portRestricted, .open, servers: [dead], seed: 1)
        try gather(scene)
        scene.network.run(for: .seconds(9))
        #expect(!scene.isGatheringComplete(scene.call.caller))
        scene.network.run(for: .seconds(2))
        #expect(scene.isGatheringComplete(scene.call.caller))
        let errors = scene.errors(of: scene.call.caller)
        #expect(Set(errors.map(\.url)) == ["stun:192.0.2.66", "turn:192.0.2.67"])
        #expect(errors.allSatisfy { $0.errorCode == 701 })
    }

    @Test func theServersReasonIsTold() throws {
        let wrong = try ICEServer(
            urls: ["turn:\(RelayScene.serverAddress)"],
            username: "alice",
            credential: "guessed"
        )
        let scene = try RelayScene(.portRestricted, .open, servers: [wrong], seed: 1)
        try gather(scene)
        scene.network.run(for: .seconds(1))
        let error = try #require(scene.errors(of: scene.call.caller).first)
        #expect(error.errorCode == 401)
        #expect(error.url == "turn:\(RelayScene.serverAddress)")
        #expect(error.local == "192.168.1.2:50000")
        #expect(!error.errorText.isEmpty)
        #expect(scene.isGatheringComplete(scene.call.caller))
        #expect(scene.call.statistics(of: scene.call.caller).gatheringErrors == [error])
    }

    @Test func aServerThatCannotBeUsedIsNamedAtOnce() throws {
        let secure = try ICEServer(urls: ["stuns:\(RelayScene.serverAddress)"])
        let scene = try RelayScene(.open, .open, servers: [secure], seed: 1)
        try gather(scene)
        let errors = scene.errors(of: scene.call.caller)
        #expect(errors.map(\.errorCode) == [701])
        #expect(scene.isGatheringComplete(scene.call.caller))
    }

    @Test func withTheRelayPolicyNoAddressOfOursIsTold() throws {
        let scene = try RelayScene(
            .portRestricted,
            .portRestricted,
            configure: { $0.gathering.transportPolicy = .relay },
            seed: 3
        )
        try scene.negotiate()
        #expect(try scene.connect())
        #expect(kinds(scene) == ["relay"])
        for line in scene.candidates(of: scene.call.caller) {
            #expect(line.contains("raddr 0.0.0.0 rport 0"))
            #expect(!line.contains("203.0.113") && !line.contains("192.168"))
        }
        let path = try #require(scene.call.statistics(of: scene.call.caller).path)
        #expect(path.local.kind == .relayed)
        scene.call.talk(frames: 100)
        #expect(scene.call.heard.caller >= 90 && scene.call.heard.answerer >= 90)
    }
}

@Suite("URLs of servers, W3C WebRTC §4.2.4")
struct ICEServerTests {
    @Test(
        "what is no URL of a server is a SyntaxError",
        arguments: [
            "", "turn", "http://example.org", "stun:", "stun:host?transport=tcp", "turn:h:0",
        ]
    )
    func syntax(url: String) {
        #expect(
            name { _ = try ICEServer(urls: [url], username: "a", credential: "b") } == "SyntaxError"
        )
    }

    @Test func aRelayNeedsCredentials() throws {
        #expect(name { _ = try ICEServer(urls: ["turn:host"]) } == "InvalidAccessError")
        #expect(
            name { _ = try ICEServer(urls: ["turn:host"], username: "a") } == "InvalidAccessError"
        )
        #expect(name { _ = try ICEServer(urls: []) } == "SyntaxError")
        let good = try ICEServer(
            urls: ["stun:host", "turns:host:443"],
            username: "a",
            credential: ""
        )
        #expect(good.uris.count == 2)
    }

    private func name(_ body: () throws -> Void) -> String? {
        do {
            try body()
            return nil
        } catch {
            return (error as? ICEServerError)?.name
        }
    }
}
