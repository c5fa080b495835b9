public import LinuxIO
import Peer
public import TLS
public import TLSStreams
import Wire

// What happens on the TCP connections of a connection.
extension PeerConnection: TCPStreamOwner, TLSStreamOwner, TCPListenerOwner {
    public nonisolated func accepted(_ stream: TCPStream, by listener: TCPListener) {
        assumeIsolated { $0.sockets.tcp.accept(stream, by: listener, for: $0) }
    }

    public nonisolated func connected(_ stream: TCPStream) {
        assumeIsolated { $0.opened(stream, local: stream.localAddress) }
    }

    public nonisolated func received(_ bytes: [UInt8], on stream: TCPStream) {
        assumeIsolated { $0.take(bytes, from: stream) }
    }

    public nonisolated func closed(_ stream: TCPStream, error: SystemError?) {
        assumeIsolated { $0.ended(stream) }
    }

    public nonisolated func connected(_ stream: TLSStream, _ session: TLSSession) {
        assumeIsolated { $0.opened(stream, local: stream.localAddress) }
    }

    public nonisolated func received(_ bytes: [UInt8], on stream: TLSStream) {
        assumeIsolated { $0.take(bytes, from: stream) }
    }

    public nonisolated func closed(_ stream: TLSStream, error: TLSStreamError?) {
        assumeIsolated { $0.ended(stream) }
    }

    private func opened(_ stream: AnyObject, local: SocketAddress) {
        guard let origin = sockets.tcp.origin(of: stream) else { return }
        drive { session, now in
            switch origin.0 {
            case .server(let number): session.streamOpened(number, on: local, at: now)
            case .peer, .accepted:
                session.connectionOpened(from: origin.local, to: origin.remote, at: now)
            }
        }
    }

    private func take(_ bytes: [UInt8], from stream: AnyObject) {
        guard let origin = sockets.tcp.origin(of: stream) else { return }
        let datagrams = origin.0.isOfICE ? sockets.tcp.datagrams(in: bytes, from: stream) : []
        drive { session, now in
            switch origin.0 {
            case .server(let number): session.receive(bytes.span, fromStream: number, at: now)
            case .peer, .accepted:
                for var datagram in datagrams {
                    var span = datagram.mutableSpan
                    session.receive(
                        &span,
                        from: origin.remote,
                        on: origin.local,
                        over: .tcp,
                        at: now
                    )
                }
            }
        }
        if origin.0 == .accepted { judge(origin.local, origin.remote) }
    }

    /// Who has connected to a passive candidate is a stranger until there has been a check.
    private func judge(_ local: SocketAddress, _ remote: SocketAddress) {
        sockets.tcp.judge(local, remote, for: self) {
            session.presence(of: remote, on: local, over: .tcp) != .unknown
        }
    }

    func closeStrangers() { sockets.tcp.closeStrangers(for: self) }

    private func ended(_ stream: AnyObject) {
        guard let origin = sockets.tcp.origin(of: stream) else { return }
        sockets.tcp.forget(stream)
        drive { session, now in
            switch origin.0 {
            case .server(let number): session.streamClosed(number, at: now)
            case .peer, .accepted:
                session.connectionClosed(from: origin.local, to: origin.remote, at: now)
            }
        }
    }

    // MARK: What the session asks for

    func openStream(_ request: StreamRequest) {
        let trust = configuration.serverTrust
        guard !sockets.tcp.open(request, trust: trust, on: loop, for: self) else { return }
        session.streamClosed(request.id, at: loop.now)
    }

    func connectStream(from local: SocketAddress, to remote: SocketAddress) {
        guard !sockets.tcp.connect(from: local, to: remote, on: loop, for: self) else { return }
        session.connectionClosed(from: local, to: remote, at: loop.now)
    }
}
