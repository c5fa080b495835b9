public import DTLS
public import LinuxIO
public import Opus
public import Peer

/// Why a connection could not do what it was asked.
public enum PeerConnectionError: Error, Sendable {
    /// The session refused: the call does not fit its state, or a description is wrong.
    case session(PeerError)
    /// The operating system refused.
    case system(SystemError)
    /// A certificate could not be made.
    case certificate(DTLSError)
    /// Audio could not be encoded or decoded.
    case audio(OpusError)
    /// The connection ended before what was waited for happened.
    case closed(CloseReason)
    /// No path was found, or the peer could not prove who it is.
    case failed
    /// The task that waited was cancelled; the connection goes on.
    case cancelled
}

extension PeerConnectionError: CustomStringConvertible {
    public var description: String {
        switch self {
        case .session(let error): "\(error)"
        case .system(let error): "\(error)"
        case .certificate(let error): "no certificate could be made: \(error)"
        case .audio(let error): "\(error)"
        case .closed(.local): "the connection was closed"
        case .closed(.peer): "the peer closed the connection"
        case .failed: "the connection failed: no path to the peer, or a wrong fingerprint"
        case .cancelled: "the waiting task was cancelled"
        }
    }
}
