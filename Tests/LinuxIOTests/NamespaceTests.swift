import LinuxIO
import MDNS
import Testing
import Wire

/// Real interfaces and real multicast, in a network that this machine's own never hears of.
@Suite(
    "Interfaces and multicast in a network namespace",
    .timeLimit(.minutes(1)),
    .enabled(if: Namespace.isPermitted, "network namespaces are not permitted here: run as root")
)
struct NamespaceTests {
    @Test func addressesThatComeAndGoAreNoticed() async {
        await #expect(processExitsWith: .success) {
            let loop = try Namespace.makeLoop()
            let witness = Witness(on: loop)
            await witness.ip("link add v0 type veth peer name v1")
            await witness.ip("link set v0 addrgenmode none")
            await witness.ip("link set v1 addrgenmode none")
            await witness.ip("link set v0 up")
            await witness.ip("link set v1 up")
            try await witness.start()
            var changes = witness.changes.makeAsyncIterator()
            func next() async -> (appeared: [String], vanished: [String]) {
                let change = await changes.next()
                return (
                    (change?.appeared ?? []).map { "\($0.interface) \($0.address)" },
                    (change?.vanished ?? []).map { "\($0.interface) \($0.address)" }
                )
            }
            // The loop rests while the commands run, so all that they do is one change.
            await witness.ip("address add 192.0.2.1/24 dev v0", "address add 192.0.2.2/24 dev v0")
            var (appeared, vanished) = await next()
            precondition(appeared == ["v0 192.0.2.1", "v0 192.0.2.2"] && vanished.isEmpty)
            await witness.ip("link set v0 down")
            (appeared, vanished) = await next()
            precondition(appeared.isEmpty && vanished == ["v0 192.0.2.1", "v0 192.0.2.2"])
            await witness.ip("link set v0 up", "address del 192.0.2.2/24 dev v0")
            (appeared, vanished) = await next()
            precondition(appeared == ["v0 192.0.2.1"] && vanished.isEmpty)
            // Told only once the kernel knows that nobody else has it: then it can be bound to.
            await witness.ip("address add 2001:db8::1/64 dev v0")
            (appeared, vanished) = await next()
            precondition(appeared == ["v0 2001:db8::1"] && vanished.isEmpty)
            _ = try await Station(on: loop).open(IPAddress("2001:db8::1") ?? .any6)
            // What changes nothing that can be used is not told: the next change is the last command's.
            await witness.ip("link set v0 mtu 1400", "link add v2 type veth peer name v3")
            await loop.pause(for: .milliseconds(100))
            await witness.ip("link del v0")
            (appeared, vanished) = await next()
            precondition(appeared.isEmpty && vanished == ["v0 192.0.2.1", "v0 2001:db8::1"])
            let names = await witness.interfaces.map(\.name).sorted()
            precondition(names == ["lo", "v2", "v3"], "\(names)")
            await witness.close()
            await loop.stop()
        }
    }

    @Test func namesAreResolvedOverIPv4() async {
        await #expect(processExitsWith: .success) { try await resolveAName(over: MDNSGroup.v4) }
    }

    @Test func namesAreResolvedOverIPv6() async {
        await #expect(processExitsWith: .success) { try await resolveAName(over: MDNSGroup.v6) }
    }
}

/// One program asks all neighbours for a name, and another one answers.
private func resolveAName(over group: SocketAddress) async throws {
    let loop = try Namespace.makeLoop()
    let witness = Witness(on: loop)
    await witness.ip("link add v0 type veth peer name v1", "link set v0 up")
    await witness.ip("link set v1 up", "address add 192.0.2.1/24 dev v0")
    await witness.ip("address add fe80::1/64 dev v0 nodad")
    let interfaces = await witness.listed
    guard let interface = interfaces.first(where: { $0.name == "v0" }) else {
        preconditionFailure("\(interfaces)")
    }
    let lengths = zip(interface.addresses, interface.prefixLengths)
    precondition(lengths.contains { "\($0)" == "192.0.2.1" && $1 == 24 })
    let asker = Neighbour(on: loop, interface, group)
    let owner = Neighbour(on: loop, interface, group)
    try await asker.open()
    try await owner.open()
    var entropy = Entropy.system
    let name = MDNSName.random(&entropy)
    let ours = IPAddress("192.0.2.1") ?? .any4
    await owner.publish(name, ours)
    await asker.resolve(name)
    var answers = asker.answers.makeAsyncIterator()
    let answer = await answers.next()
    precondition(answer == .resolved(name, [ours]), "\(String(describing: answer))")
    await loop.stop()
}

