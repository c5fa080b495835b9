import ICE
public import LinuxIO
import Peer
public import Wire

/// One UDP port that serves any number of connections.
///
/// Checks name their connection (RFC 8445 §7.2.2), and so do answers; everything else from an address
/// that has proven to be a peer's belongs to the same connection. A firewall needs one open port, and thousands of
/// connections need one socket for each address.
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

        /// On the loop only: they come and go with the interfaces.
        var sockets: [UDPSocket] { port.assumeIsolated { $0.sockets } }

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
    private(set) var sockets: [UDPSocket] = []
    /// Where to look for addresses when interfaces change, and the port to bind there.
    private let interfaces: Configuration.Interfaces
    private let configuration: SocketConfiguration
    private var number: UInt16
    private var watcher: InterfaceWatcher?
    private var router = SharedPortRouter()
    private var members: [Int: Member] = [:]
    private var last = 0
    private var inbound = ReceivedDatagrams()
    var outside: [PortMapping] = []
    /// Who is asked for the addresses outside.
    var servers: [SocketAddress] = []
    var client: LoopClientID?
    private var unclaimed = 0

    /// Runs every method on the loop's own thread.
    public nonisolated var unownedExecutor: UnownedSerialExecutor {
        // `loop` is immutable and retained by this actor, so it outlives the reference.
        unsafe loop.asUnownedSerialExecutor()
    }

    private init(
        _ loop: EventLoop,
        _ interfaces: Configuration.Interfaces,
        _ configuration: SocketConfiguration,
        _ number: UInt16
    ) {
        self.loop = loop
        self.interfaces = interfaces
        self.configuration = configuration
        self.number = number
    }

    /// Binds `port`, 0 for any, on each usable address, and on those that come later.
    ///
    /// The STUN servers among `iceServers` are asked for the port's address on the outside.
    public static func open(
        port: UInt16 = 0,
        interfaces: Configuration.Interfaces = .automatic,
        sockets: SocketConfiguration = SocketConfiguration(),
        iceServers: [ICEServer] = [],
        on loops: EventLoopGroup? = nil
    ) async throws(PeerConnectionError) -> SharedPort {
        do throws(SystemError) {
            let group: EventLoopGroup = if let loops { loops } else { try .shared }
            let opened = SharedPort(group.next(), interfaces, sockets, port)
            try await opened.bind()
            await opened.ask(await STUNAddresses.find(in: iceServers))
            return opened
        } catch {
            throw .system(error)
        }
    }

    private func bind() throws(SystemError) {
        for address in try HostAddresses.list(interfaces, configuration) { try bind(address) }
        switch interfaces {
        // Where the system tells nothing, the addresses are what they are.
        case .automatic, .all: watcher = try? InterfaceWatcher.start(on: loop, owner: self)
        case .loopbackOnly, .addresses: break
        }
    }

    private func bind(_ address: IPAddress) throws(SystemError) {
        let place = SocketAddress(address, port: number)
        let socket = try UDPSocket.bind(to: place, on: loop, owner: self)
        sockets.append(socket)
        // All addresses have the port that the first one got.
        number = socket.localAddress.port
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
        watcher?.close()
        watcher = nil
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
        return Membership(port: self, number: last)
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

// MARK: - Interfaces that come and go

extension SharedPort: InterfaceWatcherOwner {
    public nonisolated func interfacesChanged(
        _ change: InterfaceChange,
        by watcher: InterfaceWatcher
    ) {
        assumeIsolated { $0.interfacesChanged(change) }
    }

    private func interfacesChanged(_ change: InterfaceChange) {
        let vanished = change.vanished.map(\.address)
        let lost = sockets.filter { vanished.contains($0.localAddress.address) }
        for socket in lost { socket.close() }
        sockets.removeAll { vanished.contains($0.localAddress.address) }
        let gone = lost.map(\.localAddress)
        outside.removeAll { gone.contains($0.local) }
        let known = sockets.map(\.localAddress.address)
        let present = (try? HostAddresses.list(interfaces, configuration)) ?? []
        // One that cannot be bound may have gone again already.
        for address in present where !known.contains(address) && !address.isLoopback {
            try? bind(address)
        }
        let fresh = sockets.map(\.localAddress).filter { !known.contains($0.address) }
        guard !gone.isEmpty || !fresh.isEmpty else { return }
        for member in members.values {
            member.connection?.assumeIsolated { $0.sharedPortChanged(gone: gone, fresh: fresh) }
        }
        ask(from: fresh)
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
