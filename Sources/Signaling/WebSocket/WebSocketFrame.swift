import Wire

/// What a frame is for (RFC 6455 §5.2).
public enum WebSocketOpcode: UInt8, Sendable, CaseIterable {
    case continuation = 0x0
    case text = 0x1
    case binary = 0x2
    case close = 0x8
    case ping = 0x9
    case pong = 0xA

    /// Close, ping and pong, which may stand between the fragments of a message.
    public var isControl: Bool { rawValue >= 0x8 }
}

/// The part of a frame before its payload (RFC 6455 §5.2).
///
///      0                   1                   2                   3
///      0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
///     |F|R|R|R| opcode|M| Payload len |    Extended payload length    |
///     |I|S|S|S|  (4)  |A|     (7)     |            (16/64)            |
///     |N|V|V|V|       |S|             |  (if payload len==126/127)    |
///     |               Masking-key, if MASK set to 1 (32)              |
public struct WebSocketFrameHeader: Hashable, Sendable {
    /// Whether this is the last fragment of its message.
    public var isFinal: Bool
    /// What the frame is for.
    public var opcode: WebSocketOpcode
    /// The key the payload is masked with; nil when it is not masked.
    public var maskingKey: UInt32?
    /// How many bytes of payload follow.
    public var payloadLength: Int

    public init(isFinal: Bool, opcode: WebSocketOpcode, maskingKey: UInt32?, payloadLength: Int) {
        self.isFinal = isFinal
        self.opcode = opcode
        self.maskingKey = maskingKey
        self.payloadLength = payloadLength
    }

    /// How many bytes the header itself takes.
    public var encodedLength: Int {
        let lengthField = payloadLength < 126 ? 0 : payloadLength <= 0xFFFF ? 2 : 8
        return 2 + lengthField + (maskingKey == nil ? 0 : 4)
    }

    /// Reads the header at the start of `bytes`; nil when more bytes are needed.
    ///
    /// Rules are checked at the first byte that breaks them, so a fault is found before its frame
    /// has arrived.
    public static func parse(
        _ bytes: Span<UInt8>
    ) throws(WebSocketViolation) -> WebSocketFrameHeader? {
        guard bytes.count >= 1 else { return nil }
        guard bytes[0] & 0x70 == 0 else { throw .reservedBits }
        guard let opcode = WebSocketOpcode(rawValue: bytes[0] & 0x0F) else {
            throw .unknownOpcode(bytes[0] & 0x0F)
        }
        let isFinal = bytes[0] & 0x80 != 0
        guard isFinal || !opcode.isControl else { throw .fragmentedControlFrame }

        guard bytes.count >= 2 else { return nil }
        let isMasked = bytes[1] & 0x80 != 0
        let shortLength = Int(bytes[1] & 0x7F)
        guard shortLength < 126 || !opcode.isControl else { throw .controlFrameTooLong }

        let extended = shortLength < 126 ? 0 : shortLength == 126 ? 2 : 8
        guard bytes.count >= 2 + extended else { return nil }
        let length = try length(short: shortLength, extended: bytes.extracting(2..<2 + extended))

        guard isMasked else {
            return Self(isFinal: isFinal, opcode: opcode, maskingKey: nil, payloadLength: length)
        }
        guard bytes.count >= 6 + extended else { return nil }
        var key: UInt32 = 0
        for index in 2 + extended..<6 + extended { key = key << 8 | UInt32(bytes[index]) }
        return Self(isFinal: isFinal, opcode: opcode, maskingKey: key, payloadLength: length)
    }

    /// RFC 6455 §5.2: the minimal number of bytes MUST be used, and the highest bit MUST be 0.
    private static func length(
        short: Int,
        extended: Span<UInt8>
    ) throws(WebSocketViolation) -> Int {
        var number: UInt64 = 0
        for index in extended.indices { number = number << 8 | UInt64(extended[index]) }
        switch extended.count {
        case 0: return short
        case 2:
            guard number >= 126 else { throw .invalidLength }
        default:
            guard number > 0xFFFF else { throw .invalidLength }
        }
        guard let length = Int(exactly: number) else { throw .invalidLength }
        return length
    }

    /// Appends the header to `bytes`.
    public func write(to bytes: inout [UInt8]) {
        bytes.append((isFinal ? 0x80 : 0) | opcode.rawValue)
        let mask: UInt8 = maskingKey == nil ? 0 : 0x80
        switch payloadLength {
        case ..<126: bytes.append(mask | UInt8(truncatingIfNeeded: payloadLength))
        case ...0xFFFF:
            bytes.append(mask | 126)
            Self.append(UInt64(payloadLength), byteCount: 2, to: &bytes)
        default:
            bytes.append(mask | 127)
            Self.append(UInt64(payloadLength), byteCount: 8, to: &bytes)
        }
        if let maskingKey { Self.append(UInt64(maskingKey), byteCount: 4, to: &bytes) }
    }

    private static func append(_ number: UInt64, byteCount: Int, to bytes: inout [UInt8]) {
        for index in 0..<byteCount {
            bytes.append(UInt8(truncatingIfNeeded: number >> UInt64(8 * (byteCount - 1 - index))))
        }
    }
}

/// One frame: what is sent at once (RFC 6455 §5.2).
public struct WebSocketFrame: Hashable, Sendable {
    /// Whether this is the last fragment of its message.
    public var isFinal: Bool
    /// What the frame is for.
    public var opcode: WebSocketOpcode
    /// What it carries, unmasked.
    public var payload: [UInt8]

    public init(_ opcode: WebSocketOpcode, _ payload: [UInt8], isFinal: Bool = true) {
        self.opcode = opcode
        self.payload = payload
        self.isFinal = isFinal
    }

    /// The frame as it is sent: masked with `maskingKey` by a client, unmasked by a server.
    public func encoded(maskingKey: UInt32?) -> [UInt8] {
        let header = WebSocketFrameHeader(
            isFinal: isFinal,
            opcode: opcode,
            maskingKey: maskingKey,
            payloadLength: payload.count
        )
        var bytes: [UInt8] = []
        bytes.reserveCapacity(header.encodedLength + payload.count)
        header.write(to: &bytes)
        guard let maskingKey else { return bytes + payload }
        bytes.append(contentsOf: [UInt8](masking: payload.span, with: maskingKey))
        return bytes
    }
}

extension [UInt8] {
    /// `source` masked or, as it is the same, unmasked with `key` (RFC 6455 §5.3).
    package init(masking source: Span<UInt8>, with key: UInt32) {
        self.init(capacity: source.count) { output in
            var rotating = key
            for index in source.indices {
                output.append(source[index] ^ UInt8(truncatingIfNeeded: rotating >> 24))
                rotating = rotating << 8 | rotating >> 24
            }
        }
    }
}
