import NetworkSimulator
import STUN
import TURN
import TURNSupport
import Testing
import Wire

@Suite("Credentials that run out")
struct CredentialTests {
    private static let secret = "north"

    private static func credentials(_ seconds: Int64, _ name: String = "alice") -> STUNCredentials {
        RESTCredentials.make(
            for: name,
            validUntil: TURNServerNode.unixTimeAtStart + seconds,
            secret: secret
        )
    }

    private func scene(_ seconds: Int64) -> Scene {
        Scene.permitted(
            configureServer: { $0.sharedSecret = Self.secret },
            configureClient: { $0.credentials = Self.credentials(seconds) }
        )
    }

    @Test("Time-limited credentials are as good as a password while they last")
    func valid() {
        let scene = scene(3_600)
        scene.exchange([1])
        #expect(scene.echoes == [[1]])
    }

    @Test("Credentials whose time is over are refused (401)")
    func expired() {
        let scene = Scene(
            configureServer: { $0.sharedSecret = Self.secret },
            configureClient: { $0.credentials = Self.credentials(-1) }
        )
        scene.start()
        scene.run { $0.client.hasEnded }
        #expect(scene.events == [.failed(.unauthorized)])
    }

    @Test("New credentials are taken over without a gap, and the call outlives the old ones")
    func takesOver() {
        let scene = scene(1_000)
        for step in 1...20 {
            scene.network.run(for: .seconds(499))
            scene.with { node, now in
                node.client.update(
                    credentials: Self.credentials(Int64(step) * 500 + 1_000),
                    at: now
                )
            }
            scene.exchange([UInt8(step)])
        }
        #expect(scene.echoes.count == 20)
        #expect(scene.events.filter { $0 == .credentialsAccepted }.count == 20)
        #expect(!scene.node.client.hasEnded)
    }

    @Test("Without new credentials the relay is lost when they have run out")
    func runsOut() {
        let scene = scene(1_000)
        scene.network.run(for: .seconds(3_600))
        #expect(scene.events.last == .lost(.unauthorized))
    }

    @Test("A server that ties an allocation to one name (441) keeps it under the earlier one")
    func keepsEarlier() {
        let scene = Scene.permitted()
        scene.with { node, now in
            node.client.update(
                credentials: STUNCredentials(username: "bob", password: "word"),
                at: now
            )
        }
        scene.network.run(for: .seconds(1))
        #expect(scene.events.last == .credentialsRefused(.wrongCredentials))
        scene.network.run(for: .seconds(1_800))
        scene.exchange([1])
        #expect(scene.echoes == [[1]])
    }

    @Test("New credentials that are wrong change nothing")
    func wrongOnes() {
        let scene = Scene.permitted()
        scene.with { node, now in
            node.client.update(
                credentials: STUNCredentials(username: "alice", password: "typo"),
                at: now
            )
        }
        scene.network.run(for: .seconds(1_800))
        #expect(scene.events.last == .credentialsRefused(.unauthorized))
        scene.exchange([1])
        #expect(scene.echoes == [[1]])
    }

    @Test("Credentials that come while the first ones are being tried are used instead")
    func replacedEarly() {
        let scene = Scene(configureClient: { $0.credentials.password = "wrong" })
        scene.start()
        scene.with { node, now in
            node.client.update(
                credentials: STUNCredentials(username: "alice", password: "secret"),
                at: now
            )
        }
        scene.run { !$0.relayed.isEmpty }
        #expect(scene.node.relayed.count == 1)
    }

    @Test("A request that is under way when new credentials are taken over is not lost")
    func takesOverAmongRequests() {
        let scene = scene(1_000)
        let other = endpoint("203.0.113.8:6000")
        scene.with { node, now in
            node.client.update(credentials: Self.credentials(2_000), at: now)
            node.client.permit(other, at: now)
            node.client.bindChannel(other, at: now)
        }
        scene.network.run(for: .seconds(1))
        #expect(
            scene.events.suffix(3) == [
                .credentialsAccepted, .permitted(other.address), .channelBound(other),
            ]
        )
    }

    @Test("A refresh that is under way when new credentials are taken over costs no relay")
    func takesOverAmongRefreshes() throws {
        let scene = scene(1_000)
        let refresh = try #require(scene.node.times.first).advanced(by: .seconds(540))
        scene.network.run(for: scene.network.now.duration(to: refresh) - .milliseconds(5))
        scene.with { node, now in
            node.client.update(credentials: Self.credentials(2_000), at: now)
        }
        scene.network.run(for: .seconds(100))
        #expect(scene.events.last == .credentialsAccepted)
        scene.exchange([1])
        #expect(scene.echoes == [[1]])
    }

    @Test(
        "Requests under credentials that run out on their way are asked again under the new ones",
        arguments: [-5, 5]
    )
    func takesOverTooLate(_ milliseconds: Int) {
        let scene = scene(1_000)
        let other = endpoint("203.0.113.8:6000")
        let end = Instant.zero.advanced(by: .seconds(1_001) - .milliseconds(5))
        scene.network.run(for: scene.network.now.duration(to: end))
        if milliseconds < 0 { scene.with { $0.client.permit(other, at: $1) } }
        scene.with { $0.client.update(credentials: Self.credentials(2_000), at: $1) }
        if milliseconds > 0 { scene.with { $0.client.permit(other, at: $1) } }
        scene.network.run(for: .seconds(50))
        #expect(
            scene.events.suffix(2) == [.credentialsAccepted, .permitted(other.address)]
        )
    }

    @Test("A name that no key can be made of fails without a packet")
    func unusable() {
        let scene = Scene(configureClient: { $0.credentials.username = "a\u{0}b" })
        scene.start()
        scene.network.run(for: .seconds(1))
        #expect(scene.events == [.failed(.unauthorized)])
        #expect(scene.node.sentSizes.isEmpty)
    }
}
