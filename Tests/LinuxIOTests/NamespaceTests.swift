import LinuxIO
import Support
import Testing
import Wire

/// Real interfaces, in a network that this machine's own never hears of.
@Suite(
    "Interfaces in a network namespace",
    .timeLimit(.minutes(1)),
    .enabled(if: Namespace.isPermitted, "network namespaces are not permitted here: run as root")
)
struct NamespaceTests {
    @Test func addressesThatComeAndGoAreNoticed() async {
        await #expect(processExitsWith: .success) {
            let loop = try namespaceLoop()
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
}

/// A loop in a network of its own, which everything that it does is in.
func namespaceLoop() throws -> EventLoop {
    Namespace.enter()
    return try EventLoop(name: "namespace")
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

    func close() { watcher?.close() }

    /// Runs `ip` once for each of `commands`.
    func ip(_ commands: String...) {
        for command in commands { Namespace.ip(command) }
    }

    nonisolated func interfacesChanged(_ change: InterfaceChange, by _: InterfaceWatcher) {
        assumeIsolated { _ = $0.sink.yield(change) }
    }
}
