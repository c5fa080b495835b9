import LinuxIO
import Signaling
import TLS
import Testing
import Wire

/// Real sockets on loopback, and certificates made here.
@Suite("Signaling over wss: (RFC 6455 §10.6)", .serialized, .timeLimit(.minutes(1)))
struct SecureSignalingTests {
    /// Runs `body` with a server whose certificate names 127.0.0.1, and who to trust.
    private static func withServer(
        validFrom: Int64 = today - 86_400,
        days: Int = 2,
        _ body: (EventLoop, SignalingServer, TLSTrust) async throws -> Void
    ) async throws {
        let authority = try TLSAuthority(named: "Lab", validFrom: today - 86_400 * 9)
        let issued = try authority.issue(
            for: [TLSServerName("127.0.0.1")],
            validFrom: validFrom,
            days: days
        )
        let identity = try TLSIdentity(
            certificatePEM: issued.certificatePEM,
            privateKeyPEM: issued.privateKeyPEM
        )
        let loop = try EventLoop(name: "signaling")
        let server = try await SignalingServer.start(port: 0, identity: identity, on: loop)
        do {
            try await body(loop, server, TLSTrust.certificates(pem: authority.certificatePEM))
        } catch {
            await server.stop()
            await loop.stop()
            throw error
        }
        await server.stop()
        await loop.stop()
    }

    /// Why a client cannot connect; nil if it can.
    private static func refusal(
        _ url: String,
        _ trust: TLSTrust,
        _ loop: EventLoop
    ) async -> SignalingClientError? {
        do throws(SignalingClientError) {
            let client = try await SignalingClient.connect(to: url, as: "x", trust: trust, on: loop)
            await client.close()
            return nil
        } catch {
            return error
        }
    }

    @Test func twoPeersExchangeLargeMessages() async throws {
        try await Self.withServer { loop, server, trust in
            let url = await server.url
            #expect(url.hasPrefix("wss://127.0.0.1:"))
            let left = try await SignalingClient.connect(
                to: url,
                as: "left",
                trust: trust,
                on: loop
            )
            let right = try await SignalingClient.connect(
                to: url,
                as: "right",
                trust: trust,
                on: loop
            )
            var messages = right.messages.makeAsyncIterator()
            let sdp = String(repeating: "x", count: 200_000)
            try await left.send(.offer(sdp), to: "right")
            #expect(await messages.next()?.content == .offer(sdp))
            await left.close()
            #expect(await left.end == .closed)
            await server.stop()
            #expect(await messages.next() == nil)
            #expect(await right.end == .lost(.byPeer(.goingAway, reason: "the server stops")))
        }
    }

    @Test func aServerThatIsNotTrustedIsNotTalkedTo() async throws {
        try await Self.withServer { loop, server, trust in
            let address = await server.address
            let url = await server.url
            #expect(
                await Self.refusal(url, .system, loop) == .cannotSecure(address, .unknownAuthority)
            )
            let elsewhere = "wss://localhost:\(address.port)"
            let error = await Self.refusal(elsewhere, trust, loop)
            guard case .cannotSecure(_, .wrongHost)? = error else {
                Issue.record("\(String(describing: error))")
                return
            }
            #expect("\(String(describing: error))".contains("127.0.0.1"))
            #expect(await server.registeredIDs.isEmpty)
        }
    }

    @Test func anExpiredCertificateIsSaid() async throws {
        try await Self.withServer(validFrom: today - 86_400 * 3, days: 1) { loop, server, trust in
            let error = await Self.refusal(await server.url, trust, loop)
            #expect(error == .cannotSecure(await server.address, .certificateExpired))
        }
    }

    @Test func plainAndSecureDoNotMix() async throws {
        try await Self.withServer { loop, server, trust in
            let port = await server.address.port
            // The server answers the plain request with an alert, which is no HTTP.
            let plain = await Self.refusal("ws://127.0.0.1:\(port)", trust, loop)
            #expect(plain != nil)
            let plainServer = try await SignalingServer.start(port: 0, on: loop)
            let address = await plainServer.address
            let error = await Self.refusal("wss://\(address)", trust, loop)
            // A hello is no HTTP: what comes back is a refusal in HTTP.
            #expect(error == .cannotSecure(address, .notTLS))
            await plainServer.stop()
        }
    }
}

private let today = EventLoop.wallClockUnixNanoseconds() / 1_000_000_000
