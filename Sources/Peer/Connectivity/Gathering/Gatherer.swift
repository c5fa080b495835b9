import ICE
import STUN
import TURN
import Wire

/// Asks STUN and TURN servers for candidates: all in parallel, and none longer than it is of use.
///
/// One STUN answer for a socket is enough, and one relay for each component and interface; the fastest
/// wins, and what the others do is not waited for. Where nobody answers, a total bound ends it.
struct Gatherer: Sendable {
    /// One thing the session must do or know.
    enum Output: Sendable {
        case transmit(Datagram)
        case network(NetworkRequest)
        /// Our address as a server sees it, at the socket `base`.
        case reflexive(SocketAddress, base: SocketAddress, by: SocketAddress, ICEComponent)
        /// A relay is there.
        case relayed([Candidate], ICEComponent)
        /// A relay has gone.
        case lost([SocketAddress], ICEComponent)
        case failed(ICECandidateError)
        /// A server lets no packets pass between these relayed addresses and the peer.
        case refused([SocketAddress], peer: IPAddress, TURNError)
        /// All that a transport will have is there.
        case finished(stream: Int)
    }

    /// What is known about one socket.
    struct Probe: Sendable {
        var component: ICEComponent
        let socket: SocketAddress
        var client: BindingClient
        /// Servers that have not answered.
        var waiting: [SocketAddress] = []
        var hasMapped = false
    }

    /// The work on one transport.
    struct Job: Sendable {
        var stream: Int
        var sockets: [(component: ICEComponent, address: SocketAddress)] = []
        var hasAllSockets = false
        var hasAsked = false
        var began: Instant
        var limit: Instant
        /// Whether all that is left to come would only be more of the same.
        var isServed = false
        var isFinished = false
    }

    var servers = ServerTable()
    var probes: [Probe] = []
    var relays: [Relay] = []
    var jobs: [Job] = []
    var outputs = Queue<Output>()
    var wantsReflexive = true
    var wantsRelayed = true
    var lastStream = 0
    /// Sockets that other sessions use as well: a server would take them all for one client.
    private(set) var shared: Set<SocketAddress> = []
    private(set) var peers: [ICEComponent: [SocketAddress]] = [:]
    var entropy: Entropy

    init(entropy: consuming Entropy) { self.entropy = entropy }

    /// Whether packets from anywhere but peers may come: the question of every packet.
    var isIdle: Bool { probes.isEmpty && relays.isEmpty }

    var deadline: Instant? {
        var earliest: Instant?
        func consider(_ instant: Instant?) {
            guard let instant else { return }
            earliest = earliest.map { min($0, instant) } ?? instant
        }
        for probe in probes { consider(probe.client.deadline) }
        for relay in relays { consider(relay.client.deadline) }
        guard !servers.entries.isEmpty else { return earliest }
        for job in jobs where !job.isFinished { consider(job.limit) }
        return earliest
    }

    mutating func advance(to now: Instant) {
        for index in probes.indices { probes[index].client.advance(to: now) }
        for index in relays.indices { relays[index].client.advance(to: now) }
        endOverdue(at: now)
        settle(at: now)
    }

    mutating func popOutput() -> Output? { outputs.popFirst() }

    /// Ends what has taken too long; without servers only the owner knows when all sockets are open.
    private mutating func endOverdue(at now: Instant) {
        guard !servers.entries.isEmpty else { return }
        for index in jobs.indices where !jobs[index].isFinished && jobs[index].limit <= now {
            giveUp(on: jobs[index].stream)
            jobs[index].hasAsked = true
            jobs[index].hasAllSockets = true
        }
    }
}

// MARK: - Inputs

extension Gatherer {
    /// A socket of the transport is open.
    mutating func add(
        _ socket: SocketAddress,
        of component: ICEComponent,
        isShared: Bool,
        at now: Instant
    ) {
        if isShared { shared.insert(socket) }
        let index = job(component.stream, at: now)
        jobs[index].sockets.append((component, socket))
        if jobs[index].hasAsked || !servers.isResolving {
            ask(from: socket, of: component, at: now)
        }
        settle(at: now)
    }

    /// No more sockets will be opened for the transport.
    mutating func endSockets(of stream: Int, at now: Instant) {
        jobs[job(stream, at: now)].hasAllSockets = true
        settle(at: now)
    }

