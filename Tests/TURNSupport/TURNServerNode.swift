public import NetworkSimulator
public import TURN
public import Wire

/// A TURN and STUN server as a host of a simulated network.
///
/// For any test that wants a relay in its network: the addresses of the host are those of the server
/// and of its relays, port 3478 takes requests over UDP, and everything else is a relay's port.
///
/// ```swift
/// let network = Simulation(seed: 1)
/// let relay = network.addTURNServer(at: ["192.0.2.10"], users: ["alice": "secret"])
/// // clients of 192.0.2.10:3478 in the realm "example.org" get relays at 192.0.2.10
/// network.with(relay) { node, now in node.isDown = true }             // the server dies
/// network.with(relay) { node, now in node.restart(at: now) }          // and comes back empty
/// network.read(relay) { $0.events }
/// ```
///
/// Its rules on peers allow private addresses, which are common in simulated networks.
public struct TURNServerNode: SimulatedNode {
    /// The server itself; its limits and rules are in the configuration.
    public private(set) var server: TURNServer
    /// What happened on it, oldest first.
    public private(set) var events: [TURNServerEvent] = []
    /// Whether the machine is off: it takes and sends nothing.
    public var isDown = false
    /// Ports that something else on the machine has already.
    public var occupiedPorts: Set<UInt16> = []

    private let listening: [SocketAddress]
    private var relays: [SocketAddress: TURNRelayID] = [:]
    private var bound: [TURNRelayID: SocketAddress] = [:]
    private var waiting = Queue<Datagram>()
    private var starts: UInt64 = 0

    /// A server with this configuration, which listens on its relays' addresses.
    public init(_ configuration: TURNServerConfiguration, port: UInt16 = 3_478, at now: Instant) {
        var configuration = configuration
        listening = configuration.relays.map { SocketAddress($0.local, port: port) }
        configuration.listening = listening
        server = TURNServer(
            configuration,
            unixTime: TURNServerNode.unixTimeAtStart,
            at: .zero,
            entropy: .seed(0xACE)
        )
        server.advance(to: now)
    }

    /// What time it is when a simulation starts, in seconds since 1970: for time-limited credentials.
    public static let unixTimeAtStart: Int64 = 1_800_000_000

    /// Comes back after a crash: allocations, sockets and nonces are gone.
    public mutating func restart(
        with configuration: TURNServerConfiguration? = nil,
        at now: Instant
    ) {
        starts += 1
        server = TURNServer(
            configuration ?? server.configuration,
            unixTime: TURNServerNode.unixTimeAtStart + now.nanoseconds / 1_000_000_000,
            at: now,
            entropy: .seed(0xACE + starts)
        )
        relays = [:]
        bound = [:]
        isDown = false
    }

    /// Sends `payload` from the server's own address, as an attacker might who can write its name.
    public mutating func send(_ payload: [UInt8], to destination: SocketAddress) {
        waiting.append(Datagram(from: listening[0], to: destination, payload: payload))
    }

    public var deadline: Instant? { isDown ? nil : server.deadline }

    public mutating func receive(_ datagram: Datagram, at now: Instant) {
        guard !isDown else { return }
        if listening.contains(datagram.destination) {
            let path = TURNPath(from: datagram.source, to: datagram.destination)
            if let forward = server.receive(datagram.payload.span, on: path, at: now),
                let source = bound[forward.relay]
            {
                waiting.append(
                    Datagram(
                        from: source,
                        to: forward.peer,
                        payload: [UInt8](datagram.payload[forward.payload])
                    )
                )
            }
        } else if let relay = relays[datagram.destination] {
            deliver(datagram, relay, at: now)
        }
        carryOut(at: now)
    }

    private mutating func deliver(_ datagram: Datagram, _ relay: TURNRelayID, at now: Instant) {
        let count = datagram.payload.count
        let delivery = server.receive(count: count, from: datagram.source, at: relay, at: now)
        guard let delivery else { return }
        let framing = delivery.framing
        let capacity = framing.headerLength + count + TURNFraming.maximumPadding
        var message = [UInt8](repeating: 0, count: capacity)
        var span = message.mutableSpan
        span.replace(at: framing.headerLength, with: datagram.payload.span)
        guard let length = framing.finish(&span, payloadCount: count) else { return }
        message.removeLast(capacity - length)
        waiting.append(
            Datagram(from: delivery.path.server, to: delivery.path.client, payload: message)
        )
    }

    public mutating func advance(to now: Instant) {
        guard !isDown else { return }
        server.advance(to: now)
        carryOut(at: now)
    }

    private mutating func carryOut(at now: Instant) {
        while let output = server.popOutput() {
            switch output {
            case .transmit(let bytes, let path):
                waiting.append(Datagram(from: path.server, to: path.client, payload: bytes))
            case .openRelay(let relay, let address):
                guard !occupiedPorts.contains(address.port) else {
                    server.relayFailed(relay, at: now)
                    continue
                }
                relays[address] = relay
                bound[relay] = address
                server.relayOpened(relay, at: now)
            case .closeRelay(let relay):
                if let address = bound.removeValue(forKey: relay) { relays[address] = nil }
            case .event(let event): events.append(event)
            }
        }
    }

    public mutating func popTransmit() -> Datagram? {
        guard !isDown else { return nil }
        return waiting.popFirst()
    }
}

extension Simulation {
    /// Adds a host with a TURN server, whose users and rules are the given ones.
    ///
    /// Addresses that are none are left out.
    public func addTURNServer(
        _ name: String = "turn",
        at addresses: [String],
        users: [String: String],
        link: Link = Link(),
        configure: (inout TURNServerConfiguration) -> Void = { _ in }
    ) -> Host<TURNServerNode> {
        let parsed = addresses.compactMap { IPAddress($0) }
        var configuration = TURNServerConfiguration(
            realm: "example.org",
            relays: parsed.map { TURNServerConfiguration.RelayAddress($0) }
        )
        configuration.users = users
        configuration.peers.allowsPrivate = true
        configure(&configuration)
        return addHost(
            name,
            addresses: parsed,
            link: link,
            node: TURNServerNode(configuration, at: now)
        )
    }
}
