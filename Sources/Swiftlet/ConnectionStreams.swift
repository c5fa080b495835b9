import LinuxIO
import Peer
import TLS
import TLSStreams
import Wire

/// The TCP connections of one peer connection: to TURN servers, and to the peer itself.
struct ConnectionStreams {
    /// What a connection is for.
    enum Purpose: Hashable {
        /// To a server; the session knows it by a number.
        case server(Int)
        /// Between candidates of ICE, each datagram behind its length (RFC 4571).
        case peer
    }

    fileprivate enum Link {
        case plain(TCPStream)
        case secure(TLSStream)
    }

    fileprivate struct Entry {
        let purpose: Purpose
        /// What the session calls both ends; an active candidate has no port of its own.
        let local: SocketAddress
        let remote: SocketAddress
        let link: Link
        var frames = LengthPrefixedFrames()
    }

    private var entries: [Entry] = []
    private var listeners: [(stream: Int, listener: TCPListener)] = []

    var isEmpty: Bool { entries.isEmpty && listeners.isEmpty }

    // MARK: Opening

    /// Begins to connect to a server; false if that cannot even begin.
    mutating func open(
        _ request: StreamRequest,
        trust: TLSTrust,
        on loop: EventLoop,
        for owner: PeerConnection
    ) -> Bool {
        guard entries.count < maximumStreams else { return false }
        guard let name = request.tlsName else {
            guard
                let stream = try? TCPStream.connect(
                    to: request.remote,
                    from: request.local,
                    on: loop,
                    owner: owner
                )
            else { return false }
            add(.server(request.id), stream.localAddress, request.remote, .plain(stream))
            return true
        }
        guard let server = try? TLSServerName(name),
            let stream = try? TLSStream.connect(
                to: request.remote,
                from: request.local,
                server: server,
                trust: trust,
                on: loop,
                owner: owner
            )
        else { return false }
        add(.server(request.id), stream.localAddress, request.remote, .secure(stream))
        return true
    }

    /// Begins to connect to a passive candidate of the peer (RFC 6544 §5.2).
    mutating func connect(
        from local: SocketAddress,
        to remote: SocketAddress,
        on loop: EventLoop,
        for owner: PeerConnection
    ) -> Bool {
        guard entries.count < maximumStreams,
            let stream = try? TCPStream.connect(
                to: remote,
                from: local.address,
                on: loop,
                owner: owner
            )
        else { return false }
        add(.peer, local, remote, .plain(stream))
        return true
    }

    /// Opens a passive candidate on `address`.
    mutating func listen(
        on address: IPAddress,
        for stream: Int,
        on loop: EventLoop,
        owner: PeerConnection
    ) throws(SystemError) -> SocketAddress {
        let place = SocketAddress(address, port: 0)
        let listener = try TCPListener.bind(to: place, on: loop, backlog: 16, owner: owner)
        listeners.append((stream, listener))
        return listener.localAddress
    }

    /// Takes a connection of the peer's, unless there are too many.
    mutating func accept(_ stream: TCPStream, by listener: TCPListener, for owner: PeerConnection) {
        guard entries.count < maximumStreams else { return }
        add(.peer, listener.localAddress, stream.remoteAddress, .plain(stream))
        stream.start(owner: owner)
    }

    private mutating func add(
        _ purpose: Purpose,
        _ local: SocketAddress,
        _ remote: SocketAddress,
        _ link: Link
    ) {
        entries.append(Entry(purpose: purpose, local: local, remote: remote, link: link))
    }

    // MARK: Closing

    mutating func close(server number: Int) {
        close { $0.purpose == .server(number) }
    }

    mutating func disconnect(from local: SocketAddress, to remote: SocketAddress) {
        close { $0.purpose == .peer && $0.local == local && $0.remote == remote }
    }

    mutating func close(stream: Int) {
        for entry in listeners where entry.stream == stream { entry.listener.close() }
        listeners.removeAll { $0.stream == stream }
    }

    mutating func adopt(_ pooled: Int, as stream: Int) {
        for index in listeners.indices where listeners[index].stream == pooled {
            listeners[index].stream = stream
        }
    }

    /// Closes what has lost its address, at once: nothing of it would arrive any more.
    mutating func closeAll(except present: Set<IPAddress>) -> [SocketAddress] {
        for entry in entries where !present.contains(entry.local.address) { entry.abort() }
        entries.removeAll { !present.contains($0.local.address) }
        let gone = listeners.filter { !present.contains($0.listener.localAddress.address) }
        for entry in gone { entry.listener.close() }
        listeners.removeAll { !present.contains($0.listener.localAddress.address) }
        return gone.map(\.listener.localAddress)
    }

    mutating func closeAll() {
        close { _ in true }
        for entry in listeners { entry.listener.close() }
        listeners = []
    }

    private mutating func close(where isWanted: (Entry) -> Bool) {
        for entry in entries where isWanted(entry) {
            switch entry.link {
            case .plain(let stream): stream.closeAfterFlush()
            case .secure(let stream): stream.closeAfterFlush()
            }
        }
        entries.removeAll(where: isWanted)
    }

    // MARK: Bytes

    /// Sends what goes over TCP.
    mutating func send(_ batch: borrowing DatagramBatch) {
        guard !entries.isEmpty else { return }
        let bytes = batch.bytes
        for datagram in batch.entries where datagram.transport == .tcp {
            guard
                let entry = entries.first(where: {
                    $0.local == datagram.source && $0.remote == datagram.destination
                })
            else { continue }
            var payload: [UInt8] = []
            switch entry.purpose {
            case .server: payload = [UInt8](bytes[datagram.range])
            case .peer:
                let span = bytes.span.extracting(datagram.range)
                guard (try? LengthPrefixedFrames.append(span, to: &payload)) != nil else {
                    continue
                }
            }
            entry.send(payload)
        }
    }

    /// Which connection a stream is.
    func origin(of stream: AnyObject) -> (Purpose, local: SocketAddress, remote: SocketAddress)? {
        entries.first { $0.object === stream }.map { ($0.purpose, $0.local, $0.remote) }
    }

    /// The datagrams that `bytes` of a peer's connection complete.
    mutating func datagrams(in bytes: [UInt8], from stream: AnyObject) -> [[UInt8]] {
        guard let index = entries.firstIndex(where: { $0.object === stream }) else { return [] }
        entries[index].frames.append(bytes.span)
        var datagrams: [[UInt8]] = []
        while let datagram = entries[index].frames.popFirst() { datagrams.append(datagram) }
        return datagrams
    }

    mutating func forget(_ stream: AnyObject) { entries.removeAll { $0.object === stream } }
}

extension ConnectionStreams.Entry {
    fileprivate var object: AnyObject {
        switch link {
        case .plain(let stream): stream
        case .secure(let stream): stream
        }
    }

    fileprivate func abort() {
        switch link {
        case .plain(let stream): stream.close()
        case .secure(let stream): stream.close()
        }
    }

    /// A peer that does not read loses packets, as on any network.
    fileprivate func send(_ bytes: [UInt8]) {
        switch link {
        case .plain(let stream): if stream.queuedBytes < maximumQueue { stream.send(bytes) }
        case .secure(let stream): if stream.queuedBytes < maximumQueue { stream.send(bytes) }
        }
    }
}

/// Passive candidates can be connected to by anybody.
private let maximumStreams = 32
/// A quarter of a second of video.
private let maximumQueue = 256 << 10
