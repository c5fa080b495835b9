import LinuxIO
import MDNS
import Wire

/// Names of the local network (mDNS, RFC 6762): asks for those of peers, and answers for those that
/// hide addresses of this machine.
///
/// One for all connections of a loop that need it; it listens on the multicast groups of the
/// machine's interfaces, and is closed with the last of them. All members are for the loop only.
final class LocalNames: DatagramOwner, LoopClient, Sendable {
    private struct Link {
        let socket: UDPSocket
        let group: SocketAddress
        var responder: MDNSResponder
        var querier: MDNSQuerier
    }

    private struct Question {
        let name: MDNSName
        /// How many links have given up.
        var failures = 0
        let tell: @Sendable ([IPAddress]) -> Void
    }

    private struct Issue {
        weak var names: LocalNames?
    }

    private static let issues = Guarded<[ObjectIdentifier: Issue]>([:])

    private let loop: EventLoop
    private nonisolated(unsafe) var client: LoopClientID?
    private nonisolated(unsafe) var links: [Link] = []
    private nonisolated(unsafe) var waiting: [Question] = []

    private init(on loop: EventLoop) { self.loop = loop }

    deinit {
        if let client = unsafe client { loop.unregister(client) }
    }

    /// The one of `loop`; keep it for as long as names are needed.
    static func shared(on loop: EventLoop) -> LocalNames {
        loop.checkIsolated()
        let names = issues.withLock { issues -> LocalNames in
            if let known = issues[ObjectIdentifier(loop)]?.names { return known }
            let fresh = LocalNames(on: loop)
            issues[ObjectIdentifier(loop)] = Issue(names: fresh)
            return fresh
        }
        if unsafe names.client == nil {
            unsafe names.client = loop.register(names)
            names.open()
        }
        return names
    }

    private func open() {
        guard let interfaces = try? NetworkInterfaces.list() else { return }
        for interface in interfaces.filter({ $0.isUp && !$0.isLoopback && !$0.isPointToPoint })
            .prefix(maximumLinks)
        {
            let prefixes = zip(interface.addresses, interface.prefixLengths)
                .map { MDNSLink.Prefix($0, length: $1) }
            let link = MDNSLink(prefixes: prefixes)
            for group in [MDNSGroup.v4, MDNSGroup.v6] {
                guard interface.addresses.contains(where: { $0.family == group.address.family }),
                    let socket = try? UDPSocket.bindMulticast(
                        to: group,
                        on: interface,
                        loop: loop,
                        owner: self
                    )
                else { continue }
                let entry = Link(
                    socket: socket,
                    group: group,
                    responder: MDNSResponder(on: link),
                    querier: MDNSQuerier(on: link)
                )
                unsafe links.append(entry)
            }
        }
    }

    // MARK: What connections ask for

    /// Answers questions for `name` from now on; false if it is no name of the local network.
    func announce(_ name: String, _ address: IPAddress) -> Bool {
        guard let name = MDNSName(name) else { return false }
        for index in unsafe links.indices {
            unsafe links[index].responder.publish(name, address, at: loop.now)
        }
        drain()
        return true
    }

    func withdraw(_ names: [String]) {
        for name in names.compactMap({ MDNSName($0) }) {
            for index in unsafe links.indices {
                unsafe links[index].responder.withdraw(name, at: loop.now)
            }
        }
        drain()
    }

    /// Asks the network; `tell` hears the first answer, or nothing at all.
    func resolve(_ name: String, _ tell: @escaping @Sendable ([IPAddress]) -> Void) {
        guard let name = MDNSName(name), unsafe !links.isEmpty else { return tell([]) }
        unsafe waiting.append(Question(name: name, tell: tell))
        for index in unsafe links.indices {
            unsafe links[index].querier.resolve(name, at: loop.now)
        }
        drain()
    }

    // MARK: What the loop calls

    nonisolated func readable(_ socket: UDPSocket) {
        guard let index = unsafe links.firstIndex(where: { $0.socket === socket }) else { return }
        var arrived: [([UInt8], SocketAddress)] = []
        socket.receive { datagram, source in
            arrived.append(([UInt8](copying: datagram.span), source))
        }
        for (bytes, source) in arrived {
            unsafe links[index].responder.receive(bytes.span, from: source, at: loop.now)
            unsafe links[index].querier.receive(bytes.span, from: source, at: loop.now)
        }
        drain()
    }

    nonisolated func deadlinePassed() {
        for index in unsafe links.indices {
            unsafe links[index].responder.advance(to: loop.now)
            unsafe links[index].querier.advance(to: loop.now)
        }
        drain()
    }

    nonisolated func signalled() {}

    private func drain() {
        for index in unsafe links.indices {
            let (socket, group) = unsafe (links[index].socket, links[index].group)
            while let output = unsafe links[index].responder.popOutput() {
                switch output {
                case .transmit(let bytes): socket.send(bytes.span, to: group)
                case .reply(let bytes, let asker): socket.send(bytes.span, to: asker)
                }
            }
            while let output = unsafe links[index].querier.popOutput() {
                switch output {
                case .transmit(let bytes): socket.send(bytes.span, to: group)
                case .resolved(let name, let addresses): finish(name, addresses)
                case .failed(let name, _): fail(name)
                }
            }
        }
        let deadlines = unsafe links.flatMap { [$0.responder.deadline, $0.querier.deadline] }
        guard let client = unsafe client else { return }
        loop.setDeadline(deadlines.compactMap(\.self).min(), for: client)
    }

    private func finish(_ name: MDNSName, _ addresses: [IPAddress]) {
        let told = unsafe waiting.filter { $0.name == name }
        unsafe waiting.removeAll { $0.name == name }
        for index in unsafe links.indices { unsafe links[index].querier.cancel(name) }
        // Not from here: who is told may ask for more.
        for entry in told { loop.execute { entry.tell(addresses) } }
    }

    /// One link has no answer; with the last of them nobody has.
    private func fail(_ name: MDNSName) {
        var failures = 0
        for index in unsafe waiting.indices where unsafe waiting[index].name == name {
            unsafe waiting[index].failures += 1
            failures = unsafe max(failures, waiting[index].failures)
        }
        if unsafe failures >= links.count { finish(name, []) }
    }
}

/// Names are for the network next door, and machines have few of those.
private let maximumLinks = 4
