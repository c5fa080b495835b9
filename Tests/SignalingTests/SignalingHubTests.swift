import Signaling
import Support
import Testing
import Wire

/// A hub and clients that are no more than frames.
struct HubFixture {
    var hub: SignalingHub
    var now = Instant.zero
    /// Everything that came out, in order.
    var outputs: [SignalingHub.Output] = []

    init(_ configuration: SignalingConfiguration = .init()) {
        hub = SignalingHub(configuration: configuration, entropy: .seed(3))
    }

    /// A connection whose handshake is done.
    mutating func connect() -> SignalingConnectionID {
        let connection = hub.connect(at: now)
        let request = WebSocketHandshake.request(
            to: WebSocketURL(host: "h", port: 80),
            key: "dGhlIHNhbXBsZSBub25jZQ=="
        )
        hub.receive(request.bytes, from: connection, at: now)
        collect()
        return connection
    }

    /// A connection that is registered as `id`.
    mutating func register(_ id: String) -> SignalingConnectionID {
        let connection = connect()
        send(#"{"type":"register","id":"\#(id)"}"#, from: connection)
        return connection
    }

    mutating func send(_ text: String, from connection: SignalingConnectionID) {
        send(WebSocketFrame(.text, Array(text.utf8)), from: connection)
    }

    mutating func send(_ frame: WebSocketFrame, from connection: SignalingConnectionID) {
        hub.receive(frame.encoded(maskingKey: 0x0506_0708), from: connection, at: now)
        collect()
    }

    mutating func advance(to offset: Duration) {
        now = Instant.zero.advanced(by: offset)
        hub.advance(to: now)
        collect()
    }

    mutating func collect() {
        while let output = hub.popOutput() { outputs.append(output) }
    }

    /// The frames for `connection` since the last time; forgets all outputs.
    mutating func frames(for connection: SignalingConnectionID) -> [WebSocketMessageReader.Item] {
        var reader = WebSocketMessageReader(
            from: .server,
            maximumMessageSize: 1_024 * 1_024,
            maximumFragments: 1
        )
        for output in outputs {
            guard case .transmit(let bytes, to: connection) = output, bytes.first != 0x48 else {
                continue
            }
            reader.append(bytes)
        }
        outputs = []
        var items: [WebSocketMessageReader.Item] = []
        while let item = try? reader.next() { items.append(item) }
        return items
    }

    /// The texts for `connection` since the last time; forgets all outputs.
    mutating func texts(for connection: SignalingConnectionID) -> [String] {
        frames(for: connection).compactMap { item in
            guard case .text(let bytes) = item else { return nil }
            return String(decoding: bytes, as: UTF8.self)
        }
    }

    /// The codes of the errors for `connection` since the last time; forgets all outputs.
    mutating func errors(for connection: SignalingConnectionID) -> [SignalingErrorCode] {
        texts(for: connection).compactMap { text in
            let message = try? SignalingMessage(parsing: text)
            guard case .error(let code, let text)? = message?.content else { return nil }
            #expect(text.count > 20, "an error says what to do")
            return code
        }
    }
}

@Suite("Signaling hub: ids and forwarding")
struct SignalingHubTests {
    @Test func messagesReachTheirTargetUnchanged() {
        var fixture = HubFixture()
        let left = fixture.register("left")
        let right = fixture.register("right")
        let offer =
            #"{"type":"offer","id":"left","targetId":"right","sdp":"v=1\r\n","x":[1.0,{"y":null}]}"#
        fixture.send(offer, from: left)
        #expect(fixture.texts(for: right) == [offer])
        #expect(fixture.hub.registeredIDs == ["left", "right"])
    }

