import ICE
public import LinuxIO
import Peer
public import Wire

/// One UDP port that serves any number of connections.
///
/// Checks name their connection (RFC 8445 §7.2.2), and so do answers; everything else from an address
/// that has proven to be a peer's belongs to the same connection. A firewall needs one open port, and
/// thousands of connections need one socket for each address.
///
/// ```swift
/// let port = try await SharedPort.open(port: 3_478)
/// var configuration = Configuration()
/// configuration.sharedPort = port
/// let peer = try PeerConnection(configuration: configuration)
/// ```
///
/// All its connections live on one loop. Two shared ports cannot carry two connections between the
/// same two addresses: packets of media have no name on them. STUN servers are asked once for all
/// connections; relays have sockets of their own.
public actor SharedPort {
    /// What a connection holds of the port.
    struct Membership: Sendable {
        let port: SharedPort
        let number: Int
        /// They come and go with the interfaces, as the port tells.
        var sockets: [UDPSocket]

        /// The connection needs the port no more; from any thread.
        func leave() {
            let (port, number) = (port, number)
            port.loop.execute { port.assumeIsolated { $0.leave(number) } }
        }
    }

    /// What the outside knows one of its sockets as.
    struct Mapping: Hashable, Sendable {
        var local: SocketAddress
        var address: SocketAddress
        var server: SocketAddress
    }

    private struct Member {
        weak var connection: PeerConnection?

        func presence(of source: SocketAddress, on local: SocketAddress) -> ICEPresence {
            connection?.assumeIsolated { $0.session.presence(of: source, on: local) } ?? .unknown
        }

        func answers(from source: SocketAddress, on local: SocketAddress) -> Int {
            connection?.assumeIsolated { $0.session.answers(from: source, on: local) } ?? 0
        }
    }

    /// The loop of the port and all its connections.
    public nonisolated let loop: EventLoop
    var sockets: [UDPSocket] = []
    var place: Place
    var router = SharedPortRouter()
    private var members: [Int: Member] = [:]
    private var last = 0
    private var inbound = ReceivedDatagrams()
    var outside: [PortMapping] = []
    var client: LoopClientID?
    private var unclaimed = 0

    /// Runs every method on the loop's own thread.
    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        // `loop` is immutable and retained by this actor, so it outlives the reference.
        unsafe loop.asUnownedSerialExecutor()
    }

    private init(loop: EventLoop, place: Place) {
        self.loop = loop
        self.place = place
    }

    /// Binds `port`, 0 for any, on each usable address, and on those that come later.
    ///
    /// Addresses that cannot be bound are left out, unless none can. The STUN servers among
    /// `iceServers` are asked for the port's address on the outside.
    public static func open(
        port: UInt16 = 0,
        interfaces: Configuration.Interfaces = .automatic,
        sockets: SocketConfiguration = SocketConfiguration(),
        iceServers: [ICEServer] = [],
        on loops: EventLoopGroup? = nil
    ) async throws(PeerConnectionError) -> SharedPort {
        do throws(SystemError) {
            let group: EventLoopGroup = if let loops { loops } else { try .shared }
            let place = Place(interfaces: interfaces, sockets: sockets, port: port)
            let opened = SharedPort(loop: group.next(), place: place)
            try await opened.bind()
            await opened.ask(await STUNAddresses.find(in: iceServers))
            return opened
        } catch {
            throw .system(error)
        }
    }

    /// What it is bound to.
    public var localAddresses: [SocketAddress] { sockets.map(\.localAddress) }

    /// How much the port holds at the moment.
    public var statistics: SharedPortStatistics {
        let counts = router.counts
        return SharedPortStatistics(
            connections: counts.members,
            addresses: counts.addresses,
            unclaimedDatagrams: unclaimed
        )
    }

    /// Closes the sockets; connections that still use them lose their paths.
    public func close() {
        place.watcher?.close()
        place.watcher = nil
        for socket in sockets { socket.close() }
        sockets = []
        outside = []
        if let client { loop.unregister(client) }
        client = nil
    }
}

