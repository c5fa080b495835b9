import STUN
import Testing
import Wire

@Suite("A STUN server, RFC 8489 §6.3 and RFC 5780 §6")
struct STUNServerTests {
    static let client = SocketAddress(IPAddress(v4: 0xCB00_7105), port: 40_000)
    static let primary = SocketAddress(IPAddress(v4: 0xC000_0201), port: 3_478)
    static let alternate = SocketAddress(IPAddress(v4: 0xC000_0202), port: 3_479)

    static func server(
        behavior: Bool = false,
        _ change: (inout STUNServer.Configuration) -> Void = { _ in }
    ) -> STUNServer {
        var configuration = STUNServer.Configuration()
        if behavior {
            configuration.endpoints = STUNServerEndpoints(primary: primary, alternate: alternate)
        }
        change(&configuration)
        return STUNServer(configuration: configuration, entropy: .seed(1))
    }

    struct Answer {
        var route: STUNServer.Route
        var message: STUNMessage
        var bytes: [UInt8]
    }

    static func ask(
        _ server: inout STUNServer,
        _ request: [UInt8],
        from source: SocketAddress = client,
        on local: SocketAddress = primary,
        at now: Instant = .zero
    ) throws -> Answer? {
        var room = [UInt8](repeating: 0, count: 2_000)
        var writer = SpanWriter(room.mutableSpan)
        guard
            let route = server.answer(request.span, from: source, on: local, at: now, into: &writer)
        else { return nil }
        let bytes = [UInt8](copying: writer.written)
        return Answer(route: route, message: try STUNMessage(parsing: bytes.span), bytes: bytes)
    }

    static func request(_ attributes: [STUNAttribute] = []) throws -> [UInt8] {
        try STUNMessage(.request, id: STUNPacketTests.id, attributes: attributes).write()
    }

    @Test func aRequestIsAnsweredWithTheAddressItCameFrom() throws {
        var server = Self.server()
        for source in [Self.client, AttributeTests.six] {
            let request = try Self.request()
            let answer = try #require(try Self.ask(&server, request, from: source))
            #expect(answer.message.messageClass == .success)
            #expect(answer.message.transactionID == STUNPacketTests.id)
            #expect(answer.message.attributes == [.xorMappedAddress(source)])
            #expect(answer.route == STUNServer.Route(source: Self.primary, destination: source))
            #expect(Double(answer.bytes.count) <= 2.2 * Double(request.count))
        }
    }

    @Test func aFingerprintIsAnsweredWithAFingerprint() throws {
        var server = Self.server()
        var room = [UInt8](repeating: 0, count: 100)
        var writer = SpanWriter(room.mutableSpan)
        try STUNWriter.begin(.request, id: STUNPacketTests.id, to: &writer)
        try STUNWriter.addFingerprint(to: &writer)
        let request = [UInt8](copying: writer.written)
        let answer = try #require(try Self.ask(&server, request))
        let packet = try STUNPacket(parsing: answer.bytes.span)
        #expect(packet.hasValidFingerprint(in: answer.bytes.span) == true)
        var wrong = request
        wrong[27] ^= 1
        #expect(try Self.ask(&server, wrong) == nil)
    }

    @Test("what is no binding request gets no answer")
    func silence() throws {
        var server = Self.server(behavior: true)
        let id = STUNPacketTests.id
        let messages = [
            STUNMessage(.indication, id: id), STUNMessage(.success, id: id),
            STUNMessage(.error, id: id), STUNMessage(.request, STUNMethod(rawValue: 3), id: id),
        ]
        for message in messages { #expect(try Self.ask(&server, try message.write()) == nil) }
        #expect(try Self.ask(&server, []) == nil)
        #expect(try Self.ask(&server, [UInt8](repeating: 0, count: 20)) == nil)
        var nowhere = Self.client
        nowhere.port = 0
        #expect(try Self.ask(&server, try Self.request(), from: nowhere) == nil)
    }

    @Test func unknownAttributesAreNamed() throws {
        var plain = Self.server()
        let request = try Self.request([
            .changeRequest(.port), .other(STUNAttributeType(rawValue: 0x7001), []),
        ])
        let answer = try #require(try Self.ask(&plain, request))
        #expect(
            answer.message.attributes == [
                .errorCode(.unknownAttribute, reason: ""),
                .unknownAttributes([.changeRequest, STUNAttributeType(rawValue: 0x7001)]),
            ]
        )
    }

