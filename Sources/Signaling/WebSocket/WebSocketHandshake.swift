import Digests
public import Wire

/// The opening handshake (RFC 6455 §4).
public enum WebSocketHandshake {
    /// A nonce for Sec-WebSocket-Key: 16 random bytes in base64.
    public static func key(using entropy: inout Entropy) -> String {
        Base64.encode(entropy.bytes(16))
    }

    /// The value of Sec-WebSocket-Accept that proves `key` was read (RFC 6455 §4.2.2).
    public static func accept(for key: String) -> String {
        Base64.encode(HashFunction.sha1.hash(Array((key + uniqueIdentifier).utf8).span))
    }

    /// What a client sends first (RFC 6455 §4.1).
    public static func request(to url: WebSocketURL, key: String) -> HTTPHead {
        HTTPHead(
            startLine: "GET \(url.path) HTTP/1.1",
            fields: [
                .init("Host", url.hostField),
                .init("Upgrade", "websocket"),
                .init("Connection", "Upgrade"),
                .init("Sec-WebSocket-Key", key),
                .init("Sec-WebSocket-Version", "13"),
            ]
        )
    }

    /// What a server sends to go on with the WebSocket protocol (RFC 6455 §4.2.2).
    public static func acceptance(of key: String) -> HTTPHead {
        HTTPHead(
            startLine: "HTTP/1.1 101 Switching Protocols",
            fields: [
                .init("Upgrade", "websocket"),
                .init("Connection", "Upgrade"),
                .init("Sec-WebSocket-Accept", accept(for: key)),
            ]
        )
    }

    /// Reads a client's request (RFC 6455 §4.2.1) and returns its key.
    public static func check(request: HTTPHead) throws(WebSocketHandshakeError) -> String {
        let words = request.startLine.split(separator: " ", omittingEmptySubsequences: false)
        guard words.count == 3, words[2].hasPrefix("HTTP/1."), words[2] != "HTTP/1.0" else {
            throw .malformedHead
        }
        guard words[0] == "GET" else { throw .methodNotAllowed }
        guard request.lists("websocket", in: "Upgrade"), request.lists("upgrade", in: "Connection")
        else { throw .upgradeMissing }
        guard request.values(of: "Sec-WebSocket-Version") == ["13"] else {
            throw .versionNotSupported
        }
        guard !request.values(of: "Host").isEmpty else { throw .hostMissing }
        let keys = request.values(of: "Sec-WebSocket-Key")
        guard keys.count == 1, Base64.decode(keys[0])?.count == 16 else { throw .keyInvalid }
        return keys[0]
    }

    /// Checks a server's response (RFC 6455 §4.1, the list after "Once the client's opening
    /// handshake has been sent").
    public static func check(
        response: HTTPHead,
        key: String
    ) throws(WebSocketHandshakeError) {
        let words = response.startLine.split(separator: " ", maxSplits: 2)
        guard words.count >= 2, words[0].hasPrefix("HTTP/1."), let status = Int(words[1]) else {
            throw .malformedHead
        }
        guard status == 101 else { throw .refused(status: status) }
        guard response.lists("websocket", in: "Upgrade"),
            response.lists("upgrade", in: "Connection")
        else { throw .upgradeMissing }
        guard response.values(of: "Sec-WebSocket-Accept") == [accept(for: key)] else {
            throw .acceptWrong
        }
        guard response.values(of: "Sec-WebSocket-Extensions").isEmpty,
            response.values(of: "Sec-WebSocket-Protocol").isEmpty
        else { throw .extensionNotOffered }
    }

    /// What a server answers to a request it refuses: a status and one line that says why.
    public static func refusal(of error: WebSocketHandshakeError) -> [UInt8] {
        var fields = [
            HTTPHead.Field("Content-Type", "text/plain; charset=utf-8"),
            HTTPHead.Field("Connection", "close"),
        ]
        let status: String
        switch error {
        case .upgradeMissing, .versionNotSupported:
            // RFC 9110 §15.5.22: 426 carries an Upgrade field; RFC 6455 §4.4 names the version.
            status = "426 Upgrade Required"
            fields += [.init("Upgrade", "websocket"), .init("Sec-WebSocket-Version", "13")]
        case .methodNotAllowed:
            status = "405 Method Not Allowed"
            fields.append(.init("Allow", "GET"))
        case .headTooLarge: status = "431 Request Header Fields Too Large"
        case .serverFull: status = "503 Service Unavailable"
        case .timedOut: status = "408 Request Timeout"
        case .malformedHead, .hostMissing, .keyInvalid, .refused, .acceptWrong,
            .extensionNotOffered:
            status = "400 Bad Request"
        }
        let body = Array("\(error)\n".utf8)
        fields.append(.init("Content-Length", String(body.count)))
        return HTTPHead(startLine: "HTTP/1.1 \(status)", fields: fields).bytes + body
    }
}

/// Why a handshake failed.
public enum WebSocketHandshakeError: Error, Hashable, Sendable {
    case malformedHead
    case headTooLarge
    case methodNotAllowed
    case upgradeMissing
    case versionNotSupported
    case hostMissing
    case keyInvalid
    /// The server answered with another status than 101.
    case refused(status: Int)
    case acceptWrong
    case extensionNotOffered
    case serverFull
    case timedOut
}

extension WebSocketHandshakeError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .malformedHead: "This is not an HTTP/1.1 message."
        case .headTooLarge: "The HTTP head is too large."
        case .methodNotAllowed: "A WebSocket is opened with GET."
        case .upgradeMissing:
            "This is a WebSocket server: connect with a WebSocket client (ws://), not with plain HTTP."
        case .versionNotSupported: "Only version 13 of the WebSocket protocol is spoken here."
        case .hostMissing: "The Host field is missing."
        case .keyInvalid: "Sec-WebSocket-Key must be 16 bytes in base64."
        case .refused(let status): "The server refused the WebSocket with HTTP status \(status)."
        case .acceptWrong:
            "Sec-WebSocket-Accept does not match: the other side is not a WebSocket server."
        case .extensionNotOffered: "The server chose an extension or protocol nobody offered."
        case .serverFull: "The server is full; try again later."
        case .timedOut: "The WebSocket handshake was not finished in time."
        }
    }
}

/// RFC 6455 §1.3.
private let uniqueIdentifier = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
