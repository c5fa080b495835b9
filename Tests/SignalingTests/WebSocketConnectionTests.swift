import Signaling
import Support
import Testing
import Wire

/// A client and a server joined by nothing but memory.
struct WebSocketPair {
    var client: WebSocketConnection
    var server: WebSocketConnection
    var now = Instant.zero
    var fromClient: [WebSocketConnection.Output] = []
    var fromServer: [WebSocketConnection.Output] = []

    init(_ configuration: WebSocketConfiguration = .init()) {
        client = WebSocketConnection(
            connectingTo: WebSocketURL(host: "host", port: 80),
            at: .zero,
            configuration: configuration,
            entropy: .seed(7)
        )
        server = WebSocketConnection(
            acceptingAt: .zero,
            configuration: configuration,
            entropy: .seed(8)
        )
        settle()
    }

    /// Carries bytes to and fro until both are quiet; a closed end closes the transport.
    mutating func settle() {
        var isQuiet = false
        while !isQuiet {
            isQuiet = true
            while let output = client.popOutput() {
                isQuiet = false
                fromClient.append(output)
                if case .transmit(let bytes) = output { server.receive(bytes, at: now) }
                if case .closed = output { server.transportClosed(at: now) }
            }
            while let output = server.popOutput() {
                isQuiet = false
                fromServer.append(output)
                if case .transmit(let bytes) = output { client.receive(bytes, at: now) }
                if case .closed = output { client.transportClosed(at: now) }
            }
        }
    }

    /// What came out besides bytes.
    static func events(_ outputs: [WebSocketConnection.Output]) -> [WebSocketConnection.Output] {
        outputs.filter { if case .transmit = $0 { false } else { true } }
    }

    var clientEvents: [WebSocketConnection.Output] { Self.events(fromClient) }
    var serverEvents: [WebSocketConnection.Output] { Self.events(fromServer) }
}

@Suite("WebSocket connection, RFC 6455")
struct WebSocketConnectionTests {
    /// A server that has accepted a client.
    static func openServer(
        _ configuration: WebSocketConfiguration = .init()
    ) -> WebSocketConnection {
        var server = WebSocketConnection(
            acceptingAt: .zero,
            configuration: configuration,
            entropy: .seed(1)
        )
        let request = WebSocketHandshake.request(
            to: WebSocketURL(host: "h", port: 80),
            key: "dGhlIHNhbXBsZSBub25jZQ=="
        )
        server.receive(request.bytes, at: .zero)
        while server.popOutput() != nil {}
        return server
    }

    static func masked(_ frame: WebSocketFrame) -> [UInt8] {
        frame.encoded(maskingKey: 0x0102_0304)
    }

    static func outputs(of machine: inout WebSocketConnection) -> [WebSocketConnection.Output] {
        var outputs: [WebSocketConnection.Output] = []
        while let output = machine.popOutput() { outputs.append(output) }
        return outputs
    }

    @Test func opensAndCarriesMessagesBothWays() throws {
        var pair = WebSocketPair()
        #expect(pair.client.isOpen && pair.server.isOpen)
        try pair.client.send("grüße")
        try pair.server.send([1, 2, 3])
        try pair.client.ping([9])
        pair.settle()
        #expect(pair.serverEvents == [.opened, .text("grüße")])
        #expect(pair.clientEvents == [.opened, .binary([1, 2, 3]), .pong([9])])
        #expect(pair.client.deadline == nil && pair.server.deadline == nil)
    }

