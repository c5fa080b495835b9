import NetworkSimulator
import STUN
import TURN
import TURNSupport
import Testing
import Wire

@Suite("RFC 8656 §7.4, §19: errors of the server")
struct ErrorTests {
    @Test("A nonce that has become stale (438) costs a round trip, not the call")
    func staleNonce() {
        let scene = Scene.permitted(configureServer: { $0.limits.nonceLifetime = .seconds(30) })
        for _ in 0..<20 {
            scene.network.run(for: .seconds(100))
            scene.exchange([1])
        }
        #expect(scene.echoes.count == 20)
        #expect(scene.events.count == 2)
    }

    @Test("A server that calls every nonce stale is given up")
    func staleForEver() throws {
        let scene = Scene()
        scene.network.with(scene.server) { node, _ in node.isDown = true }
        var client = scene.node.client
        client.start(at: .zero)
        var rounds = 0
        var outcome: TURNClient.Output?
        while let output = client.popOutput() {
            guard case .transmit(let bytes) = output else {
                outcome = output
                continue
            }
            rounds += 1
            try #require(rounds < 100)
            let answer = try Forgery.challenge(
                bytes,
                code: rounds == 1 ? 401 : 438,
                nonce: "n\(rounds)"
            )
            _ = client.receive(answer.span, from: Scene.serverAddress, at: .zero)
        }
        #expect(outcome == .failed(.unauthorized))
        #expect(rounds == 4)
    }

    @Test("A user with too many allocations is refused (486), and told to wait a minute")
    func quota() {
        let scene = Scene(configureServer: { $0.limits.allocationsPerUser = 0 })
        scene.start()
        scene.run { $0.client.hasEnded }
        #expect(scene.events == [.failed(.quotaReached)])
        #expect(TURNError.quotaReached.retryDelay == .seconds(60))
        #expect(scene.node.client.serverReason == "Allocation Quota Reached")
    }

    @Test("A full server refuses (508)")
    func capacity() {
        let scene = Scene(configureServer: { $0.limits.allocations = 0 })
        scene.start()
        scene.run { $0.client.hasEnded }
        #expect(scene.events == [.failed(.insufficientCapacity)])
    }

    @Test("A server whose ports are all in use refuses (508) after a few tries")
    func ports() {
        let scene = Scene(configureServer: { $0.ports = 50_000...50_009 })
        scene.network.with(scene.server) { node, _ in node.occupiedPorts = Set(50_000...50_009) }
        scene.start()
        scene.run { $0.client.hasEnded }
        #expect(scene.events == [.failed(.insufficientCapacity)])
        #expect(scene.serverNode.server.statistics.allocations == 0)
    }

    @Test("A port that something else has is passed over")
    func occupiedPort() {
        let scene = Scene(configureServer: { $0.ports = 50_000...50_003 })
        scene.network.with(scene.server) { node, _ in node.occupiedPorts = [50_000, 50_001, 50_003]
        }
        scene.start()
        scene.run { !$0.relayed.isEmpty }
        #expect(scene.node.relayed.map(\.port) == [50_002])
    }

    @Test("A server that is being emptied sends its clients to another (300)")
    func tryAlternate() {
        let scene = Scene(configureServer: { $0.alternate = endpoint("192.0.2.20:3478") })
        let other = scene.network.addTURNServer("other", at: ["192.0.2.20"], users: Scene.users)
        scene.start()
        scene.run { !$0.relayed.isEmpty }
        #expect(scene.events.first == .redirected(endpoint("192.0.2.20:3478")))
        #expect(scene.node.relayed.map(\.address) == [ip("192.0.2.20")])
        #expect(scene.network.read(other) { $0.server.statistics.allocations } == 1)
    }

    @Test("Two servers that send clients to each other are noticed")
    func alternateCircle() {
        let scene = Scene(configureServer: { $0.alternate = endpoint("192.0.2.20:3478") })
        _ = scene.network.addTURNServer("other", at: ["192.0.2.20"], users: Scene.users) {
            $0.alternate = Scene.serverAddress
        }
        scene.start()
        scene.run { $0.client.hasEnded }
        #expect(scene.events.last == .failed(.unusableAlternate))
        #expect(scene.network.now < Instant.zero.advanced(by: .seconds(1)))
    }

    @Test("A chain of servers is followed three times")
    func alternateChain() {
        let scene = Scene(configureServer: { $0.alternate = endpoint("192.0.2.21:3478") })
        for number in 21...30 {
            _ = scene.network.addTURNServer(
                "s\(number)",
                at: ["192.0.2.\(number)"],
                users: Scene.users
            ) {
                $0.alternate = endpoint("192.0.2.\(number + 1):3478")
            }
        }
        scene.start()
        scene.run { $0.client.hasEnded }
        #expect(scene.events.count == 4)
        #expect(scene.events.last == .failed(.unusableAlternate))
    }

