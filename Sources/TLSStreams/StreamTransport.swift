package import LinuxIO
package import Wire

/// What the bytes of a stream go through: TCP, or TLS over it.
package enum StreamTransport {
    case plain(TCPStream)
    case secure(TLSStream)

    /// What it is known by in its owner's calls.
    package var id: ObjectIdentifier {
        switch self {
        case .plain(let stream): ObjectIdentifier(stream)
        case .secure(let stream): ObjectIdentifier(stream)
        }
    }

    /// The address of this end.
    package var localAddress: SocketAddress {
        switch self {
        case .plain(let stream): stream.localAddress
        case .secure(let stream): stream.localAddress
        }
    }

    package var queuedBytes: Int {
        switch self {
        case .plain(let stream): stream.queuedBytes
        case .secure(let stream): stream.queuedBytes
        }
    }

    package func send(_ bytes: [UInt8]) {
        switch self {
        case .plain(let stream): stream.send(bytes)
        case .secure(let stream): stream.send(bytes)
        }
    }

    package func pauseReading() {
        switch self {
        case .plain(let stream): stream.pauseReading()
        case .secure(let stream): stream.pauseReading()
        }
    }

    package func resumeReading() {
        switch self {
        case .plain(let stream): stream.resumeReading()
        case .secure(let stream): stream.resumeReading()
        }
    }

    package func close() {
        switch self {
        case .plain(let stream): stream.close()
        case .secure(let stream): stream.close()
        }
    }

    package func closeAfterFlush() {
        switch self {
        case .plain(let stream): stream.closeAfterFlush()
        case .secure(let stream): stream.closeAfterFlush()
        }
    }
}
