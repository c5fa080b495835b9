/// Why a WebSocket was closed (RFC 6455 §7.4).
public struct WebSocketCloseCode: RawRepresentable, Hashable, Sendable {
    /// The number in the Close frame.
    public var rawValue: UInt16

    public init(rawValue: UInt16) { self.rawValue = rawValue }

    /// The purpose has been fulfilled.
    public static let normal = WebSocketCloseCode(rawValue: 1_000)
    /// The endpoint goes away: a server stops, a program ends.
    public static let goingAway = WebSocketCloseCode(rawValue: 1_001)
    /// The other side broke the protocol.
    public static let protocolError = WebSocketCloseCode(rawValue: 1_002)
    /// A kind of data that this endpoint does not take.
    public static let unsupportedData = WebSocketCloseCode(rawValue: 1_003)
    /// A Close frame without a code; never on the wire.
    public static let noStatus = WebSocketCloseCode(rawValue: 1_005)
    /// The connection ended without a Close frame; never on the wire.
    public static let abnormal = WebSocketCloseCode(rawValue: 1_006)
    /// Text that is not UTF-8.
    public static let invalidPayload = WebSocketCloseCode(rawValue: 1_007)
    /// A rule of this endpoint was broken.
    public static let policyViolation = WebSocketCloseCode(rawValue: 1_008)
    /// A message larger than this endpoint takes.
    public static let messageTooBig = WebSocketCloseCode(rawValue: 1_009)
    /// The endpoint met a condition that keeps it from going on.
    public static let internalError = WebSocketCloseCode(rawValue: 1_011)
    /// The server is full; come back later.
    public static let tryAgainLater = WebSocketCloseCode(rawValue: 1_013)

    /// Whether the code may stand in a Close frame.
    ///
    /// RFC 6455 §7.4.2 and the IANA registry: 1004 to 1006 and 1015 are never sent, 3000 to 4999
    /// belong to libraries and applications.
    public var mayBeSent: Bool {
        switch rawValue {
        case 1_000...1_003, 1_007...1_014, 3_000...4_999: true
        default: false
        }
    }
}

extension WebSocketCloseCode: CustomStringConvertible {
    public var description: String { String(rawValue) }
}
