import ICE
import STUN
import Wire

/// Two agents, the network between them, and a clock that moves from event to event.
///
/// The same seed always gives the same run.
struct VirtualNetwork {
    /// What happens to each datagram.
    struct Link {
        /// One way.
        var delay = Duration.milliseconds(50)
        var jitter = Duration.zero
        var loss = 0.0
        var duplication = 0.0
    }

    struct Side {
        var agent: ICEAgent
        var addresses: [SocketAddress]
        var selected: [(at: Instant, component: ICEComponent, pair: CandidatePair)] = []
        var lost: [(at: Instant, component: ICEComponent)] = []
        var states: [(at: Instant, state: ICEConnectionState)] = []
        var roles: [ICERole] = []
        var sent: [(at: Instant, datagram: Datagram)] = []
        var advice: [(at: Instant, reason: ICERestartReason)] = []
        /// Connections the agent has asked for, and those it has given back.
        var opened: [Connection] = []
        var closed: [Connection] = []

        /// When the agent first reached `state`.
        func time(of state: ICEConnectionState) -> Duration? {
            states.first { $0.state == state }.map { Instant.zero.duration(to: $0.at) }
        }
    }

    /// A TCP connection, as the side that opened it names it, and as the other side sees it.
    struct Connection: Hashable {
        var from: SocketAddress
        var to: SocketAddress
        /// What the operating system chose as the source.
        var outside: SocketAddress
    }

    var now = Instant.zero
    var sides: [Side]
    var link: Link
    /// Datagrams that this refuses are dropped.
    var passes: (Datagram) -> Bool = { _ in true }
    /// NAT: what a source looks like from outside.
    var mappings: [SocketAddress: SocketAddress] = [:]
    /// Promises of machines that were broken.
    var brokenLaws: [String] = []
    /// Who accepts TCP connections; others refuse them.
    var listens: (SocketAddress) -> Bool = { _ in true }
    var connections: [Connection] = []
    private var entropy: SplitMix64
    private var inFlight: [(arrival: Instant, event: Event)] = []

    private enum Event {
        case arrives(Datagram)
        case connects(side: Int, Connection)
    }

    init(_ sides: [Side], link: Link = Link(), seed: UInt64 = 1) {
        self.sides = sides
        self.link = link
        entropy = SplitMix64(seed: seed)
    }

    /// Runs until `isDone`, or for `limit`; says whether it was done.
    @discardableResult
    mutating func run(for limit: Duration, until isDone: ([Side]) -> Bool = { _ in false }) -> Bool
    {
        let end = now.advanced(by: limit)
        collect()
        while !isDone(sides) {
            let deadlines = sides.compactMap(\.agent.deadline)
            guard let next = (inFlight.map(\.arrival) + deadlines).min(), next <= end else {
                now = end
                return false
            }
            now = max(now, next)
            deliver()
            for index in sides.indices { advance(index) }
            collect()
        }
        return true
    }

    /// Lets `body` act on one side, then takes what it wants to send.
    mutating func with(_ side: Int, _ body: (inout ICEAgent, Instant) -> Void) {
        body(&sides[side].agent, now)
        collect()
    }

    /// Puts a datagram on the wire as if its source had sent it.
    mutating func inject(_ datagram: Datagram) {
        inFlight.append((now.advanced(by: link.delay), .arrives(datagram)))
    }

    private mutating func advance(_ index: Int) {
        guard let due = sides[index].agent.deadline, due <= now else { return }
        sides[index].agent.advance(to: now)
        if let next = sides[index].agent.deadline, next <= now {
            brokenLaws.append("deadline \(next) after advance(to: \(now))")
        }
    }

    private mutating func deliver() {
        while let index = inFlight.indices.min(by: { inFlight[$0].arrival < inFlight[$1].arrival }),
            inFlight[index].arrival <= now
        {
            switch inFlight.remove(at: index).event {
            case .arrives(let datagram): deliver(datagram)
            case .connects(let side, let connection): conclude(connection, of: side)
            }
        }
    }

    private mutating func deliver(_ datagram: Datagram) {
        let outside = mappings.first { $0.value == datagram.destination }?.key
        let destination = outside ?? datagram.destination
        for side in sides.indices where sides[side].addresses.contains(destination) {
            sides[side].agent.receive(
                datagram.payload.span,
                from: datagram.source,
                on: destination,
                over: datagram.transport,
                at: now
            )
        }
    }

    /// A connection is open after one round trip, or refused.
    private mutating func conclude(_ connection: Connection, of side: Int) {
        if listens(connection.to) {
            connections.append(connection)
            sides[side].agent.tcpConnected(from: connection.from, to: connection.to, at: now)
        } else {
            sides[side].agent.tcpFailed(from: connection.from, to: connection.to, at: now)
        }
    }

    private mutating func open(_ connection: Connection, from side: Int) {
        sides[side].opened.append(connection)
        inFlight.append((now.advanced(by: link.delay * 2), .connects(side: side, connection)))
    }

    private mutating func collect() {
        for index in sides.indices {
            while let output = sides[index].agent.popOutput() {
                switch output {
                case .transmit(let datagram):
                    sides[index].sent.append((now, datagram))
                    carry(datagram)
                case .selected(let component, let pair):
                    sides[index].selected.append((now, component, pair))
                case .pathLost(let component): sides[index].lost.append((now, component))
                case .stateChanged(let state): sides[index].states.append((now, state))
                case .roleChanged(let role): sides[index].roles.append(role)
                case .connect(let from, let to):
                    let port = UInt16(40_000 + connections.count + sides[index].opened.count)
                    let outside = SocketAddress(from.address, port: port)
                    open(Connection(from: from, to: to, outside: outside), from: index)
                case .disconnect(let from, let to):
                    sides[index].closed.append(Connection(from: from, to: to, outside: from))
                case .restartAdvised(_, let reason): sides[index].advice.append((now, reason))
                }
            }
        }
    }