/// What a ``SharedPort`` holds and has seen.
public struct SharedPortStatistics: Hashable, Sendable {
    /// Connections that have begun to gather.
    public var connections: Int
    /// Addresses of peers that belong to them.
    public var addresses: Int
    /// Datagrams that were nobody's.
    public var unclaimedDatagrams: Int
}

// MARK: - What connections ask for

extension SharedPort {
    func join(_ connection: PeerConnection) -> Membership {
        last += 1
        members[last] = Member(connection: connection)
        return Membership(port: self, number: last, sockets: sockets)
    }

    func leave(_ number: Int) {
        members[number] = nil
        router.remove(number)
    }

    func send(_ bytes: [UInt8], from local: SocketAddress, to server: SocketAddress) {
        sockets.first { $0.localAddress == local }?.send(bytes.span, to: server)
    }

    func tell(_ mapping: Mapping) {
        for member in members.values {
            member.connection?.assumeIsolated { $0.mappingChanged(mapping) }
        }
    }

    func tell(opened: [UDPSocket], gone: [SocketAddress]) {
        for member in members.values {
            member.connection?.assumeIsolated { $0.sharedPortChanged(opened: opened, gone: gone) }
        }
    }

    func listen(to fragment: String, of number: Int) { router.add(fragment, of: number) }

    /// A connection sends a STUN request, which lies at `range` of `bytes`.
    func expectAnswer(
        to bytes: [UInt8],
        at range: Range<Int>,
        from destination: SocketAddress,
        on local: SocketAddress,
        of number: Int
    ) {
        let request = bytes.span.extracting(range)
        router.expectAnswer(to: request, from: destination, on: local, of: number)
    }
}

// MARK: - What arrives

extension SharedPort: DatagramOwner {
    public nonisolated func readable(_ socket: UDPSocket) {
        assumeIsolated { $0.receive(from: socket) }
    }

    /// Takes what waits, then enters each connection once for a run of datagrams.
    private func receive(from socket: UDPSocket) {
        let local = socket.localAddress
        var batch = ReceivedDatagrams()
        swap(&batch, &inbound)
        let answers = outside.firstIndex { $0.local == local }
        socket.receive { datagram, source in
            if let answers, outside[answers].receive(datagram.span, from: source, at: loop.now) {
                return
            }
            batch.append(datagram.span, from: source)
        }
        carryOut()
        var next = 0
        while next < batch.count {
            let route = batch.route(at: next, on: local, by: router)
            var end = next + 1
            switch route {
            case .nobody: unclaimed += 1
            case .known(let number):
                while end < batch.count, batch.route(at: end, on: local, by: router) == route {
                    end += 1
                }
                deliver(&batch, next..<end, on: local, to: number)
            case .claimed(let number):
                let source = batch.source(at: next)
                let answers = members[number]?.answers(from: source, on: local)
                deliver(&batch, next..<end, on: local, to: number)
                settle(source, on: local, of: number, after: answers ?? 0)
            }
            next = end
        }
        batch.removeAll()
        swap(&batch, &inbound)
    }

    private func deliver(
        _ batch: inout ReceivedDatagrams,
        _ run: Range<Int>,
        on local: SocketAddress,
        to number: Int
    ) {
        guard let connection = members[number]?.connection else { return }
        connection.assumeIsolated { $0.receive(&batch, run, on: local) }
    }

    /// Makes the address `number`'s if what it was given from there has proven to be its peer's.
    private func settle(
        _ source: SocketAddress,
        on local: SocketAddress,
        of number: Int,
        after answers: Int
    ) {
        guard let member = members[number] else { return }
        let isAnswered = member.answers(from: source, on: local) > answers
        let members = members
        router.bind(source, on: local, to: number, by: isAnswered ? .answer : .request) {
            members[$0]?.presence(of: $1, on: $2) ?? .unknown
        }
    }
}
