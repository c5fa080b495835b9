import Signaling
import Testing
import Wire

@Suite("WebSocket opening handshake, RFC 6455 §4")
struct WebSocketHandshakeTests {
    static func head(_ text: String) throws -> HTTPHead? {
        var reader = HTTPHeadReader()
        return try reader.append(Array(text.replacing("\n", with: "\r\n").utf8))
    }

    static let request = """
        GET /chat HTTP/1.1
        Host: server.example.com
        Upgrade: websocket
        Connection: Upgrade
        Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==
        Sec-WebSocket-Version: 13


        """

    @Test func acceptIsTheOneOfTheRFC() {
        // RFC 6455 §1.3.
        let accept = WebSocketHandshake.accept(for: "dGhlIHNhbXBsZSBub25jZQ==")
        #expect(accept == "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=")
    }

    @Test func keysAreSixteenBytes() {
        var entropy = Entropy.seed(1)
        let key = WebSocketHandshake.key(using: &entropy)
        #expect(Base64.decode(key)?.count == 16)
    }

    @Test(
        "base64 of RFC 4648 §10",
        arguments: [
            ("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="), ("foobar", "Zm9vYmFy"),
        ]
    )
    func base64(plain: String, coded: String) {
        #expect(Base64.encode(Array(plain.utf8)) == coded)
        #expect(Base64.decode(coded) == Array(plain.utf8))
    }

    @Test(
        "text that is no base64 is refused",
        arguments: ["Z", "Zg=", "Zg===", "=Zg=", "Z?==", "===="]
    )
    func base64Refused(text: String) {
        #expect(Base64.decode(text) == nil)
    }

    @Test func theRequestOfTheRFCIsAccepted() throws {
        let head = try #require(try Self.head(Self.request))
        #expect(try WebSocketHandshake.check(request: head) == "dGhlIHNhbXBsZSBub25jZQ==")
    }

    @Test(
        "what browsers write differently is accepted",
        arguments: [
            ("Connection: Upgrade", "Connection: keep-alive, Upgrade"),
            ("Upgrade: websocket", "UPGRADE: WebSocket"),
            ("Connection: Upgrade", "connection:upgrade"),
            ("Host: server.example.com", "Host: a\nOrigin: https://b\nCookie: x=y"),
        ]
    )
    func tolerance(line: String, other: String) throws {
        let head = try #require(try Self.head(Self.request.replacing(line, with: other)))
        #expect(try WebSocketHandshake.check(request: head) == "dGhlIHNhbXBsZSBub25jZQ==")
    }

    @Test(
        "a request that is not right is refused by name",
        arguments: [
            ("GET /chat", "POST /chat", WebSocketHandshakeError.methodNotAllowed, "405"),
            ("HTTP/1.1", "HTTP/1.0", .malformedHead, "400"),
            ("GET /chat HTTP/1.1", "hello", .malformedHead, "400"),
            ("Upgrade: websocket\n", "", .upgradeMissing, "426"),
            ("Connection: Upgrade", "Connection: close", .upgradeMissing, "426"),
            ("Version: 13", "Version: 8", .versionNotSupported, "426"),
            ("Host: server.example.com\n", "", .hostMissing, "400"),
            ("dGhlIHNhbXBsZSBub25jZQ==", "short", .keyInvalid, "400"),
            ("dGhlIHNhbXBsZSBub25jZQ==", "Zm9v", .keyInvalid, "400"),
        ]
    )
    func refused(
        part: String,
        other: String,
        error: WebSocketHandshakeError,
        status: String
    ) throws {
        let head = try #require(try Self.head(Self.request.replacing(part, with: other)))
        #expect(throws: error) { try WebSocketHandshake.check(request: head) }
        let refusal = String(decoding: WebSocketHandshake.refusal(of: error), as: UTF8.self)
        #expect(refusal.hasPrefix("HTTP/1.1 \(status) "))
    }

    @Test(
        "a head that is none is refused",
        arguments: [
            ("GET / HTTP/1.1\n folded: x\n\n", HTTPHeadError.malformedLine(1)),
            ("GET / HTTP/1.1\nno colon\n\n", .malformedLine(1)),
            ("GET / HTTP/1.1\nspace : x\n\n", .malformedLine(1)),
            ("GET / HTTP/1.1\n: x\n\n", .malformedLine(1)),
            ("GET / HTTP/1.1\na: \u{1}\n\n", .malformedLine(1)),
            ("GET\u{0} / HTTP/1.1\n\n", .malformedLine(0)),
        ]
    )
    func malformedHeads(text: String, error: HTTPHeadError) {
        #expect(throws: error) { try Self.head(text) }
    }

    @Test func aHeadWithoutEndIsStopped() throws {
        var reader = HTTPHeadReader(limit: 100)
        #expect(try reader.append([UInt8](repeating: 0x61, count: 100)) == nil)
        #expect(throws: HTTPHeadError.tooLarge(limit: 100)) { try reader.append([0x61]) }
    }

