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
        var states: [(at: Instant, state: ICEConnectionState)] = []
        var roles: [ICERole] = []
        var sent: [(at: Instant, datagram: Datagram)] = []

        /// When the agent first reached `state`.
        func time(of state: ICEConnectionState) -> Duration? {
            states.first { $0.state == state }.map { Instant.zero.duration(to: $0.at) }
        }
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
    private var entropy: SplitMix64
    private var inFlight: [(arrival: Instant, datagram: Datagram)] = []

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
        inFlight.append((now.advanced(by: link.delay), datagram))
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
            let datagram = inFlight.remove(at: index).datagram
            let outside = mappings.first { $0.value == datagram.destination }?.key
            let destination = outside ?? datagram.destination
            for side in sides.indices where sides[side].addresses.contains(destination) {
                sides[side].agent.receive(
                    datagram.payload.span,
                    from: datagram.source,
                    on: destination,
                    at: now
                )
            }
        }
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
                case .stateChanged(let state): sides[index].states.append((now, state))
                case .roleChanged(let role): sides[index].roles.append(role)
                }
            }
        }
    }

    private mutating func carry(_ datagram: Datagram) {
        guard passes(datagram), Double.random(in: 0..<1, using: &entropy) >= link.loss else {
            return
        }
        var seen = datagram
        seen.source = mappings[datagram.source] ?? datagram.source
        inFlight.append((now.advanced(by: delay()), seen))
        if Double.random(in: 0..<1, using: &entropy) < link.duplication {
            inFlight.append((now.advanced(by: delay()), seen))
        }
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
        network.introduce(hosts: hosts, components: components)
        return network
    }

    /// Tells each side the credentials and the candidates of the other.
    mutating func introduce(hosts: Int = 1, components: Int = 1) {
        for (side, party) in [(0, Party.right), (1, Party.left)] {
            with(side) { agent, now in
                for candidate in party.candidates(hosts: hosts, components: components) {
                    agent.add(remote: candidate, to: 0, at: now)
                }
                agent.setRemote(party.credentials, of: 0, at: now)
            }
        }
    }

    /// Runs until both sides have agreed on every path.
    @discardableResult
    mutating func connect(within limit: Duration = .seconds(60)) -> Bool {
        run(for: limit) { $0.allSatisfy { $0.agent.state == .completed } }
    }
}

/// Requests among what a side has sent.
func requests(_ sent: [(at: Instant, datagram: Datagram)]) -> [(at: Instant, datagram: Datagram)] {
    sent.filter { entry in
        (try? STUNPacket(parsing: entry.datagram.payload.span))?.messageClass == .request
    }
}