    private mutating func carry(_ datagram: Datagram) {
        guard passes(datagram), Double.random(in: 0..<1, using: &entropy) >= link.loss else {
            return
        }
        var seen = datagram
        switch datagram.transport {
        case .udp: seen.source = mappings[datagram.source] ?? datagram.source
        case .tcp:
            guard let carried = carriedOverTCP(datagram) else { return }
            return inFlight.append((now.advanced(by: link.delay), .arrives(carried)))
        }
        inFlight.append((now.advanced(by: delay()), .arrives(seen)))
        if Double.random(in: 0..<1, using: &entropy) < link.duplication {
            inFlight.append((now.advanced(by: delay()), .arrives(seen)))
        }
    }

    /// The same with the names that the other end of the connection uses; nil if there is none.
    private func carriedOverTCP(_ datagram: Datagram) -> Datagram? {
        for connection in connections {
            var seen = datagram
            if connection.from == datagram.source, connection.to == datagram.destination {
                seen.source = connection.outside
                return seen
            }
            if connection.to == datagram.source, connection.outside == datagram.destination {
                seen.destination = connection.from
                return seen
            }
        }
        return nil
    }

    private mutating func delay() -> Duration {
        link.delay + link.jitter * Double.random(in: 0...1, using: &entropy)
    }
}

// MARK: - Two ordinary agents

/// What both sides of a test know about each other.
struct Party {
    static let left = Party(number: 1)
    static let right = Party(number: 2)

    var number: Int

    func address(_ port: UInt16 = 5_000, host: Int = 1) -> SocketAddress {
        SocketAddress(IPAddress(v4: 0x0A00_0000 + UInt32(number * 256 + host)), port: port)
    }

    var credentials: ICECredentials {
        ICECredentials(
            usernameFragment: "user\(number)",
            password: "password-of-party-number-\(number)"
        )
    }

    var other: Party { Party(number: 3 - number) }

    /// An agent with one stream and `hosts` candidates for each of its components.
    func side(
        _ role: ICERole,
        hosts: Int = 1,
        components: Int = 1,
        configuration: ICEConfiguration = .init(),
        seed: UInt64 = 1
    ) -> VirtualNetwork.Side {
        var agent = ICEAgent(
            role: role,
            configuration: configuration,
            entropy: .seed(seed &* 2 &+ UInt64(number))
        )
        agent.addStream(0, components: components, credentials: credentials)
        let candidates = candidates(hosts: hosts, components: components)
        for candidate in candidates { agent.add(local: candidate, to: 0, at: .zero) }
        return VirtualNetwork.Side(agent: agent, addresses: candidates.map(\.address))
    }

    func candidates(hosts: Int = 1, components: Int = 1) -> [Candidate] {
        (1...hosts).flatMap { host in
            (1...components).map { component in
                Candidate.host(
                    address(UInt16(5_000 + component), host: host),
                    component: UInt8(component),
                    localPreference: UInt16(65_536 - host)
                )
            }
        }
    }
}

extension VirtualNetwork {
    /// Two agents, the left one controlling, that know each other from the start.
    static func pair(
        hosts: Int = 1,
        components: Int = 1,
        roles: (ICERole, ICERole) = (.controlling, .controlled),
        configuration: ICEConfiguration = .init(),
        link: Link = Link(),
        mappings: [SocketAddress: SocketAddress] = [:],
        renominates: Bool = false,
        seed: UInt64 = 1
    ) -> VirtualNetwork {
        var network = VirtualNetwork(
            [
                Party.left.side(
                    roles.0,
                    hosts: hosts,
                    components: components,
                    configuration: configuration,
                    seed: seed
                ),
                Party.right.side(
                    roles.1,
                    hosts: hosts,
                    components: components,
                    configuration: configuration,
                    seed: seed
                ),
            ],
            link: link,
            seed: seed
        )
        network.mappings = mappings
        network.introduce(hosts: hosts, components: components, renominates: renominates)
        return network
    }

    /// Tells each side the credentials and the candidates of the other.
    mutating func introduce(hosts: Int = 1, components: Int = 1, renominates: Bool = false) {
        for (side, party) in [(0, Party.right), (1, Party.left)] {
            with(side) { agent, now in
                for candidate in party.candidates(hosts: hosts, components: components) {
                    agent.add(remote: candidate, to: 0, at: now)
                }
                agent.setRemote(party.credentials, renominates: renominates, of: 0, at: now)
            }
        }
    }

    /// Runs until both sides have agreed on every path.
    @discardableResult
    mutating func connect(within limit: Duration = .seconds(60)) -> Bool {
        run(for: limit) { $0.allSatisfy { $0.agent.state == .completed } }
    }
}

extension VirtualNetwork {
    /// The address that a side sends from now.
    func base(_ side: Int) -> SocketAddress? {
        sides[side].agent.selectedPair(of: ICEComponent(stream: 0))?.local.base
    }

    /// Loses every datagram from and to `address`.
    mutating func cut(_ addresses: SocketAddress...) {
        passes = { !addresses.contains($0.source) && !addresses.contains($0.destination) }
    }
}

/// Requests among what a side has sent.
func requests(_ sent: [(at: Instant, datagram: Datagram)]) -> [(at: Instant, datagram: Datagram)] {
    sent.filter { entry in
        (try? STUNPacket(parsing: entry.datagram.payload.span))?.messageClass == .request
    }
}
