import Signaling
import Support
import Testing
import Wire

/// Sessions joined to a hub by memory.
struct SessionFixture {
    var hub = SignalingHub(entropy: .seed(1))
    var sessions: [SignalingSession] = []
    var connections: [SignalingConnectionID] = []
    var outputs: [[SignalingSession.Output]] = []
    var now = Instant.zero

    /// Connects and registers; returns the index of the new session.
    mutating func connect(as id: String) -> Int {
        sessions.append(
            SignalingSession(
                connectingTo: WebSocketURL(host: "h", port: 80),
                as: id,
                at: now,
                entropy: .seed(UInt64(sessions.count))
            )
        )
        connections.append(hub.connect(at: now))
        outputs.append([])
        settle()
        return sessions.count - 1
    }

    mutating func send(
        _ content: SignalingMessage.Content,
        from index: Int,
        to target: String
    ) throws {
        try sessions[index].send(content, to: target, at: now)
        settle()
    }

    mutating func close(_ index: Int) {
        sessions[index].close(at: now)
        settle()
    }

    /// Carries bytes to and fro until nobody has anything to say.
    mutating func settle() {
        var isQuiet = false
        while !isQuiet {
            isQuiet = true
            for index in sessions.indices {
                while let output = sessions[index].popOutput() {
                    isQuiet = false
                    guard case .transmit(let bytes) = output else {
                        outputs[index].append(output)
                        continue
                    }
                    hub.receive(bytes, from: connections[index], at: now)
                }
            }
            while let output = hub.popOutput() {
                isQuiet = false
                switch output {
                case .transmit(let bytes, let connection):
                    guard let index = connections.firstIndex(of: connection) else { break }
                    sessions[index].receive(bytes, at: now)
                case .close(let connection), .abort(let connection):
                    guard let index = connections.firstIndex(of: connection) else { break }
                    sessions[index].transportClosed(at: now)
                    hub.transportClosed(of: connection, at: now)
                case .event: break
                }
            }
        }
    }

    func messages(of index: Int) -> [SignalingMessage] {
        outputs[index].compactMap { if case .message(let message) = $0 { message } else { nil } }
    }
}

