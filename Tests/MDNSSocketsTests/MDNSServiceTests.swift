import LinuxIO
import MDNS
import MDNSSockets
import Support
import Testing
import Wire

/// Real multicast, in a network that this machine's own never hears of.
@Suite(
    "Multicast DNS in a network namespace (RFC 6762)",
    .timeLimit(.minutes(1)),
    .enabled(if: Namespace.isPermitted, "network namespaces are not permitted here: run as root")
)
struct MDNSServiceTests {
    @Test func namesAreResolvedOverIPv4UntilTheServiceCloses() async {
        await #expect(processExitsWith: .success) {
            let loop = try namespaceLoop()
            let home = Home(on: loop)
            await home.ip("link add v0 type veth peer name v1", "link set v0 addrgenmode none")
            await home.ip("link set v0 up", "link set v1 up", "address add 192.0.2.1/24 dev v0")
            await home.open()
            let address = IPAddress("192.0.2.1") ?? .any4
            let name = await home.publish(address)
            let found = await home.resolve(name)
            precondition(found == .success([address]), "\(found)")
            await home.withdraw(name)
            await home.closeAsker()
            let lost = await home.resolve(name)
            precondition(lost == .failure(.noAnswer), "\(lost)")
            await loop.stop()
        }
    }

    @Test func namesAreResolvedOverIPv6() async {
        await #expect(processExitsWith: .success) {
            let loop = try namespaceLoop()
            let home = Home(on: loop)
            await home.ip("link add v0 type veth peer name v1", "link set v0 addrgenmode none")
            await home.ip("link set v0 up", "link set v1 up")
            await home.ip("address add 2001:db8::1/64 dev v0 nodad")
            await home.ip("address add fe80::1/64 dev v0 nodad")
            await home.open()
            let address = IPAddress("2001:db8::1") ?? .any6
            let found = await home.resolve(await home.publish(address))
            precondition(found == .success([address]), "\(found)")
            await loop.stop()
        }
    }

    @Test func anInterfaceThatComesLaterIsUsed() async {
        await #expect(processExitsWith: .success) {
            let loop = try namespaceLoop()
            let home = Home(on: loop)
            await home.open()
            let nobody = await home.resolve(MDNSName("nobody.local") ?? home.anyName)
            precondition(nobody == .failure(.noAnswer), "\(nobody)")
            await home.ip("link add v0 type veth peer name v1", "link set v0 addrgenmode none")
            await home.ip("link set v0 up", "link set v1 up", "address add 192.0.2.1/24 dev v0")
            let address = IPAddress("192.0.2.1") ?? .any4
            let name = await home.publish(address)
            await home.update()
            let found = await home.resolve(name)
            precondition(found == .success([address]), "\(found)")
            await loop.stop()
        }
    }
}

/// A loop in a network of its own, which everything that it does is in.
private func namespaceLoop() throws -> EventLoop {
    Namespace.enter()
    return try EventLoop(name: "namespace")
}

/// Two programs on one machine, who hear each other by multicast alone.
private actor Home {
    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        // `loop` is retained by this actor, so it outlives the reference.
        unsafe loop.asUnownedSerialExecutor()
    }
    nonisolated let anyName: MDNSName
    private var asker: MDNSService?
    private var owner: MDNSService?

    init(on loop: EventLoop) {
        self.loop = loop
        var entropy = Entropy.system
        anyName = .random(&entropy)
    }

    func ip(_ commands: String...) {
        for command in commands { Namespace.ip(command) }
    }

    private var interfaces: [NetworkInterface] { (try? NetworkInterfaces.list()) ?? [] }

    func open() {
        asker = MDNSService(on: loop, interfaces: interfaces)
        owner = MDNSService(on: loop, interfaces: interfaces)
    }

    func update() {
        asker?.update(interfaces)
        owner?.update(interfaces)
        precondition(asker?.lastError == nil && owner?.lastError == nil)
    }

    func publish(_ address: IPAddress) -> MDNSName { owner?.publish(address) ?? anyName }

    func withdraw(_ name: MDNSName) { owner?.withdraw(name) }

    func closeAsker() { asker?.close() }

    func resolve(_ name: MDNSName) async -> MDNSService.Resolution {
        await withCheckedContinuation { continuation in
            asker?.resolve(name) { continuation.resume(returning: $0) }
        }
    }
}