    @Test(
        "An alternate that no client can or should reach is not tried",
        arguments: [
            "[2001:db8::99]:3478", "127.0.0.1:3478", "0.0.0.0:3478", "224.0.0.1:3478",
            "192.0.2.20:0", "[::ffff:127.0.0.1]:3478",
        ]
    )
    func unusableAlternate(_ address: String) {
        let scene = Scene(configureServer: { $0.alternate = endpoint(address) })
        scene.start()
        scene.run { $0.client.hasEnded }
        #expect(scene.events == [.failed(.unusableAlternate)])
    }

    @Test("Over a stream an alternate waits for its connection, but not for ever")
    func alternateOverStream() {
        let scene = Scene(
            configureServer: { $0.alternate = endpoint("192.0.2.20:3478") },
            configureClient: { $0.transport = .stream }
        )
        scene.start()
        scene.run { $0.client.hasEnded }
        #expect(
            scene.events == [.redirected(endpoint("192.0.2.20:3478")), .failed(.unusableAlternate)]
        )
        #expect(scene.network.now > Instant.zero.advanced(by: .seconds(10)))
    }

    @Test("A port that somebody had before (437) is changed for another")
    func mismatch() {
        let scene = Scene.allocated()
        // Another client at the same address and port, as after a crash.
        let configuration = scene.node.client.configuration
        scene.with { node, now in
            node.client = TURNClient(configuration, entropy: .seed(99))
            node.events = []
            node.client.start(at: now)
        }
        scene.run { $0.events.contains(.needsNewPath) }
        scene.with { node, now in
            node.local.port += 1
            node.client.start(at: now)
        }
        scene.run { !$0.relayed.isEmpty }
        #expect(scene.node.relayed.count == 1)
        #expect(scene.serverNode.server.statistics.allocations == 2)
    }

    @Test("A client whose port is not changed gives up after ten seconds")
    func mismatchUnanswered() {
        let scene = Scene.allocated()
        let configuration = scene.node.client.configuration
        scene.with { node, now in
            node.client = TURNClient(configuration, entropy: .seed(99))
            node.events = []
            node.client.start(at: now)
        }
        scene.run { $0.client.hasEnded }
        #expect(scene.events == [.needsNewPath, .failed(.allocationMismatch)])
    }

    @Test(
        "Every error has its name, its number and a sentence",
        arguments: [403, 437, 440, 441, 442, 443, 486, 508, 420, 500]
    )
    func names(_ number: Int) throws {
        let scene = Scene()
        var client = scene.node.client
        client.start(at: .zero)
        var outcome: TURNClient.Output?
        for round in 0..<10 {
            guard let output = client.popOutput() else { break }
            guard case .transmit(let bytes) = output else {
                outcome = output
                if case .needsNewPath = output { client.start(at: .zero) }
                continue
            }
            let answer =
                round == 0
                ? try Forgery.challenge(bytes, code: 401, nonce: "n")
                : try Forgery.error(bytes, code: number, as: Scene.users["alice"] ?? "")
            _ = client.receive(answer.span, from: Scene.serverAddress, at: .zero)
        }
        guard case .failed(let error)? = outcome else {
            Issue.record("no failure: \(String(describing: outcome))")
            return
        }
        #expect(error.code?.rawValue == number)
        #expect(!error.description.isEmpty)
    }
}

/// Answers made by hand, as a server or an attacker would send them.
enum Forgery {
    /// A challenge to `request` in the realm "example.org".
    static func challenge(_ request: [UInt8], code: Int, nonce: String) throws -> [UInt8] {
        let packet = try STUNPacket(parsing: request.span)
        return try STUNMessage(
            .error,
            packet.method,
            id: packet.transactionID,
            attributes: [
                .errorCode(STUNErrorCode(rawValue: code), reason: "x"), .realm("example.org"),
                .nonce(nonce),
            ]
        ).write()
    }

    /// An error under the key of alice with `password`.
    static func error(_ request: [UInt8], code: Int, as password: String) throws -> [UInt8] {
        let packet = try STUNPacket(parsing: request.span)
        let message = STUNMessage(
            .error,
            packet.method,
            id: packet.transactionID,
            attributes: [.errorCode(STUNErrorCode(rawValue: code), reason: "x")]
        )
        return try message.write(signedWith: key(password))
    }

    static func success(
        _ request: [UInt8],
        _ attributes: [STUNAttribute],
        as password: String
    ) throws -> [UInt8] {
        let packet = try STUNPacket(parsing: request.span)
        let message = STUNMessage(
            .success,
            packet.method,
            id: packet.transactionID,
            attributes: attributes
        )
        return try message.write(signedWith: key(password))
    }

    static func key(_ password: String) -> STUNKey {
        STUNKey(username: "alice", realm: "example.org", password: password)
    }
}
