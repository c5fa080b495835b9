import STUN
import Support
import Testing
import Wire

@Suite("Binding queries to several servers, RFC 8489 §6 and §10")
struct BindingClientTests {
    static let servers = (1...3).map { SocketAddress(IPAddress(v4: 0xC000_0200 + $0), port: 3_478) }
    static let mapped = SocketAddress(IPAddress(v4: 0xCB00_7105), port: 40_000)

    static func at(_ milliseconds: Int) -> Instant {
        Instant.zero.advanced(by: .milliseconds(milliseconds))
    }

    static func client() -> BindingClient { BindingClient(entropy: .seed(3)) }

    static func outputs(_ client: inout BindingClient) -> [BindingClient.Output] {
        var outputs: [BindingClient.Output] = []
        client.drain { outputs.append($0) }
        return outputs
    }

    /// The request that waits to be sent to `server`.
    static func request(
        _ client: inout BindingClient,
        to server: SocketAddress
    ) throws -> STUNMessage {
        let sent = outputs(&client).compactMap { output -> [UInt8]? in
            guard case .transmit(let bytes, server) = output else { return nil }
            return bytes
        }
        return try parse(try #require(sent.last))
    }

    static func answer(
        _ request: STUNMessage,
        _ messageClass: STUNClass = .success,
        _ attributes: [STUNAttribute] = [.xorMappedAddress(mapped)]
    ) throws -> [UInt8] {
        try STUNMessage(messageClass, id: request.transactionID, attributes: attributes).write()
    }

    @Test func allServersAreAskedAtOnceAndEachAnswerIsTold() throws {
        var client = Self.client()
        for server in Self.servers { client.query(server, at: .zero) }
        client.query(Self.servers[0], at: .zero)
        var requests: [SocketAddress: STUNMessage] = [:]
        for output in Self.outputs(&client) {
            guard case .transmit(let bytes, let server) = output else { continue }
            #expect(requests[server] == nil)
            requests[server] = try STUNMessage(parsing: bytes.span)
        }
        #expect(Set(requests.keys) == Set(Self.servers))
        #expect(Set(requests.values.map(\.transactionID)).count == 3)
        for (index, server) in Self.servers.enumerated().reversed() {
            let response = try Self.answer(try #require(requests[server]))
            // From one of the others it is nobody's answer.
            client.receive(response.span, from: Self.servers[(index + 1) % 3], at: Self.at(5))
            #expect(Self.outputs(&client).isEmpty)
            client.receive(response.span, from: server, at: Self.at(20 + index))
            let time = Duration.milliseconds(20 + index)
            #expect(
                Self.outputs(&client) == [.mapped(Self.mapped, by: server, roundTripTime: time)]
            )
        }
        #expect(client.deadline == nil)
    }

    @Test func aDeadServerFailsAloneAndKeepsTheLaws() throws {
        var client = Self.client()
        client.query(Self.servers[0], at: .zero)
        client.query(Self.servers[1], over: .stream, at: .zero)
        let run = client.run(for: .seconds(100))
        #expect(run.brokenLaws.isEmpty)
        let sent = run.outputs.compactMap { entry -> SocketAddress? in
            guard case .transmit(_, let server) = entry.output else { return nil }
            return server
        }
        #expect(sent.filter { $0 == Self.servers[0] }.count == 7)
        // RFC 8489 §6.2.2: once over a stream, and 39.5 s of patience.
        #expect(sent.filter { $0 == Self.servers[1] }.count == 1)
        for server in Self.servers.prefix(2) {
            let failure = run.outputs.first { $0.output == .failed(.timedOut, server: server) }
            #expect(failure?.at == Self.at(39_500))
        }
        #expect(client.deadline == nil)
    }

    @Test(
        "answers that help nobody fail with their reason",
        arguments: [
            (STUNClass.success, [STUNAttribute.software("x")], STUNFailure.unusableAnswer),
            (.success, [.xorMappedAddress(mapped), .channelNumber(1)], .unusableAnswer),
            (.error, [], .unusableAnswer),
            (
                .error, [.errorCode(.serverError, reason: "No")],
                .refused(.serverError, reason: "No")
            ),
            (.error, [.errorCode(.tryAlternate, reason: "")], .redirectedTooOften),
            (
                .error,
                [.errorCode(.tryAlternate, reason: ""), .alternateServer(AttributeTests.six)],
                .redirectedTooOften
            ),
            (
                .error,
                [
                    .errorCode(.tryAlternate, reason: ""),
                    .alternateServer(SocketAddress(IPAddress(v4: 0xE000_0001), port: 1)),
                ],
                .redirectedTooOften
            ),
        ]
    )
    func failures(
        _ messageClass: STUNClass,
        _ attributes: [STUNAttribute],
        _ failure: STUNFailure
    ) throws {
        var client = Self.client()
        client.query(Self.servers[0], at: .zero)
        let request = try Self.request(&client, to: Self.servers[0])
        let response = try Self.answer(request, messageClass, attributes)
        client.receive(response.span, from: Self.servers[0], at: Self.at(10))
        #expect(Self.outputs(&client) == [.failed(failure, server: Self.servers[0])])
        #expect(client.deadline == nil)
    }

    @Test func aWrongFingerprintIsNoAnswer() throws {
        var client = Self.client()
        client.query(Self.servers[0], at: .zero)
        let request = try Self.request(&client, to: Self.servers[0])
        let response = try Self.answer(
            request,
            .success,
            [.xorMappedAddress(Self.mapped), .fingerprint(1)]
        )
        client.receive(response.span, from: Self.servers[0], at: Self.at(10))
        #expect(Self.outputs(&client).isEmpty)
        #expect(client.deadline != nil)
    }

    @Test func redirectionIsFollowedThreeTimes() throws {
        var client = Self.client()
        client.query(Self.servers[0], at: .zero)
        var target = Self.servers[0]
        for hop in 1...4 {
            let request = try Self.request(&client, to: target)
            let next = SocketAddress(IPAddress(v4: 0xC000_0210), port: UInt16(3_000 + hop))
            let response = try Self.answer(
                request,
                .error,
                [.errorCode(.tryAlternate, reason: ""), .alternateServer(next)]
            )
            client.receive(response.span, from: target, at: Self.at(hop))
            target = next
        }
        #expect(
            Self.outputs(&client) == [.failed(.redirectedTooOften, server: Self.servers[0])]
        )
    }