    /// Goes over to other servers; those that stay get their credentials renewed without a gap.
    mutating func set(_ servers: [ICEServer], at now: Instant) {
        for error in self.servers.set(servers) { outputs.append(.failed(error)) }
        for index in relays.indices {
            guard let credentials = self.servers.credentials(of: relays[index].url),
                credentials != relays[index].credentials
            else { continue }
            relays[index].credentials = credentials
            relays[index].client.update(credentials: credentials, at: now)
        }
        settle(at: now)
    }

    /// The answer to ``NetworkRequest/resolve(host:)``.
    mutating func resolved(_ host: String, to addresses: [IPAddress], at now: Instant) {
        for error in servers.resolved(host, to: addresses) { outputs.append(.failed(error)) }
        settle(at: now)
    }

    /// The transport is not used any more.
    mutating func remove(_ stream: Int, at now: Instant) {
        probes.removeAll { $0.component.stream == stream }
        for index in relays.indices where relays[index].component.stream == stream {
            release(index, at: now)
        }
        jobs.removeAll { $0.stream == stream }
        settle(at: now)
    }

    /// What was gathered for `pooled` is that of the transport `stream` from now on.
    mutating func rename(_ pooled: Int, to stream: Int) {
        func renamed(_ component: ICEComponent) -> ICEComponent {
            guard component.stream == pooled else { return component }
            return ICEComponent(stream: stream, component: component.component)
        }
        for index in probes.indices { probes[index].component = renamed(probes[index].component) }
        for index in relays.indices { relays[index].component = renamed(relays[index].component) }
        for index in jobs.indices where jobs[index].stream == pooled {
            jobs[index].stream = stream
            jobs[index].sockets = jobs[index].sockets.map { (renamed($0.component), $0.address) }
        }
    }

    /// Packets of this address of the peer shall pass our relays (RFC 8656 §9).
    mutating func expect(_ peer: SocketAddress, on component: ICEComponent, at now: Instant) {
        var known = peers[component] ?? []
        guard !known.contains(peer), known.count < maximumPeers else { return }
        known.append(peer)
        peers[component] = known
        for index in relays.indices where relays[index].component == component {
            relays[index].client.permit(peer, at: now)
        }
        settle(at: now)
    }

    private mutating func job(_ stream: Int, at now: Instant) -> Int {
        if let index = jobs.firstIndex(where: { $0.stream == stream }) { return index }
        jobs.append(Job(stream: stream, began: now, limit: now.advanced(by: totalBound)))
        return jobs.count - 1
    }

    /// Looks for what a transport needs once more, as after a server has died.
    ///
    /// Relays that are there go on, but are asked whether they live, and others are looked for.
    mutating func renew(_ stream: Int, at now: Instant) {
        guard let index = jobs.firstIndex(where: { $0.stream == stream }) else { return }
        for relay in relays.indices
        where relays[relay].component.stream == stream && relays[relay].isInUse {
            relays[relay].isDoubted = true
            guard let credentials = servers.credentials(of: relays[relay].url) else { continue }
            relays[relay].client.update(credentials: credentials, at: now)
        }
        jobs[index].isFinished = false
        jobs[index].isServed = false
        jobs[index].began = now
        jobs[index].limit = now.advanced(by: totalBound)
        jobs[index].hasAsked = true
        for socket in jobs[index].sockets {
            ask(from: socket.address, of: socket.component, at: now)
        }
        settle(at: now)
    }

    /// A socket has gone with its address.
    mutating func remove(socket: SocketAddress, at now: Instant) {
        probes.removeAll { $0.socket == socket }
        let gone = relays.filter { $0.hop == .socket(socket) || $0.home == socket }
        for relay in gone {
            if relay.isInUse { outputs.append(.lost(relay.addresses, relay.component)) }
            if let own = relay.ownSocket, own != socket {
                outputs.append(.network(.closeSocket(own)))
            }
            if let number = relay.stream { outputs.append(.network(.closeStream(number))) }
        }
        relays.removeAll { $0.hop == .socket(socket) || $0.home == socket }
        for index in jobs.indices { jobs[index].sockets.removeAll { $0.address == socket } }
        settle(at: now)
    }
}

/// As long as any server may take, in all; what answers within it is of use.
private let totalBound = Duration.seconds(10)
/// As many as a relay permits (and ICE pairs).
private let maximumPeers = 256