    @Test func theServerEndsTheTransportAndTheClientWaitsForIt() throws {
        for closesClient in [true, false] {
            var pair = WebSocketPair()
            if closesClient {
                pair.client.close(.goingAway, reason: "bye", at: .zero)
            } else {
                pair.server.close(.goingAway, reason: "bye", at: .zero)
            }
            #expect(throws: WebSocketSendError.notOpen) {
                closesClient ? try pair.client.send("late") : try pair.server.send("late")
            }
            pair.settle()
            let ours = WebSocketConnection.Output.closed(.requested(.goingAway))
            let theirs = WebSocketConnection.Output.closed(.byPeer(.goingAway, reason: "bye"))
            #expect(pair.clientEvents.last == (closesClient ? ours : theirs))
            #expect(pair.serverEvents.last == (closesClient ? theirs : ours))
            #expect(pair.client.deadline == nil && pair.server.deadline == nil)
        }
    }

    @Test func aHandshakeThatIsNotFinishedIsCutOffAtTenSeconds() {
        var server = WebSocketConnection(acceptingAt: .zero)
        server.receive(Array("GET / HTTP/1.1\r\nHost: x\r\n".utf8), at: .zero)
        let run = server.run(for: .seconds(60))
        #expect(run.brokenLaws.isEmpty)
        #expect(run.outputs.map(\.at) == [Instant.zero.advanced(by: .seconds(10))] * 2)
        #expect(run.outputs.last?.output == .closed(.handshakeFailed(.timedOut)))
    }

    @Test func aClientGivesUpOnASilentServerAtTenSeconds() {
        var client = WebSocketConnection(
            connectingTo: WebSocketURL(host: "h", port: 80),
            at: .zero
        )
        let run = client.run(for: .seconds(60))
        #expect(run.brokenLaws.isEmpty)
        #expect(run.outputs.last?.at == Instant.zero.advanced(by: .seconds(10)))
        #expect(run.outputs.last?.output == .closed(.handshakeFailed(.timedOut)))
    }

    @Test func aCloseThatIsNotAnsweredEndsAfterTwoSeconds() {
        var server = Self.openServer()
        server.close(at: .zero)
        let run = server.run(for: .seconds(60))
        #expect(run.brokenLaws.isEmpty)
        #expect(run.outputs.last?.at == Instant.zero.advanced(by: .seconds(2)))
        #expect(run.outputs.last?.output == .closed(.requested(.normal)))
    }

    @Test(
        "a broken rule is answered with its code, and nothing is read afterwards",
        arguments: [
            ("81 00", WebSocketViolation.unmaskedByClient, 1_002 as UInt16),
            ("81 81 00000000 FF", .invalidUTF8, 1_007),
            ("81 FF 0000000000100001", .messageTooBig(limit: 1_048_576), 1_009),
            ("C1 80 00000000", .reservedBits, 1_002),
        ]
    )
    func violations(hex: String, violation: WebSocketViolation, code: UInt16) throws {
        var server = Self.openServer()
        server.receive((hexBytes(hex) + Self.masked(.init(.text, [0x61]))), at: .zero)
        let outputs = Self.outputs(of: &server)
        try #require(outputs.count == 1)
        guard case .transmit(let frame) = outputs[0] else { return }
        #expect(frame[0] == 0x88)
        #expect(UInt16(frame[2]) << 8 | UInt16(frame[3]) == code)
        #expect(!server.isOpen && server.isEnding)

        server.receive(Self.masked(.init(.text, [0x61])), at: .zero)
        #expect(server.popOutput() == nil)
        let run = server.run(for: .seconds(60))
        #expect(run.brokenLaws.isEmpty)
        #expect(run.outputs.map(\.output) == [.closed(.violation(violation))])
        #expect(run.outputs.map(\.at) == [Instant.zero.advanced(by: .seconds(1))])
    }

    @Test func plainHTTPIsToldToUpgrade() throws {
        var server = WebSocketConnection(acceptingAt: .zero)
        server.receive(Array("GET / HTTP/1.1\r\nHost: x\r\n\r\n".utf8), at: .zero)
        let outputs = Self.outputs(of: &server)
        guard case .transmit(let bytes)? = outputs.first else {
            Issue.record("nothing was answered")
            return
        }
        let answer = String(decoding: bytes, as: UTF8.self)
        #expect(answer.hasPrefix("HTTP/1.1 426 Upgrade Required\r\n"))
        #expect(answer.contains("\r\n\r\nThis is a WebSocket server"))
        #expect(outputs.last == .closed(.handshakeFailed(.upgradeMissing)))
        #expect(server.deadline == nil)
    }

    @Test func framesBehindTheRequestAreNotLost() {
        var server = WebSocketConnection(acceptingAt: .zero)
        let request = WebSocketHandshake.request(
            to: WebSocketURL(host: "h", port: 80),
            key: "dGhlIHNhbXBsZSBub25jZQ=="
        )
        server.receive(
            (request.bytes + Self.masked(.init(.text, [0x61]))),
            at: .zero
        )
        #expect(WebSocketPair.events(Self.outputs(of: &server)) == [.opened, .text("a")])
    }

    @Test func pingsAreAnsweredWithTheirPayload() {
        var server = Self.openServer()
        server.receive(Self.masked(.init(.ping, [1, 2])), at: .zero)
        #expect(server.popOutput() == .transmit([0x8A, 0x02, 1, 2]))
    }

    @Test func longReasonsAreCutBetweenCharacters() throws {
        var server = Self.openServer()
        server.close(.policyViolation, reason: String(repeating: "é", count: 200), at: .zero)
        guard case .transmit(let frame)? = server.popOutput() else { return }
        #expect(frame[1] == 124)
        #expect(String(validating: frame[4...], as: UTF8.self)?.count == 61)
    }

    @Test func aLostTransportIsReportedOnce() {
        var server = Self.openServer()
        server.transportClosed(at: .zero)
        server.transportClosed(at: .zero)
        #expect(Self.outputs(of: &server) == [.closed(.transportLost)])
    }

    @Test func closingTwiceSendsOneFrame() {
        var server = Self.openServer()
        server.close(at: .zero)
        server.close(at: .zero)
        #expect(Self.outputs(of: &server).count == 1)
    }

    @Test("noise at any door gives a finite number of outputs", arguments: 0..<100 as Range<UInt64>)
    func noise(seed: UInt64) {
        var entropy = Entropy.seed(seed)
        var server = seed % 2 == 0 ? Self.openServer() : WebSocketConnection(acceptingAt: .zero)
        var now = Instant.zero
        for _ in 0..<40 {
            server.receive(entropy.bytes(30).map { $0 & 0x8F }, at: now)
            now = now.advanced(by: .milliseconds(100))
            server.advance(to: now)
            #expect(Self.outputs(of: &server).count <= 31)
        }
        let run = server.run(from: now, for: .seconds(60))
        #expect(run.brokenLaws.isEmpty)
    }
}

/// `count` times the same elements.
func * <Element>(elements: [Element], count: Int) -> [Element] {
    (0..<count).flatMap { _ in elements }
}