    @Test func fieldsWithoutEndAreStopped() {
        let text = "GET / HTTP/1.1\n" + String(repeating: "a: b\n", count: 101) + "\n"
        #expect(throws: HTTPHeadError.tooManyFields(limit: 100)) { try Self.head(text) }
    }

    @Test func whatFollowsTheHeadIsKept() throws {
        let all = Array("HTTP/1.1 101 x\r\nA: b\r\n\r\n".utf8) + [0x81, 0x00]
        for cut in 0...all.count {
            var reader = HTTPHeadReader()
            let first = try reader.append(Array(all[..<cut]))
            let rest = reader.rest
            if let first {
                #expect(first.values(of: "a") == ["b"])
                #expect(rest == Array(all[24..<cut]))
            } else {
                #expect(try reader.append(Array(all[cut...]))?.values(of: "A") == ["b"])
                #expect(reader.rest == [0x81, 0x00])
            }
        }
    }

    @Test(
        "a response that is not right is refused by name",
        arguments: [
            ("101", "200", WebSocketHandshakeError.refused(status: 200)),
            ("101", "403", .refused(status: 403)),
            ("Upgrade: websocket", "Upgrade: h2c", .upgradeMissing),
            ("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", "s3pPLMBiTxaQ9kYGzzhZRbK+xOo", .acceptWrong),
            (
                "Upgrade: websocket",
                "Upgrade: websocket\nSec-WebSocket-Extensions: permessage-deflate",
                .extensionNotOffered
            ),
            (
                "Upgrade: websocket", "Upgrade: websocket\nSec-WebSocket-Protocol: chat",
                .extensionNotOffered
            ),
            ("HTTP/1.1 101", "SMTP 101", .malformedHead),
        ]
    )
    func responses(part: String, other: String, error: WebSocketHandshakeError) throws {
        let key = "dGhlIHNhbXBsZSBub25jZQ=="
        let text = String(decoding: WebSocketHandshake.acceptance(of: key).bytes, as: UTF8.self)
            .replacing("\r\n", with: "\n")
        let right = try #require(try Self.head(text))
        #expect(throws: Never.self) { try WebSocketHandshake.check(response: right, key: key) }
        let wrong = try #require(try Self.head(text.replacing(part, with: other)))
        #expect(throws: error) { try WebSocketHandshake.check(response: wrong, key: key) }
    }
}

@Suite("WebSocket URLs, RFC 6455 §3")
struct WebSocketURLTests {
    @Test(
        "is read",
        arguments: [
            ("ws://127.0.0.1:3000", "127.0.0.1", 3_000 as UInt16, "/", "127.0.0.1:3000"),
            ("WS://example.org", "example.org", 80, "/", "example.org"),
            ("ws://[::1]:3000/a/b?c=d", "::1", 3_000, "/a/b?c=d", "[::1]:3000"),
            ("ws://[::1]", "::1", 80, "/", "[::1]"),
            ("ws://host?x", "host", 80, "/?x", "host"),
        ]
    )
    func reads(text: String, host: String, port: UInt16, path: String, field: String) throws {
        let url = try WebSocketURL(text)
        #expect(url.host == host)
        #expect(url.port == port)
        #expect(url.path == path)
        #expect(url.hostField == field)
    }

    @Test(
        "is refused with what is wrong",
        arguments: [
            ("127.0.0.1:3000", WebSocketURLError.missingScheme), ("", .missingScheme),
            ("http://host", .unknownScheme("http")),
            ("ws://", .emptyHost), ("ws://:3000", .emptyHost), ("ws://[::1", .emptyHost),
            ("ws://[]:1", .emptyHost),
            ("ws://h:", .invalidPort("")), ("ws://h:0", .invalidPort("0")),
            ("ws://h:65536", .invalidPort("65536")), ("ws://h:+1", .invalidPort("+1")),
            ("ws://[::1]x", .invalidPort("x")), ("ws://a:1:2", .invalidPort("1:2")),
            ("ws://u@h", .userInformation), ("ws://h/#x", .fragment),
            ("ws://h /", .invalidCharacter), ("ws://h\r\n/", .invalidCharacter),
            ("ws://hé/", .invalidCharacter),
        ]
    )
    func refuses(text: String, error: WebSocketURLError) {
        #expect(throws: error) { try WebSocketURL(text) }
    }

    @Test func aSecureURLHasItsOwnScheme() throws {
        let url = try WebSocketURL("wss://host/a")
        #expect(url.isSecure && url.port == 443 && url.hostField == "host")
        #expect("\(url)" == "wss://host/a")
        #expect(try WebSocketURL("WSS://host:80").hostField == "host:80")
        #expect(try !WebSocketURL("ws://host").isSecure)
    }
}
