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
        /// To a passive candidate of the peer, each datagram behind its length (RFC 4571).
        case peer
        /// The same, from whoever has connected to a passive candidate of ours.
        case accepted
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
    /// Those that others have opened.
    private var admission = StreamAdmission()
    private var timer: LoopTimer?

    var isEmpty: Bool { entries.isEmpty && listeners.isEmpty }

    // MARK: Opening

    /// Begins to connect to a server; false if that cannot even begin.
    mutating func open(
        _ request: StreamRequest,
        trust: TLSTrust,
        on loop: EventLoop,
        for owner: PeerConnection
    ) -> Bool {
        guard hasRoom else { return false }
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
        guard hasRoom,
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

    /// Takes a connection that is the peer's, or a stranger's.
    mutating func accept(_ stream: TCPStream, by listener: TCPListener, for owner: PeerConnection) {
        let name = StreamAdmission.Ends(
            local: listener.localAddress,
            remote: stream.remoteAddress
        )
        for closed in admission.admit(name, at: owner.loop.now) {
            guard closed != name else { return }
            abort(closed)
        }
        add(.accepted, name.local, name.remote, .plain(stream))
        stream.start(owner: owner)
        watch(for: owner)
    }

    /// The other end of an accepted connection is the peer, if `isPeer` says so.
    mutating func judge(
        _ local: SocketAddress,
        _ remote: SocketAddress,
        for owner: PeerConnection,
        isPeer: () -> Bool
    ) {
        let name = StreamAdmission.Ends(local: local, remote: remote)
        guard admission.isStranger(name), isPeer() else { return }
        admission.prove(name)
        watch(for: owner)
    }

    /// Closes strangers who have been here for too long.
    mutating func closeStrangers(for owner: PeerConnection) {
        while let overdue = admission.popOverdue(at: owner.loop.now) { abort(overdue) }
        watch(for: owner)
    }

    private mutating func watch(for owner: PeerConnection) {
        guard let deadline = admission.deadline else { return timer = nil }
        if timer == nil {
            timer = LoopTimer(on: owner.loop) { [weak owner] in
                owner?.assumeIsolated { $0.closeStrangers() }
            }
        }
        timer?.set(deadline)
    }

    /// Strangers take no room from what the connection opens itself.
    private var hasRoom: Bool {
        entries.count { $0.purpose != .accepted } < maximumStreams
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
        close { $0.isOfICE && $0.local == local && $0.remote == remote }
    }

    /// Closes listeners, and what has come in through them.
    mutating func close(stream: Int) {
        let gone = listeners.filter { $0.stream == stream }.map(\.listener)
        for listener in gone { listener.close() }
        listeners.removeAll { $0.stream == stream }
        let locals = gone.map(\.localAddress)
        close { $0.purpose == .accepted && locals.contains($0.local) }
    }

    mutating func adopt(_ pooled: Int, as stream: Int) {
        for index in listeners.indices where listeners[index].stream == pooled {
            listeners[index].stream = stream
        }
    }

    /// Closes what has lost its address, at once: nothing of it would arrive any more.
    mutating func closeAll(except present: Set<IPAddress>) -> [SocketAddress] {
        for entry in entries where !present.contains(entry.local.address) { entry.abort() }
        removeEntries { !present.contains($0.local.address) }
        let gone = listeners.filter { !present.contains($0.listener.localAddress.address) }
        for entry in gone { entry.listener.close() }
        listeners.removeAll { !present.contains($0.listener.localAddress.address) }
        return gone.map(\.listener.localAddress)
    }

    mutating func closeAll() {
        close { _ in true }
        for entry in listeners { entry.listener.close() }
        listeners = []
        timer = nil
    }

    private mutating func close(where isWanted: (Entry) -> Bool) {
        for entry in entries where isWanted(entry) {
            switch entry.link {
            case .plain(let stream): stream.closeAfterFlush()
            case .secure(let stream): stream.closeAfterFlush()
            }
        }
        removeEntries(where: isWanted)
    }

    private mutating func abort(_ name: StreamAdmission.Ends) {
        func isMeant(_ entry: Entry) -> Bool {
            entry.purpose == .accepted && entry.local == name.local && entry.remote == name.remote
        }
        for entry in entries where isMeant(entry) { entry.abort() }
        removeEntries(where: isMeant)
    }

    private mutating func removeEntries(where isGone: (Entry) -> Bool) {
        for entry in entries where entry.purpose == .accepted && isGone(entry) {
            admission.remove(StreamAdmission.Ends(local: entry.local, remote: entry.remote))
        }
        entries.removeAll(where: isGone)
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
            case .peer, .accepted:
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

    mutating func forget(_ stream: AnyObject) { removeEntries { $0.object === stream } }
}

extension ConnectionStreams.Purpose {
    /// Whether its ends are candidates of ICE.
    var isOfICE: Bool {
        switch self {
        case .server: false
        case .peer, .accepted: true
        }
    }
}

extension ConnectionStreams.Entry {
    fileprivate var isOfICE: Bool { purpose.isOfICE }

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

/// A few to each server, and one for each pair of ICE.
private let maximumStreams = 32
/// A quarter of a second of video.
private let maximumQueue = 256 << 10
