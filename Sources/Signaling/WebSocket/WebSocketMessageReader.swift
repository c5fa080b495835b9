import Wire

/// Which end of a connection this is (RFC 6455 §1.3); only clients mask.
public enum WebSocketRole: Sendable { case client, server }

/// Turns the bytes of one direction into messages and control frames (RFC 6455 §5).
///
/// It holds at most one message and one frame of the configured size.
package struct WebSocketMessageReader: Sendable {
    package enum Item: Hashable, Sendable {
        case text([UInt8])
        case binary([UInt8])
        case ping([UInt8])
        case pong([UInt8])
        case close(WebSocketCloseCode, reason: String)
    }

    private let sender: WebSocketRole
    private let maximumMessageSize: Int
    private let maximumFragments: Int
    private var buffer: [UInt8] = []
    private var start = 0
    private var message: PartialMessage?

    /// A message of which some fragments have arrived.
    private struct PartialMessage: Sendable {
        var isText: Bool
        var payload: [UInt8] = []
        var fragments = 0
        var validator = UTF8Validator()
    }

    /// Reads what `sender` sends.
    package init(from sender: WebSocketRole, maximumMessageSize: Int, maximumFragments: Int) {
        self.sender = sender
        self.maximumMessageSize = maximumMessageSize
        self.maximumFragments = maximumFragments
    }

    /// Takes in bytes; call ``next()`` until it returns nil afterwards.
    package mutating func append(_ bytes: Span<UInt8>) {
        if start > 0 {
            buffer.removeSubrange(0..<start)
            start = 0
        }
        buffer.append(copying: bytes)
    }

    /// Throws everything away, for a connection that will read no more.
    package mutating func discard() {
        buffer = []
        start = 0
        message = nil
    }

    /// The next complete message or control frame; nil when more bytes are needed.
    package mutating func next() throws(WebSocketViolation) -> Item? {
        while let frame = try nextFrame() {
            if let item = try accept(frame) { return item }
        }
        return nil
    }

    private mutating func nextFrame() throws(WebSocketViolation) -> WebSocketFrame? {
        guard let (frame, length) = try peekFrame() else { return nil }
        start += length
        return frame
    }

    /// The frame at the front and how many bytes it takes; nil when it is not complete.
    private func peekFrame() throws(WebSocketViolation) -> (WebSocketFrame, Int)? {
        let unread = buffer.span.extracting(start..<buffer.count)
        guard let header = try WebSocketFrameHeader.parse(unread) else { return nil }
        try check(header)
        let headerLength = header.encodedLength
        guard unread.count - headerLength >= header.payloadLength else { return nil }
        let length = headerLength + header.payloadLength
        let payload = unread.extracting(headerLength..<length)
        let bytes = [UInt8](masking: payload, with: header.maskingKey ?? 0)
        return (WebSocketFrame(header.opcode, bytes, isFinal: header.isFinal), length)
    }

    /// Refuses a frame by its header, before room is made for its payload.
    private func check(_ header: WebSocketFrameHeader) throws(WebSocketViolation) {
        switch sender {
        case .client: guard header.maskingKey != nil else { throw .unmaskedByClient }
        case .server: guard header.maskingKey == nil else { throw .maskedByServer }
        }
        guard !header.opcode.isControl else { return }
        if header.opcode == .continuation {
            guard message != nil else { throw .unexpectedContinuation }
        } else {
            guard message == nil else { throw .expectedContinuation }
        }
        let collected = message?.payload.count ?? 0
        guard header.payloadLength <= maximumMessageSize - collected else {
            throw .messageTooBig(limit: maximumMessageSize)
        }
        guard (message?.fragments ?? 0) < maximumFragments else {
            throw .tooManyFragments(limit: maximumFragments)
        }
    }

    private mutating func accept(_ frame: WebSocketFrame) throws(WebSocketViolation) -> Item? {
        switch frame.opcode {
        case .ping: return .ping(frame.payload)
        case .pong: return .pong(frame.payload)
        case .close: return try Self.close(frame.payload)
        case .text, .binary, .continuation: return try extendMessage(with: frame)
        }
    }

    private mutating func extendMessage(
        with frame: WebSocketFrame
    ) throws(WebSocketViolation) -> Item? {
        // `check` has made sure that a continuation continues something and nothing else does.
        var partial = message.take() ?? PartialMessage(isText: frame.opcode == .text)
        if partial.isText, !partial.validator.accept(frame.payload.span) { throw .invalidUTF8 }
        partial.fragments += 1
        if partial.payload.isEmpty {
            partial.payload = frame.payload
        } else {
            partial.payload.append(contentsOf: frame.payload)
        }
        guard frame.isFinal else {
            message = partial
            return nil
        }
        guard partial.isText else { return .binary(partial.payload) }
        guard partial.validator.isComplete else { throw .invalidUTF8 }
        return .text(partial.payload)
    }

    /// RFC 6455 §5.5.1: nothing, or a code and a reason in UTF-8.
    private static func close(_ payload: [UInt8]) throws(WebSocketViolation) -> Item {
        guard !payload.isEmpty else { return .close(.noStatus, reason: "") }
        guard payload.count >= 2 else { throw .invalidClose }
        let code = WebSocketCloseCode(rawValue: UInt16(payload[0]) << 8 | UInt16(payload[1]))
        guard code.mayBeSent else { throw .invalidClose }
        guard let reason = String(validating: payload[2...], as: UTF8.self) else {
            throw .invalidUTF8
        }
        return .close(code, reason: reason)
    }
}
