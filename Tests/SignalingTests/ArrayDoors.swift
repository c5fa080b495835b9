import Signaling
import Wire

// A span must not appear inside a test macro, so these take arrays.

func hexBytes(_ hex: String) -> [UInt8] { Hex.decode(hex) ?? [] }

extension WebSocketFrameHeader {
    static func parse(_ bytes: [UInt8]) throws(WebSocketViolation) -> WebSocketFrameHeader? {
        try parse(bytes.span)
    }
}

extension HTTPHeadReader {
    mutating func append(_ bytes: [UInt8]) throws(HTTPHeadError) -> HTTPHead? {
        try append(bytes.span)
    }
}

extension WebSocketMessageReader {
    mutating func append(_ bytes: [UInt8]) { append(bytes.span) }
}

extension UTF8Validator {
    mutating func accept(_ bytes: [UInt8]) -> Bool { accept(bytes.span) }
}

extension WebSocketConnection {
    mutating func receive(_ bytes: [UInt8], at now: Instant) { receive(bytes.span, at: now) }
}

extension SignalingHub {
    mutating func receive(
        _ bytes: [UInt8],
        from connection: SignalingConnectionID,
        at now: Instant
    ) {
        receive(bytes.span, from: connection, at: now)
    }
}

extension SignalingSession {
    mutating func receive(_ bytes: [UInt8], at now: Instant) { receive(bytes.span, at: now) }
}
