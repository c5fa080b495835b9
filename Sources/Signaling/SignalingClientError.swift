public import LinuxIO
public import TLS
import TLSStreams
public import Wire

/// Why a client could not connect and register.
public enum SignalingClientError: Error, Hashable, Sendable {
    case invalidURL(String, WebSocketURLError)
    case unknownHost(String, String)
    case cannotConnect(SocketAddress, SystemError?)
    /// The server of a `wss:` URL cannot prove who it is, or speaks no TLS.
    case cannotSecure(SocketAddress, TLSError)
    /// The server, or what answered in its place, did not give us the id.
    case refused(String, SignalingEnd)
}

extension SignalingClientError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .invalidURL(let url, let error): "\"\(url)\": \(error)"
        case .unknownHost(let host, let reason): "cannot find the host \"\(host)\": \(reason)"
        case .cannotConnect(let address, let error):
            "no signaling server at \(address): "
                + (error.map { "\($0)" } ?? "the connection was closed")
                + "; start one with: swiftlet signal"
        case .cannotSecure(let address, let error):
            "no secure connection to the signaling server at \(address): \(error)"
        case .refused(let id, let end): "cannot register as \"\(id)\": \(end)"
        }
    }
}

extension SignalingClientError {
    /// What ended a secure stream to `address`.
    init(_ error: TLSStreamError, at address: SocketAddress) {
        switch error {
        case .tls(let error): self = .cannotSecure(address, error)
        case .transport(let error): self = .cannotConnect(address, error)
        }
    }
}

extension SignalingEnd: CustomStringConvertible {
    public var description: String {
        switch self {
        case .closed: "closed"
        case .idTaken: "the id belongs to somebody else; choose another one"
        case .refused(let code, let text): text.isEmpty ? "refused (\(code))" : text
        case .noAnswer: "the server does not answer"
        case .silent: "nothing was heard of the server any more"
        case .messagesUnread(let limit): "\(limit) messages were not read"
        case .lost(let closure): "\(closure)"
        }
    }
}

extension WebSocketClosure: CustomStringConvertible {
    public var description: String {
        switch self {
        case .requested(let code): "closed (\(code))"
        case .byPeer(let code, let reason):
            reason.isEmpty ? "closed by the other side (\(code))" : "\(reason) (\(code))"
        case .violation(let violation): "the other side broke the WebSocket protocol: \(violation)"
        case .handshakeFailed(let error): "\(error)"
        case .transportLost: "the connection was lost"
        }
    }
}
