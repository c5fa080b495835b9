import Signaling
import Testing
import Wire

/// Recorded sessions of other implementations: `Fixtures/websocket/ORIGIN.md`.
@Suite("Recorded WebSockets, RFC 6455")
struct WebSocketCaptureTests {
    static let names = [
        "websocket", "websocket-ping", "websocket-control-frag", "websocket-compressed",
    ]

    static func read(
        _ name: String,
        from sender: WebSocketRole
    ) throws -> (items: [WebSocketMessageReader.Item], violation: WebSocketViolation?) {
        let side = sender == .client ? "client" : "server"
        let frames = try Fixture.recording("\(name).\(side)").frames
        var reader = WebSocketMessageReader(
            from: sender,
            maximumMessageSize: 65_536,
            maximumFragments: 16
        )
        reader.append(frames)
        var items: [WebSocketMessageReader.Item] = []
        do throws(WebSocketViolation) {
            while let item = try reader.next() { items.append(item) }
            return (items, nil)
        } catch {
            return (items, error)
        }
    }

    static func text(_ text: String) -> WebSocketMessageReader.Item { .text(Array(text.utf8)) }

    /// One of the recordings was made with a key of 18 bytes.
    @Test(
        "requests and responses belong together",
        arguments: ["websocket", "websocket-ping", "websocket-compressed"]
    )
    func handshakes(name: String) throws {
        var requests = HTTPHeadReader()
        let request = try #require(
            try requests.append(try Fixture.recording("\(name).client").head)
        )
        let key = try WebSocketHandshake.check(request: request)
        var responses = HTTPHeadReader()
        let response = try #require(
            try responses.append(try Fixture.recording("\(name).server").head)
        )
        #expect(
            response.values(of: "Sec-WebSocket-Accept") == [WebSocketHandshake.accept(for: key)]
        )
    }

    @Test func aBrowserAndAnEchoServiceAreUnderstood() throws {
        let client = try Self.read("websocket", from: .client)
        #expect(client.violation == nil)
        #expect(
            client.items == [
                Self.text("version,"), Self.text("echo,test message"), Self.text("timer,"),
            ]
        )
        let server = try Self.read("websocket", from: .server)
        #expect(server.violation == nil)
        #expect(server.items.count == 14)
        #expect(server.items.first == Self.text("connected,"))
        #expect(server.items.last == Self.text("time,2023/11/10 05:56:21"))
    }

    @Test func aPingBetweenFragmentsIsUnderstood() throws {
        let client = try Self.read("websocket-control-frag", from: .client)
        #expect(client.violation == nil)
        #expect(client.items.first == .ping(Array("ping".utf8)))
        #expect(client.items.count == 2)
        let server = try Self.read("websocket-control-frag", from: .server)
        #expect(server.items == [.pong(Array("ping".utf8))])
    }

    @Test func anUnmaskedPingIsRefused() throws {
        #expect(try Self.read("websocket-ping", from: .client).violation == .unmaskedByClient)
        #expect(
            try Self.read("websocket-ping", from: .server).items == [
                Self.text("\"who\""), .pong([]),
            ]
        )
    }

    @Test func compressedFramesThatNobodyOfferedAreRefused() throws {
        #expect(try Self.read("websocket-compressed", from: .server).violation == .reservedBits)
    }

    @Test("every truncation of a recording is an unfinished session", arguments: names)
    func truncation(name: String) throws {
        let all = try Fixture.bytes("websocket/\(name).client.bin")
        for length in 0..<all.count {
            var connection = WebSocketConnection(acceptingAt: .zero)
            connection.receive(Array(all[..<length]), at: .zero)
            connection.transportClosed(at: .zero)
            var last: WebSocketConnection.Output?
            while let output = connection.popOutput() { last = output }
            guard case .closed? = last else {
                Issue.record("\(length) bytes: the last output is \(String(describing: last))")
                return
            }
        }
    }
}