    @Test func aServerThatWantsAPasswordGetsIt() throws {
        var scene = try LongTermScene()
        var client = Self.client()
        let server = Self.servers[0]
        client.query(server, authenticator: scene.client, at: .zero)
        let first = try Self.request(&client, to: server).write()
        let challenge = try scene.answer(first)
        client.receive(challenge.span, from: server, at: Self.at(10))
        let sent = Self.outputs(&client)
        guard case .transmit(let second, server)? = sent.first else {
            Issue.record("no second request")
            return
        }
        let id = try STUNMessage(parsing: second.span).transactionID
        // Somebody else's answer does not end it.
        let forged = try STUNMessage(.success, id: id, attributes: [.xorMappedAddress(server)])
            .write()
        client.receive(forged.span, from: server, at: Self.at(15))
        #expect(Self.outputs(&client).isEmpty)
        let key = try #require(
            STUNKey(credentials: LongTermScene.alice, realm: "example.org", algorithm: .sha256)
        )
        var room = [UInt8](repeating: 0, count: 200)
        var writer = SpanWriter(room.mutableSpan)
        try STUNWriter.begin(.success, id: id, to: &writer)
        try STUNWriter.appendMapped(Self.mapped, id: id, to: &writer)
        try STUNSignature(key: key, isStrong: true).finish(to: &writer)
        let answer = [UInt8](copying: writer.written)
        client.receive(answer.span, from: server, at: Self.at(30))
        #expect(
            Self.outputs(&client)
                == [.mapped(Self.mapped, by: server, roundTripTime: .milliseconds(20))]
        )
        scene.now = Self.at(1)
    }

    @Test func unreachableAndCancelledServersAreForgotten() {
        var client = Self.client()
        for server in Self.servers { client.query(server, at: .zero) }
        _ = Self.outputs(&client)
        client.reportUnreachable(Self.servers[0])
        client.cancel(Self.servers[1])
        #expect(Self.outputs(&client) == [.failed(.unreachable, server: Self.servers[0])])
        let run = client.run(for: .seconds(100))
        let failed = run.outputs.filter {
            if case .failed = $0.output { true } else { false }
        }
        #expect(failed.map(\.output) == [.failed(.timedOut, server: Self.servers[2])])
    }
}
