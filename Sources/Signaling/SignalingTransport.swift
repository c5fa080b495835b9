import LinuxIO
import TLS
import TLSStreams

/// What a signaling connection's bytes go through: `ws:` or `wss:`.
enum SignalingTransport {
    case plain(TCPStream)
    case secure(TLSStream)

    /// What it is known by in its owner's calls.
    var id: ObjectIdentifier {
        switch self {
        case .plain(let stream): ObjectIdentifier(stream)
        case .secure(let stream): ObjectIdentifier(stream)
        }
    }

    var queuedBytes: Int {
        switch self {
        case .plain(let stream): stream.queuedBytes
        case .secure(let stream): stream.queuedBytes
        }
    }

    func send(_ bytes: [UInt8]) {
        switch self {
        case .plain(let stream): stream.send(bytes)
        case .secure(let stream): stream.send(bytes)
        }
    }

    func closeAfterFlush() {
        switch self {
        case .plain(let stream): stream.closeAfterFlush()
        case .secure(let stream): stream.closeAfterFlush()
        }
    }

    func close() {
        switch self {
        case .plain(let stream): stream.close()
        case .secure(let stream): stream.close()
        }
    }
}
