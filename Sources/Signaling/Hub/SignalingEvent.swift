/// A connection to a signaling server, numbered in the order of arrival.
public struct SignalingConnectionID: Hashable, Comparable, Sendable {
    public let rawValue: UInt64

    public init(rawValue: UInt64) { self.rawValue = rawValue }

    public static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// Something that happened on a signaling server, for its log.
public enum SignalingEvent: Hashable, Sendable {
    case connected(SignalingConnectionID)
    case registered(SignalingConnectionID, id: String)
    case forwarded(SignalingEnvelope.Kind, from: String, to: String)
    /// A message was answered with an error.
    case refused(SignalingConnectionID, SignalingErrorCode)
    /// A connection has ended; its id is free again.
    case left(SignalingConnectionID, id: String?, SignalingDeparture)
}

/// Why a connection has ended.
public enum SignalingDeparture: Hashable, Sendable {
    case closed(WebSocketClosure)
    /// Nothing was heard for too long.
    case silent
    /// More was waiting to be read by this peer than the server keeps.
    case slowReader
    /// The same program has come back over another connection.
    case replaced
}

extension SignalingDeparture: CustomStringConvertible {
    public var description: String {
        switch self {
        case .closed(let closure): "\(closure)"
        case .silent: "nothing was heard of it for too long"
        case .slowReader: "it does not read what is sent to it"
        case .replaced: "it has come back over another connection"
        }
    }
}

/// Limits and timings of a signaling server.
public struct SignalingConfiguration: Sendable {
    /// How often each connection is asked for a sign of life.
    public var pingInterval = Duration.seconds(15)
    /// How long a connection may be silent before its id is free for others.
    public var silenceLimit = Duration.seconds(30)
    /// The largest message that is forwarded; larger ones are answered with an error.
    public var maximumMessageSize = 256 * 1_024
    /// How much may wait to be read by one peer before it is cut off.
    public var maximumBacklog = 1_024 * 1_024
    /// How long a closed connection may take to read what is left.
    public var flushTimeout = Duration.seconds(5)
    /// The most connections at once.
    public var maximumConnections = 4_096
    /// How long messages are kept for a client that has lost its connection and may come back.
    public var resumptionTimeout = Duration.seconds(60)
    /// How a client does that.
    public var reconnection = SignalingReconnection()
    /// The longest id, in bytes of UTF-8.
    public var maximumIDLength = 128
    /// Limits of the WebSocket below.
    public var webSocket = WebSocketConfiguration()

    public init() {}
}
