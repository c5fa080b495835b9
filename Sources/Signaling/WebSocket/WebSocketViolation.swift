/// A rule of the WebSocket protocol, or a limit of ours, that the peer broke.
public enum WebSocketViolation: Error, Hashable, Sendable {
    /// RFC 6455 §5.2: a reserved bit is set and no extension was agreed on.
    case reservedBits
    /// RFC 6455 §5.2: an opcode that means nothing.
    case unknownOpcode(UInt8)
    /// RFC 6455 §5.4: control frames are never fragmented.
    case fragmentedControlFrame
    /// RFC 6455 §5.5: control frames carry at most 125 bytes.
    case controlFrameTooLong
    /// RFC 6455 §5.2: the length is not in its shortest form, or its highest bit is set.
    case invalidLength
    /// RFC 6455 §5.1: a client masks every frame.
    case unmaskedByClient
    /// RFC 6455 §5.1: a server masks none.
    case maskedByServer
    /// RFC 6455 §5.4: a continuation of nothing.
    case unexpectedContinuation
    /// RFC 6455 §5.4: a new message before the last one was finished.
    case expectedContinuation
    /// RFC 6455 §5.5.1: a Close frame with half a code or a code that must not be sent.
    case invalidClose
    /// RFC 6455 §8.1: text that is not UTF-8.
    case invalidUTF8
    /// A message larger than `limit` bytes.
    case messageTooBig(limit: Int)
    /// A message in more than `limit` fragments.
    case tooManyFragments(limit: Int)

    /// The code that tells the peer.
    public var closeCode: WebSocketCloseCode {
        switch self {
        case .reservedBits, .unknownOpcode, .fragmentedControlFrame, .controlFrameTooLong,
            .invalidLength, .unmaskedByClient, .maskedByServer, .unexpectedContinuation,
            .expectedContinuation, .invalidClose:
            .protocolError
        case .invalidUTF8: .invalidPayload
        case .messageTooBig: .messageTooBig
        case .tooManyFragments: .policyViolation
        }
    }
}

extension WebSocketViolation: CustomStringConvertible {
    public var description: String {
        switch self {
        case .reservedBits: "reserved bits are set but no extension was agreed on"
        case .unknownOpcode(let opcode): "unknown opcode \(opcode)"
        case .fragmentedControlFrame: "a control frame must not be fragmented"
        case .controlFrameTooLong: "a control frame carries at most 125 bytes"
        case .invalidLength: "the payload length is not in its shortest form"
        case .unmaskedByClient: "a client must mask its frames"
        case .maskedByServer: "a server must not mask its frames"
        case .unexpectedContinuation: "a continuation frame without a message to continue"
        case .expectedContinuation: "a new message before the last one was finished"
        case .invalidClose: "a Close frame with an invalid code"
        case .invalidUTF8: "text that is not UTF-8"
        case .messageTooBig(let limit): "a message larger than \(limit) bytes"
        case .tooManyFragments(let limit): "a message in more than \(limit) fragments"
        }
    }
}