    @Test(
        "the sender is the id of the connection, in the style of the sender",
        arguments: [
            (
                #"{"type":"answer","targetId":"right"}"#,
                #"{"type":"answer","targetId":"right","id":"left"}"#
            ),
            (
                #"{"type":"answer","id":"right","targetId":"right"}"#,
                #"{"type":"answer","id":"left","targetId":"right"}"#
            ),
            (#"{"type":"answer","to":"right"}"#, #"{"type":"answer","to":"right","from":"left"}"#),
            (
                #"{"type":"sdp","from":"boss","to":"right"}"#,
                #"{"type":"sdp","from":"left","to":"right"}"#
            ),
            (
                #"{"type":"answer","id":"boss","from":"boss","to":"right"}"#,
                #"{"type":"answer","id":"left","from":"left","to":"right"}"#
            ),
            (
                #"{"type":"answer","id":"a","id":"boss","targetId":"right"}"#,
                #"{"type":"answer","id":"left","targetId":"right"}"#
            ),
        ]
    )
    func spoofing(sent: String, received: String) {
        var fixture = HubFixture()
        let left = fixture.register("left")
        let right = fixture.register("right")
        fixture.outputs = []
        fixture.send(sent, from: left)
        #expect(fixture.texts(for: right) == [received])
    }

    @Test(
        "what cannot be done is answered with its code",
        arguments: [
            (#"{"type":"offer","targetId":"nobody","sdp":""}"#, SignalingErrorCode.unknownTarget),
            (#"{"type":"offer","to":"nobody","sdp":""}"#, .unknownTarget),
            (#"{"type":"offer","sdp":""}"#, .malformed),
            (#"{"type":"register","id":"right"}"#, .alreadyRegistered),
            (#"{"type":"error","targetId":"right","code":"id-taken"}"#, .unknownType),
            (#"{"type":"dance","targetId":"right"}"#, .unknownType),
            ("hello", .malformed), ("[]", .malformed), (#"{"id":"left"}"#, .malformed),
            (#"{"type":"offer","targetId":["right"]}"#, .malformed),
        ]
    )
    func errors(text: String, code: SignalingErrorCode) {
        var fixture = HubFixture()
        let left = fixture.register("left")
        let right = fixture.register("right")
        fixture.outputs = []
        fixture.send(text, from: left)
        #expect(
            !fixture.outputs.contains {
                if case .transmit(_, to: right) = $0 { true } else { false }
            }
        )
        #expect(fixture.errors(for: left) == [code])

        fixture.send(#"{"type":"disconnect","targetId":"right"}"#, from: left)
        #expect(fixture.texts(for: right).count == 1, "the connection goes on")
    }

    @Test func theUnknownTargetIsNamed() {
        var fixture = HubFixture()
        let left = fixture.register("left")
        fixture.outputs = []
        fixture.send(#"{"type":"offer","to":"nobody","sdp":""}"#, from: left)
        let text = fixture.texts(for: left).first ?? ""
        #expect(text.hasPrefix(#"{"type":"error","code":"unknown-target","message":"Nobody is"#))
        #expect(text.hasSuffix(#","to":"nobody"}"#))
    }

    @Test func withoutAnIDNothingIsForwarded() {
        var fixture = HubFixture()
        let right = fixture.register("right")
        let stranger = fixture.connect()
        fixture.outputs = []
        fixture.send(#"{"type":"offer","id":"right","targetId":"right","sdp":""}"#, from: stranger)
        #expect(fixture.errors(for: stranger) == [.notRegistered])
        #expect(fixture.texts(for: right).isEmpty)
    }

    @Test func anIDCannotBeTakenOver() {
        var fixture = HubFixture()
        let left = fixture.register("left")
        let thief = fixture.connect()
        fixture.outputs = []
        fixture.send(#"{"type":"register","id":"left"}"#, from: thief)
        #expect(fixture.errors(for: thief) == [.idTaken])
        let right = fixture.register("right")
        fixture.send(#"{"type":"answer","targetId":"left","sdp":""}"#, from: right)
        #expect(fixture.texts(for: left).count == 1)
    }

    @Test func anIDIsFreeOnceItsConnectionHasEnded() {
        var fixture = HubFixture()
        let left = fixture.register("left")
        fixture.send(WebSocketFrame(.close, []), from: left)
        #expect(fixture.outputs.contains(.close(left)))
        #expect(fixture.hub.registeredIDs == [])
        let next = fixture.register("left")
        #expect(fixture.errors(for: next) == [])
        fixture.hub.transportClosed(of: next, at: fixture.now)
        #expect(fixture.hub.registeredIDs == [])
    }

    @Test func aRuleBrokenFreesTheIDAtOnce() {
        var fixture = HubFixture()
        let left = fixture.register("left")
        fixture.hub.receive([0x81, 0x00], from: left, at: fixture.now)
        #expect(fixture.hub.registeredIDs == [])
    }

    @Test func disconnectWithoutTargetGivesTheIDBack() {
        var fixture = HubFixture()
        let left = fixture.register("left")
        fixture.send(#"{"type":"disconnect","id":"left"}"#, from: left)
        #expect(fixture.hub.registeredIDs == [])
        fixture.send(#"{"type":"register","from":"other"}"#, from: left)
        #expect(fixture.hub.registeredIDs == ["other"])
    }

    @Test(
        "an id that is none is refused",
        arguments: [
            "", String(repeating: "x", count: 129), #"a\u0000b"#, #"a\nb"#,
        ]
    )
    func invalidIDs(id: String) {
        var fixture = HubFixture()
        let connection = fixture.connect()
        fixture.outputs = []
        fixture.send(#"{"type":"register","id":"\#(id)"}"#, from: connection)
        #expect(fixture.errors(for: connection) == [.malformed])
        #expect(fixture.hub.registeredIDs == [])
    }

    @Test func whatIsTooLargeToForwardIsAnswered() {
        var configuration = SignalingConfiguration()
        configuration.maximumMessageSize = 1_000
        var fixture = HubFixture(configuration)
        let left = fixture.register("left")
        fixture.outputs = []
        let filler = String(repeating: "x", count: 1_000)
        fixture.send(#"{"type":"offer","targetId":"left","sdp":"\#(filler)"}"#, from: left)
        #expect(fixture.errors(for: left) == [.tooLarge])
    }

    @Test func binaryMessagesAreAnswered() {
        var fixture = HubFixture()
        let left = fixture.register("left")
        fixture.outputs = []
        fixture.send(WebSocketFrame(.binary, [1]), from: left)
        #expect(fixture.errors(for: left) == [.malformed])
    }

    @Test func aFullServerSaysSo() {
        var configuration = SignalingConfiguration()
        configuration.maximumConnections = 1
        var fixture = HubFixture(configuration)
        _ = fixture.register("left")
        fixture.outputs = []
        let late = fixture.hub.connect(at: .zero)
        fixture.collect()
        guard
            case .transmit(let bytes, to: late)? = fixture.outputs.first(where: {
                if case .transmit = $0 { true } else { false }
            })
        else {
            Issue.record("nothing was answered")
            return
        }
        #expect(String(decoding: bytes, as: UTF8.self).hasPrefix("HTTP/1.1 503 "))
        #expect(fixture.outputs.contains(.close(late)))
    }
}

@Suite("Signaling hub: time and slow readers")
struct SignalingHubTimeTests {
    static func isPing(_ item: WebSocketMessageReader.Item) -> Bool {
        if case .ping = item { true } else { false }
    }

    @Test func aSilentConnectionIsPingedAtFifteenSecondsAndFreedAtThirty() {
        var fixture = HubFixture()
        let left = fixture.register("left")
        fixture.outputs = []
        let run = fixture.hub.run(for: .seconds(120))
        #expect(run.brokenLaws.isEmpty)
        #expect(
            run.outputs.map { $0.at }
                == [15, 30, 30].map { Instant.zero.advanced(by: .seconds($0)) }
        )
        #expect(run.outputs.map(\.output).first == .transmit([0x89, 0x00], to: left))
        #expect(
            run.outputs.map(\.output).suffix(2) == [
                .event(.left(left, id: "left", .silent)), .abort(left),
            ]
        )
        #expect(fixture.hub.registeredIDs == [] && fixture.hub.connectionCount == 0)
        #expect(fixture.hub.deadline == nil)
    }

    @Test func aConnectionThatAnswersIsKept() {
        var fixture = HubFixture()
        let left = fixture.register("left")
        for second in 1...300 {
            fixture.advance(to: .seconds(second))
            for item in fixture.frames(for: left) where Self.isPing(item) {
                fixture.send(WebSocketFrame(.pong, []), from: left)
            }
        }
        #expect(fixture.hub.registeredIDs == ["left"])
    }

    @Test func aHandshakeThatIsNeverFinishedIsCutOff() {
        var fixture = HubFixture()
        let connection = fixture.hub.connect(at: .zero)
        let run = fixture.hub.run(for: .seconds(60))
        #expect(run.brokenLaws.isEmpty)
        let closes = run.outputs.filter { $0.output == .close(connection) }
        #expect(closes.map(\.at) == [Instant.zero.advanced(by: .seconds(10))])
        #expect(
            fixture.hub.connectionCount == 0,
            "what cannot be written in five seconds is dropped"
        )
        #expect(run.outputs.last?.output == .abort(connection))
    }

    @Test func aPeerThatDoesNotReadIsCutOffAndNobodyElse() {
        var configuration = SignalingConfiguration()
        configuration.maximumBacklog = 10_000
        var fixture = HubFixture(configuration)
        let left = fixture.register("left")
        let right = fixture.register("right")
        let filler = String(repeating: "x", count: 1_000)
        for _ in 0..<20 {
            fixture.send(#"{"type":"offer","targetId":"right","sdp":"\#(filler)"}"#, from: left)
            fixture.hub.reportBacklog(0, of: left, at: .zero)
        }
        #expect(fixture.outputs.contains(.abort(right)))
        #expect(fixture.outputs.contains(.event(.left(right, id: "right", .slowReader))))
        #expect(fixture.hub.registeredIDs == ["left"])
        #expect(fixture.errors(for: left).last == .unknownTarget)
    }

    @Test func aReportedBacklogCutsOff() {
        var fixture = HubFixture()
        let left = fixture.register("left")
        fixture.hub.reportBacklog(1_024 * 1_024, of: left, at: .zero)
        fixture.collect()
        #expect(!fixture.outputs.contains(.abort(left)))
        fixture.hub.reportBacklog(1_024 * 1_024 + 1, of: left, at: .zero)
        fixture.collect()
        #expect(fixture.outputs.contains(.abort(left)))
    }

    @Test func aServerThatStopsSaysGoodbye() {
        var fixture = HubFixture()
        let left = fixture.register("left")
        fixture.outputs = []
        fixture.hub.stop(at: .zero)
        fixture.collect()
        #expect(fixture.frames(for: left) == [.close(.goingAway, reason: "the server stops")])
        let run = fixture.hub.run(for: .seconds(60))
        #expect(run.brokenLaws.isEmpty)
        #expect(run.outputs.first?.at == Instant.zero.advanced(by: .seconds(2)))
        #expect(fixture.hub.connectionCount == 0)
    }

    @Test(
        "noise from many connections never traps and keeps the laws",
        arguments: 0..<30 as Range<UInt64>
    )
    func noise(seed: UInt64) {
        var entropy = Entropy.seed(seed)
        var fixture = HubFixture()
        let connections = ["a", "b", "c"].map { fixture.register($0) } + [fixture.connect()]
        let types = ["register", "offer", "sdp", "candidate", "disconnect", "error", "x"]
        let names = ["a", "b", "c", "d", ""]
        for step in 0..<200 {
            let type = types[Int(entropy.next() % 7)]
            let name = names[Int(entropy.next() % 5)]
            let connection = connections[Int(entropy.next() % 4)]
            fixture.send(
                #"{"type":"\#(type)","id":"\#(name)","targetId":"\#(name)"}"#,
                from: connection
            )
            if entropy.next() % 50 == 0 {
                fixture.hub.receive(entropy.bytes(10), from: connection, at: fixture.now)
            }
            fixture.advance(to: .milliseconds(step * 200))
            #expect(Set(fixture.hub.registeredIDs).count == fixture.hub.registeredIDs.count)
            #expect(fixture.outputs.count < 100)
            fixture.outputs = []
        }
        let run = fixture.hub.run(from: fixture.now, for: .seconds(120))
        #expect(run.brokenLaws.isEmpty)
    }
}