    @Test func clientsAreSentElsewhere() throws {
        let other = Self.alternate
        var server = Self.server { $0.alternateServers = [other] }
        let answer = try #require(try Self.ask(&server, try Self.request()))
        #expect(
            answer.message.attributes
                == [.errorCode(.tryAlternate, reason: ""), .alternateServer(other)]
        )
        let six = try #require(
            try Self.ask(&server, try Self.request(), from: AttributeTests.six)
        )
        #expect(six.message.messageClass == .success)
    }

    static let changes: [(STUNChangeRequest, String)] = [
        ([], "192.0.2.1:3478"), (.address, "192.0.2.2:3478"), (.port, "192.0.2.1:3479"),
        ([.address, .port], "192.0.2.2:3479"),
    ]

    @Test("the source of the answer changes as asked, RFC 5780 §6.1", arguments: changes)
    func changing(_ flags: STUNChangeRequest, _ source: String) throws {
        var server = Self.server(behavior: true)
        let request = try Self.request([.changeRequest(flags)])
        let answer = try #require(try Self.ask(&server, request))
        #expect(answer.route.source.description == source)
        #expect(
            answer.message.attributes == [
                .xorMappedAddress(Self.client), .responseOrigin(answer.route.source),
                .otherAddress(Self.alternate),
            ]
        )
        #expect(
            Double(answer.bytes.count) <= STUNServer.maximumAmplification * Double(request.count)
        )
    }

    @Test func eachSocketNamesTheOneThatIsDifferent() throws {
        var server = Self.server(behavior: true)
        let endpoints = try #require(
            STUNServerEndpoints(primary: Self.primary, alternate: Self.alternate)
        )
        for local in endpoints.all {
            let answer = try #require(try Self.ask(&server, try Self.request(), on: local))
            guard case .otherAddress(let other)? = answer.message.attributes.last else {
                Issue.record("OTHER-ADDRESS is missing")
                continue
            }
            #expect(other.address != local.address && other.port != local.port)
            #expect(endpoints.all.contains(other))
        }
        #expect(STUNServerEndpoints(primary: Self.primary, alternate: Self.primary) == nil)
    }

    @Test func theAnswerMayGoToAnotherPort() throws {
        var server = Self.server(behavior: true)
        let answer = try #require(try Self.ask(&server, try Self.request([.responsePort(5_000)])))
        #expect(answer.route.destination == SocketAddress(Self.client.address, port: 5_000))
        for attributes in [
            [STUNAttribute.responsePort(0)], [.responsePort(5_000), .padding([0, 0, 0, 0])],
        ] {
            let refused = try #require(try Self.ask(&server, try Self.request(attributes)))
            #expect(refused.message.attributes == [.errorCode(.badRequest, reason: "")])
            #expect(refused.route.destination == Self.client)
        }
    }

    @Test(
        "padding and software never make the answer much longer",
        arguments: [0, 4, 40, 41, 800, 1_400]
    )
    func padding(_ count: Int) throws {
        var server = Self.server(behavior: true) {
            $0.software = String(repeating: "s", count: 300)
        }
        let request = try Self.request([.padding([UInt8](repeating: 0, count: count))])
        let answer = try #require(try Self.ask(&server, request))
        #expect(
            Double(answer.bytes.count) <= STUNServer.maximumAmplification * Double(request.count)
        )
        if count >= 800 {
            #expect(answer.message.attributes.contains { $0.type == .padding })
            #expect(answer.bytes.count <= request.count + 4)
        }
    }

    @Test func nobodyAsksTooOften() throws {
        var server = Self.server {
            $0.requestsPerSecond = 10
            $0.burst = 5
        }
        let request = try Self.request()
        func answers(_ count: Int, _ source: SocketAddress, at now: Instant) throws -> Int {
            try (0..<count).filter { _ in
                try Self.ask(&server, request, from: source, at: now) != nil
            }.count
        }
        #expect(try answers(100, Self.client, at: .zero) == 5)
        // Another port is no other host; another host is.
        var port = Self.client
        port.port = 1
        #expect(try answers(10, port, at: .zero) == 0)
        #expect(try answers(10, Self.alternate, at: .zero) == 5)
        let later = Instant.zero.advanced(by: .milliseconds(200))
        #expect(try answers(100, Self.client, at: later) == 2)
        let long = Instant.zero.advanced(by: .seconds(60))
        #expect(try answers(100, Self.client, at: long) == 5)
    }

    @Test func anOwnerWithoutRoomGetsNoAnswerAndNoTrap() throws {
        let request = try Self.request()
        for room in 0..<32 {
            var server = Self.server()
            var bytes = [UInt8](repeating: 0, count: room)
            var writer = SpanWriter(bytes.mutableSpan)
            let route = server.answer(
                request.span,
                from: Self.client,
                on: Self.primary,
                at: .zero,
                into: &writer
            )
            #expect(route == nil)
        }
    }
}