/// Watches the interfaces of a loop's network, and changes them.
private actor Witness: InterfaceWatcherOwner {
    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        // `loop` is retained by this actor, so it outlives the reference.
        unsafe loop.asUnownedSerialExecutor()
    }
    nonisolated let changes: AsyncStream<InterfaceChange>
    private let sink: AsyncStream<InterfaceChange>.Continuation
    private var watcher: InterfaceWatcher?

    init(on loop: EventLoop) {
        self.loop = loop
        (changes, sink) = AsyncStream.makeStream()
    }

    /// Starts to watch, and waits until the kernel has told what there is.
    func start() async throws {
        let watcher = try InterfaceWatcher.start(
            on: loop,
            settling: .milliseconds(20),
            owner: self
        )
        self.watcher = watcher
        while watcher.interfaces.isEmpty { await Task.yield() }
    }

    var interfaces: [NetworkInterface] { watcher?.interfaces ?? [] }

    var listed: [NetworkInterface] { (try? NetworkInterfaces.list()) ?? [] }

    func close() { watcher?.close() }

    /// Runs `ip` once for each of `commands`.
    func ip(_ commands: String...) {
        for command in commands { Namespace.ip(command) }
    }

    nonisolated func interfacesChanged(_ change: InterfaceChange, by _: InterfaceWatcher) {
        assumeIsolated { _ = $0.sink.yield(change) }
    }
}

/// Asks and answers on one interface.
private actor Neighbour: DatagramOwner, LoopClient {
    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        // `loop` is retained by this actor, so it outlives the reference.
        unsafe loop.asUnownedSerialExecutor()
    }
    nonisolated let answers: AsyncStream<MDNSQuerier.Output>
    private let sink: AsyncStream<MDNSQuerier.Output>.Continuation
    private let interface: NetworkInterface
    private let group: SocketAddress
    private var querier: MDNSQuerier
    private var responder: MDNSResponder
    private var socket: UDPSocket?
    private var client: LoopClientID?

    init(on loop: EventLoop, _ interface: NetworkInterface, _ group: SocketAddress) {
        self.loop = loop
        self.interface = interface
        self.group = group
        let link = MDNSLink(
            prefixes: zip(interface.addresses, interface.prefixLengths).map {
                MDNSLink.Prefix($0, length: $1)
            }
        )
        querier = MDNSQuerier(on: link)
        responder = MDNSResponder(on: link)
        (answers, sink) = AsyncStream.makeStream()
    }

    func open() throws {
        client = loop.register(self)
        socket = try UDPSocket.bindMulticast(to: group, on: interface, loop: loop, owner: self)
    }

    func publish(_ name: MDNSName, _ address: IPAddress) {
        responder.publish(name, address, at: loop.now)
        carryOut()
    }

    func resolve(_ name: MDNSName) {
        querier.resolve(name, at: loop.now)
        carryOut()
    }

    private func carryOut() {
        while let output = querier.popOutput() {
            switch output {
            case .transmit(let bytes): socket?.send(bytes.span, to: group)
            case .resolved, .failed: sink.yield(output)
            }
        }
        while let output = responder.popOutput() {
            switch output {
            case .transmit(let bytes): socket?.send(bytes.span, to: group)
            case .reply(let bytes, let target): socket?.send(bytes.span, to: target)
            }
        }
        let deadlines = [querier.deadline, responder.deadline].compactMap { $0 }
        if let client { loop.setDeadline(deadlines.min(), for: client) }
    }

    nonisolated func readable(_ socket: UDPSocket) {
        assumeIsolated { me in
            let now = me.loop.now
            socket.receive { datagram, source in
                me.querier.receive(datagram.span, from: source, at: now)
                me.responder.receive(datagram.span, from: source, at: now)
            }
            me.carryOut()
        }
    }

    nonisolated func deadlinePassed() {
        assumeIsolated { me in
            me.querier.advance(to: me.loop.now)
            me.responder.advance(to: me.loop.now)
            me.carryOut()
        }
    }

    nonisolated func signalled() {}
}
