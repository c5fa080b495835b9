import LinuxIO
import Support
import Swiftlet
import Testing
import Wire

/// A network with two interfaces of ours, and a third for servers.
struct TwoInterfaces {
    let addresses: [IPAddress]
    let server: IPAddress
    let group: EventLoopGroup
    private let shell: Shell

    var loop: EventLoop { shell.loop }

    init() throws {
        Namespace.enter()
        Namespace.ip("link set lo up")
        let names = ["192.0.2.1", "198.51.100.1", "203.0.113.1"]
        for (index, name) in names.enumerated() {
            Namespace.ip("link add v\(index) type veth peer name w\(index)")
            for end in ["v", "w"] {
                Namespace.ip("link set \(end)\(index) addrgenmode none")
                Namespace.ip("link set \(end)\(index) up")
            }
            Namespace.ip("address add \(name)/24 dev v\(index)")
        }
        addresses = try names.prefix(2).map { try #require(IPAddress($0)) }
        server = try #require(IPAddress(names[2]))
        group = try EventLoopGroup(count: 1)
        shell = Shell(on: try EventLoop(name: "shell"))
    }

    var configuration: Configuration {
        var configuration = Configuration()
        configuration.loops = group
        configuration.sockets.includedInterfaces = ["v0", "v1"]
        return configuration
    }

    func remove(_ address: IPAddress) async {
        let index = addresses.firstIndex(of: address) ?? 0
        await shell.run("address del \(address)/24 dev v\(index)")
    }

    func add(_ address: String, to index: Int) async {
        await shell.run("address add \(address)/24 dev v\(index)")
    }

    func listeners() async -> String { await shell.listeners() }

    func stop() async {
        await group.stop()
        await shell.loop.stop()
    }
}

/// Changes the network from a thread that is in it.
private actor Shell {
    nonisolated let loop: EventLoop
    nonisolated var unownedExecutor: UnownedSerialExecutor {
        // `loop` is retained by this actor, so it outlives the reference.
        unsafe loop.asUnownedSerialExecutor()
    }

    init(on loop: EventLoop) { self.loop = loop }

    func run(_ words: String) { Namespace.ip(words) }

    /// Where somebody listens.
    func listeners() -> String { Namespace.listeners().joined(separator: " ") }
}
