import NetworkSimulator
import STUN
import TURN
import TURNSupport
import Wire

/// A TURN client at a host of a simulated network, with what it said and what it got.
struct ClientNode: SimulatedNode {
    var client: TURNClient
    /// Its own address; changes when the server wants a new path.
    var local: SocketAddress
    var events: [TURNClient.Output] = []
    /// When each event came.
    var times: [Instant] = []
    var received: [Packet] = []
    /// How many bytes each message to the server had.
    var sentSizes: [Int] = []

    private var waiting = Queue<Datagram>()
    private var now = Instant.zero

    struct Packet: Hashable {
        var peer: SocketAddress
        var payload: [UInt8]
    }

    init(_ configuration: TURNClientConfiguration, at local: SocketAddress, seed: UInt64 = 7) {
        client = TURNClient(configuration, entropy: .seed(seed))
        self.local = local
    }

    var deadline: Instant? { client.deadline }

    mutating func receive(_ datagram: Datagram, at now: Instant) {
        self.now = now
        guard datagram.destination == local else { return }
        let bytes = datagram.payload
        if let data = client.receive(bytes.span, from: datagram.source, at: now) {
            received.append(Packet(peer: data.peer, payload: [UInt8](bytes[data.payload])))
        }
    }

    mutating func advance(to now: Instant) {
        self.now = now
        client.advance(to: now)
    }

    /// Sends `payload` through the relay; says whether the client let it.
    mutating func send(_ payload: [UInt8], to peer: SocketAddress) -> Bool {
        guard let message = client.wrap(payload.span, to: peer) else { return false }
        transmit(message)
        return true
    }

    mutating func transmit(_ bytes: [UInt8]) {
        sentSizes.append(bytes.count)
        waiting.append(Datagram(from: local, to: client.server, payload: bytes))
    }

    mutating func popTransmit() -> Datagram? {
        while let output = client.popOutput() {
            if case .transmit(let bytes) = output {
                transmit(bytes)
            } else {
                events.append(output)
                times.append(now)
            }
        }
        return waiting.popFirst()
    }

    var relayed: [SocketAddress] { client.relayedAddresses }
}

/// A client, its TURN server, and a peer on the internet.
struct Scene {
    let network: Simulation
    let server: Host<TURNServerNode>
    let client: Host<ClientNode>
    let peer: Host<ProbeNode>

    static let serverAddress = endpoint("192.0.2.10:3478")
    static let clientAddress = endpoint("198.51.100.1:5000")
    static let peerAddress = endpoint("203.0.113.7:6000")
    static let users = ["alice": "secret", "bob": "word"]

    init(
        seed: UInt64 = 1,
        link: Link = Link(delay: .milliseconds(10)),
        configureServer: (inout TURNServerConfiguration) -> Void = { _ in },
        configureClient: (inout TURNClientConfiguration) -> Void = { _ in }
    ) {
        network = Simulation(seed: seed)
        server = network.addTURNServer(
            at: ["192.0.2.10", "2001:db8::10"],
            users: Self.users,
            link: .instant,
            configure: configureServer
        )
        var configuration = TURNClientConfiguration(
            server: Self.serverAddress,
            credentials: STUNCredentials(username: "alice", password: "secret")
        )
        configureClient(&configuration)
        client = network.addHost(
            "client",
            addresses: [Self.clientAddress.address],
            link: link,
            node: ClientNode(configuration, at: Self.clientAddress, seed: seed)
        )
        peer = network.addHost(
            "peer",
            addresses: [Self.peerAddress.address, ip("2001:db8::7")],
            link: .instant,
            node: ProbeNode(echoes: true)
        )
    }

    /// A scene whose client has its relay.
    static func allocated(
        seed: UInt64 = 1,
        link: Link = Link(delay: .milliseconds(10)),
        configureServer: (inout TURNServerConfiguration) -> Void = { _ in },
        configureClient: (inout TURNClientConfiguration) -> Void = { _ in }
    ) -> Scene {
        let scene = Scene(
            seed: seed,
            link: link,
            configureServer: configureServer,
            configureClient: configureClient
        )
        scene.start()
        scene.run { !$0.relayed.isEmpty }
        return scene
    }

    /// A scene whose client may talk to the peer.
    static func permitted(
        seed: UInt64 = 1,
        link: Link = Link(delay: .milliseconds(10)),
        configureServer: (inout TURNServerConfiguration) -> Void = { _ in },
        configureClient: (inout TURNClientConfiguration) -> Void = { _ in }
    ) -> Scene {
        let scene = allocated(
            seed: seed,
            link: link,
            configureServer: configureServer,
            configureClient: configureClient
        )
        scene.with { $0.client.permit(peerAddress, at: $1) }
        scene.run { $0.events.contains(.permitted(peerAddress.address)) }
        return scene
    }

    func start() { with { $0.client.start(at: $1) } }

    func with(_ body: (inout ClientNode, Instant) -> Void) {
        network.with(client) { node, now in body(&node, now) }
    }

    func run(limit: Duration = .seconds(60), until isDone: (ClientNode) -> Bool) {
        network.run(until: { network.read(client) { isDone($0) } }, limit: limit)
    }

    /// Sends a packet to the peer, which echoes, and waits a little.
    func exchange(_ payload: [UInt8]) {
        with { node, _ in _ = node.send(payload, to: Self.peerAddress) }
        network.run(for: .seconds(1))
    }

    var node: ClientNode { network.read(client) { $0 } }
    var events: [TURNClient.Output] { node.events }
    var serverNode: TURNServerNode { network.read(server) { $0 } }
    var echoes: [[UInt8]] { node.received.filter { $0.peer == Self.peerAddress }.map(\.payload) }
}

func ip(_ text: String) -> IPAddress { IPAddress(text) ?? IPAddress(v4: 0) }

func endpoint(_ text: String) -> SocketAddress {
    SocketAddress(text) ?? SocketAddress(IPAddress(v4: 0), port: 0)
}
