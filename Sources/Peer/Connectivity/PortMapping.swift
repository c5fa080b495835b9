import STUN
public import Wire

/// What the outside knows a socket as that several sessions share: asked once for all of them.
///
/// All servers are asked at first and the fastest is believed; from then on that one alone is asked
/// every 15 s, which keeps the NAT's mapping open and notices when it changes.
///
/// ```swift
/// var mapping = PortMapping(of: local, servers: servers)
/// mapping.start(at: now)
/// while let output = mapping.popOutput() {
///     switch output {
///     case .transmit(let bytes, let server): socket.send(bytes.span, to: server)
///     case .mapped(let address, let server):
///         for session in sessions { session.addMappedAddress(address, of: local, by: server) }
///     }
/// }
/// ```
public struct PortMapping: Machine, Sendable {
    /// One thing the owner must do or know.
    public enum Output: Hashable, Sendable {
        /// Send this from the socket.
        case transmit([UInt8], to: SocketAddress)
        /// The socket has this address from now on, as the server sees it.
        case mapped(SocketAddress, by: SocketAddress)
    }

    /// The socket it is about.
    public let local: SocketAddress
    /// Its address outside, and who has said so; nil while nobody has.
    public private(set) var mapped: (address: SocketAddress, server: SocketAddress)?

    private let servers: [SocketAddress]
    private var client: BindingClient
    private var nextRound: Instant?
    private var outputs = Queue<Output>()

    /// A mapping that nobody has asked for yet; of the servers, those that `local` can reach count.
    public init(
        of local: SocketAddress,
        servers: [SocketAddress],
        entropy: consuming Entropy = .system
    ) {
        self.local = local
        self.servers = servers.filter {
            $0.address.family == local.address.family
                && ($0.address.isLoopback || !local.address.isLoopback)
        }
        client = BindingClient(entropy: entropy)
    }

    public var deadline: Instant? {
        guard let round = nextRound else { return nil }
        return client.deadline.map { min($0, round) } ?? round
    }

    /// Asks all servers, now and again.
    public mutating func start(at now: Instant) {
        guard nextRound == nil, !servers.isEmpty else { return }
        ask(servers, at: now)
        drain(at: now)
    }

    /// Takes a packet, if it may be an answer of a server.
    public mutating func receive(
        _ packet: Span<UInt8>,
        from source: SocketAddress,
        at now: Instant
    ) -> Bool {
        guard packet.count > 1, packet[0] == 1, servers.contains(source) else { return false }
        client.receive(packet, from: source, at: now)
        drain(at: now)
        return true
    }

    public mutating func advance(to now: Instant) {
        client.advance(to: now)
        if let round = nextRound, round <= now { ask(known, at: now) }
        drain(at: now)
    }

    public mutating func popOutput() -> Output? { outputs.popFirst() }

    /// Whom to ask: the server that has answered, or all.
    private var known: [SocketAddress] { mapped.map { [$0.server] } ?? servers }

    private mutating func ask(_ servers: [SocketAddress], at now: Instant) {
        for server in servers { client.query(server, at: now) }
        nextRound = now.advanced(by: refreshInterval)
    }

    private mutating func drain(at now: Instant) {
        while let output = client.popOutput() {
            switch output {
            case .transmit(let bytes, let server): outputs.append(.transmit(bytes, to: server))
            case .mapped(let address, let server, _): note(address.unmapped, by: server)
            case .failed(_, let server):
                // It may be gone for good, and what it has said with it: the others are asked.
                guard mapped?.server == server else { continue }
                mapped = nil
                ask(servers.filter { $0 != server }, at: now)
            }
        }
    }

    private mutating func note(_ address: SocketAddress, by server: SocketAddress) {
        for other in servers where other != server { client.cancel(other) }
        let isNew = mapped?.address != address
        mapped = (address, server)
        if isNew { outputs.append(.mapped(address, by: server)) }
    }
}

/// RFC 8445 §11: no mapping is forgotten within 15 s.
private let refreshInterval = Duration.seconds(15)