@Suite("Signaling session")
struct SignalingSessionTests {
    @Test func registersAndExchangesACall() throws {
        var fixture = SessionFixture()
        let left = fixture.connect(as: "left")
        let right = fixture.connect(as: "right")
        #expect(fixture.outputs[left] == [.registered])
        try fixture.send(.candidate("early", mid: "0"), from: left, to: "right")
        try fixture.send(.offer("v=0\r\n"), from: left, to: "right")
        try fixture.send(.offer("v=0\r\n"), from: left, to: "right")
        try fixture.send(.answer("v=0\r\n"), from: right, to: "left")
        try fixture.send(.disconnect, from: right, to: "left")
        #expect(
            fixture.messages(of: right).map(\.content) == [
                .offer("v=0\r\n"), .candidate("early", mid: "0"),
            ]
        )
        #expect(fixture.messages(of: right).map(\.sender) == ["left", "left"])
        #expect(fixture.messages(of: left).map(\.content) == [.answer("v=0\r\n"), .disconnect])
    }

    @Test func aTakenIDIsATypedEnd() {
        var fixture = SessionFixture()
        _ = fixture.connect(as: "left")
        let second = fixture.connect(as: "left")
        guard case .ended(.idTaken(let text))? = fixture.outputs[second].last else {
            Issue.record("\(fixture.outputs[second])")
            return
        }
        #expect(text.contains("\"left\" belongs to another connection"))
        #expect(fixture.outputs[second].count == 1)
        #expect(fixture.hub.registeredIDs == ["left"])
    }

    @Test func anotherRefusalIsTypedToo() {
        var fixture = SessionFixture()
        let index = fixture.connect(as: "")
        guard case .ended(.refused(.malformed, _))? = fixture.outputs[index].last else {
            Issue.record("\(fixture.outputs[index])")
            return
        }
    }

    @Test func closingFreesTheID() {
        var fixture = SessionFixture()
        let left = fixture.connect(as: "left")
        fixture.close(left)
        #expect(fixture.outputs[left].last == .ended(.closed))
        #expect(fixture.hub.registeredIDs == [])
        #expect(fixture.sessions[left].deadline == nil)
        #expect(throws: SignalingSendError.notConnected) {
            try fixture.sessions[left].send(.disconnect, to: "right", at: .zero)
        }
    }

    @Test func errorsAboutAMessageAreMessages() throws {
        var fixture = SessionFixture()
        let left = fixture.connect(as: "left")
        try fixture.send(.offer("v=0"), from: left, to: "nobody")
        guard case .error(.unknownTarget, _)? = fixture.messages(of: left).last?.content else {
            Issue.record("\(fixture.outputs[left])")
            return
        }
        #expect(fixture.messages(of: left).last?.sender == nil)
    }

    @Test func tooLargeIsRefusedBeforeItIsSent() {
        var fixture = SessionFixture()
        let left = fixture.connect(as: "left")
        let sdp = String(repeating: "x", count: 300_000)
        #expect(throws: SignalingSendError.tooLarge(limit: 262_144)) {
            try fixture.sessions[left].send(.offer(sdp), to: "right", at: .zero)
        }
    }

    @Test func aSilentServerIsPingedAndGivenUpAtThirtySeconds() {
        var fixture = SessionFixture()
        let left = fixture.connect(as: "left")
        let run = fixture.sessions[left].run(for: .seconds(120))
        #expect(run.brokenLaws.isEmpty)
        #expect(run.outputs.first?.at == Instant.zero.advanced(by: .seconds(15)))
        #expect(run.outputs.last?.output == .ended(.silent))
        // 30 s of silence, and 2 s for an answer to the Close frame.
        #expect(run.outputs.last?.at == Instant.zero.advanced(by: .seconds(32)))
    }

    @Test func aServerThatDoesNotAnswerTheRegistrationIsGivenUp() throws {
        var session = SignalingSession(
            connectingTo: WebSocketURL(host: "h", port: 80),
            as: "left",
            at: .zero,
            entropy: .seed(1)
        )
        guard case .transmit(let request)? = session.popOutput() else { return }
        var reader = HTTPHeadReader()
        let head = try #require(try reader.append(request))
        let key = try WebSocketHandshake.check(request: head)
        session.receive(WebSocketHandshake.acceptance(of: key).bytes, at: .zero)
        let run = session.run(for: .seconds(120))
        #expect(run.brokenLaws.isEmpty)
        #expect(run.outputs.last?.output == .ended(.noAnswer))
        #expect(run.outputs.last?.at == Instant.zero.advanced(by: .seconds(12)))
    }

    @Test func aServerThatBringsNobodyItsOwnMessagesIsTrustedAfterASecond() throws {
        var session = SignalingSession(
            connectingTo: WebSocketURL(host: "h", port: 80),
            as: "left",
            at: .zero,
            entropy: .seed(1)
        )
        guard case .transmit(let request)? = session.popOutput() else { return }
        var reader = HTTPHeadReader()
        let head = try #require(try reader.append(request))
        let key = try WebSocketHandshake.check(request: head)
        session.receive(WebSocketHandshake.acceptance(of: key).bytes + [0x8A, 0x00], at: .zero)
        let run = session.run(for: .seconds(2))
        #expect(run.brokenLaws.isEmpty)
        #expect(run.outputs.last?.output == .registered)
        #expect(run.outputs.last?.at == Instant.zero.advanced(by: .seconds(1)))
    }

    @Test func aServerThatIsNoneIsNamed() {
        var session = SignalingSession(
            connectingTo: WebSocketURL(host: "h", port: 80),
            as: "left",
            at: .zero
        )
        _ = session.popOutput()
        session.receive(Array("HTTP/1.1 404 Not Found\r\n\r\n".utf8), at: .zero)
        #expect(session.popOutput() == .ended(.lost(.handshakeFailed(.refused(status: 404)))))
        #expect(session.deadline == nil)
    }

    @Test(
        "what a peer sends wrongly becomes an error that names it",
        arguments: [
            #"{"type":"offer","id":"left","targetId":"right"}"#,
            #"{"type":"sdp","id":"left","targetId":"right","sdp":"v=0"}"#,
        ]
    )
    func peersMistakes(text: String) {
        var fixture = SessionFixture()
        let right = fixture.connect(as: "right")
        let frame = WebSocketFrame(.text, Array(text.utf8)).encoded(maskingKey: nil)
        fixture.sessions[right].receive(frame, at: .zero)
        fixture.settle()
        let message = fixture.messages(of: right).last
        guard case .error(.malformed, _)? = message?.content else {
            Issue.record("\(fixture.outputs[right])")
            return
        }
        #expect(message?.sender == "left")
    }
}
