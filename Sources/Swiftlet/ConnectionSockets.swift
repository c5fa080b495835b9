import LinuxIO
import Wire

/// The sockets of one connection: its own, each for one transport, and perhaps a shared port.
struct ConnectionSockets {
    private var own: [(stream: Int, socket: UDPSocket)] = []
    /// The transports that want sockets of their own, also while there is no address for any.
    private var streams: Set<Int> = []
    private var shared: SharedPort.Membership?
    var tcp = ConnectionStreams()
    var names = OwnNames()
    /// Keeps the news of interfaces coming.
    var news: InterfaceNews?

    /// Addresses of the shared port.
    var sharedAddresses: [SocketAddress] { shared?.sockets.map(\.localAddress) ?? [] }

    /// Whether a shared port serves it, also while that has no address.
    var usesSharedPort: Bool { shared != nil }

    /// What servers have said about them.
    var sharedMappings: [SharedPort.Mapping] {
        guard let shared else { return [] }
        return shared.port.assumeIsolated { $0.mappings }
    }

    /// The first component that needs sockets of its own: a shared port serves RTP alone.
    var firstOwnComponent: Int { shared == nil ? 1 : 2 }

    /// The transport `stream` wants a socket on every address there is, now and later.
    mutating func begin(_ stream: Int) { streams.insert(stream) }

    /// Binds a socket on `address`, on a port of the range if there is one.
    mutating func open(
        on address: IPAddress,
        for stream: Int,
        _ configuration: SocketConfiguration,
        _ loop: EventLoop,
        _ owner: any DatagramOwner
    ) throws(SystemError) -> SocketAddress {
        let socket = try UDPSocket.bind(
            to: address,
            ports: configuration.ports,
            on: loop,
            owner: owner
        )
        own.append((stream, socket))
        return socket.localAddress
    }

    mutating func close(stream: Int) {
        streams.remove(stream)
        for entry in own where entry.stream == stream { entry.socket.close() }
        own.removeAll { $0.stream == stream }
    }

    mutating func close(_ local: SocketAddress) {
        for entry in own where entry.socket.localAddress == local { entry.socket.close() }
        own.removeAll { $0.socket.localAddress == local }
    }

    /// Sockets that were opened ahead are those of `stream` from now on.
    mutating func adopt(_ pooled: Int, as stream: Int) {
        for index in own.indices where own[index].stream == pooled { own[index].stream = stream }
        tcp.adopt(pooled, as: stream)
        if streams.remove(pooled) != nil { streams.insert(stream) }
    }

    /// The transports that want sockets of their own.
    var transports: [Int] { streams.sorted() }

    func isOpen(_ address: IPAddress, for stream: Int) -> Bool {
        own.contains { $0.stream == stream && $0.socket.localAddress.address == address }
    }

    /// Closes sockets and listeners on addresses that are none of `present`; where they were.
    mutating func closeAll(except present: [IPAddress]) -> [SocketAddress] {
        let gone = own.filter { !present.contains($0.socket.localAddress.address) }
        for entry in gone { entry.socket.close() }
        own.removeAll { !present.contains($0.socket.localAddress.address) }
        return gone.map(\.socket.localAddress) + tcp.closeAll(except: present)
    }

    /// Leaves no socket behind, and the port to the others.
    mutating func closeAll() {
        for entry in own { entry.socket.close() }
        own = []
        streams = []
        tcp.closeAll()
        names.withdrawAll()
        news = nil
        shared?.leave()
        shared = nil
    }

    /// From any thread, when nobody will use the sockets any more: they close themselves.
    func abandon() { shared?.leave() }

    /// Hands each datagram to the socket it leaves from.
    mutating func send(_ batch: borrowing DatagramBatch) {
        if let shared { expectAnswers(to: batch, shared) }
        sendDatagrams(batch)
        tcp.send(batch)
    }

    /// Each socket looks through the batch for what is its own, so only those do that have something
    /// there: nearly always one.
    private func sendDatagrams(_ batch: borrowing DatagramBatch) {
        let entries = batch.entries
        var last: SocketAddress?
        for index in entries.indices where entries[index].transport == .udp {
            let source = entries[index].source
            guard source != last else { continue }
            last = source
            let first = entries.firstIndex { $0.source == source && $0.transport == .udp }
            guard first == index else { continue }
            socket(at: source)?.send(from: batch)
        }
    }

    private func socket(at local: SocketAddress) -> UDPSocket? {
        own.first { $0.socket.localAddress == local }?.socket
            ?? shared?.sockets.first { $0.localAddress == local }
    }
}

// MARK: - The shared port

extension ConnectionSockets {
    mutating func join(_ port: SharedPort?, _ connection: PeerConnection) {
        guard shared == nil, let port else { return }
        shared = port.assumeIsolated { $0.join(connection) }
    }

    func listen(to fragment: String) {
        guard let shared else { return }
        shared.port.assumeIsolated { $0.listen(to: fragment, of: shared.number) }
    }

    /// Answers to checks come from where these go.
    private func expectAnswers(
        to batch: borrowing DatagramBatch,
        _ shared: SharedPort.Membership
    ) {
        let bytes = batch.bytes
        for entry in batch.entries
        where entry.transport == .udp && bytes.isRequest(at: entry.range) {
            guard shared.sockets.contains(where: { $0.localAddress == entry.source }) else {
                continue
            }
            shared.port.assumeIsolated {
                $0.expectAnswer(
                    to: bytes,
                    at: entry.range,
                    from: entry.destination,
                    on: entry.source,
                    of: shared.number
                )
            }
        }
    }
}

extension [UInt8] {
    /// Whether a STUN Binding request lies at `range` (RFC 8489 §5).
    fileprivate func isRequest(at range: Range<Int>) -> Bool {
        range.count >= 20 && self[range.lowerBound] == 0 && self[range.lowerBound + 1] == 1
    }
}

extension UDPSocket {
    /// Binds a port of `ports`, beginning anywhere; with nil the system chooses.
    static func bind(
        to address: IPAddress,
        ports: ClosedRange<UInt16>?,
        on loop: EventLoop,
        owner: any DatagramOwner
    ) throws(SystemError) -> UDPSocket {
        var options = UDPSocketOptions()
        options.coalescing = .whenBusy
        guard let ports else {
            let any = SocketAddress(address, port: 0)
            return try bind(to: any, on: loop, options: options, owner: owner)
        }
        let count = ports.count
        let start = Int.random(in: 0..<count)
        var last = SystemError(code: addressInUse, operation: "bind")
        for step in 0..<min(count, maximumAttempts) {
            let port = ports.lowerBound + UInt16((start + step) % count)
            do throws(SystemError) {
                let place = SocketAddress(address, port: port)
                return try bind(to: place, on: loop, options: options, owner: owner)
            } catch {
                last = error
                // Anything but a taken port is the same on the next one.
                guard error.code == addressInUse else { throw error }
            }
        }
        throw last
    }
}

/// EADDRINUSE.
private let addressInUse: CInt = 98
/// A range that is so full has no room.
private let maximumAttempts = 2_000
