public import Wire

/// Hosts, the networks between them, and a clock that only moves from event to event.
///
/// Everything follows from the seed: the same program with the same seed gives the same run, byte for
/// byte. Chance belongs to each direction of each link, so adding a host leaves the others alone.
///
/// ```swift
/// let network = Simulation(seed: 7)
/// let home = network.addNetwork(behind: NAT(kind: .portRestricted, publicAddress: router))
/// let alice = network.addHost("alice", addresses: [private1], on: home, node: aliceNode)
/// let bob = network.addHost(
///     "bob",
///     addresses: [public1],
///     link: Link(delay: .milliseconds(30), loss: .random(0.05)),
///     node: bobNode
/// )
/// network.schedule(.outage(of: bob, from: .seconds(3), for: .seconds(2)))
/// let ending = network.run(until: { network.read(bob) { $0.isConnected } }, limit: .seconds(30))
/// #expect(ending == .done)
/// ```
///
/// A simulation belongs to one thread at a time. On it OpenSSL's clock and randomness follow the
/// simulation while a node is being called; what is made outside of nodes, such as certificates, is
/// to be made inside ``simulated(_:)``.
public final class Simulation {
    /// What everything follows from.
    public let seed: UInt64
    /// The time it is; zero at the start.
    public internal(set) var now = Instant.zero
    /// What became of the datagrams.
    public internal(set) var statistics = TrafficStatistics()
    /// What crossed the network.
    public var capture = Capture()
    /// How many events one run may take before it is taken for a livelock.
    public var stepLimit = 5_000_000

    var agenda = Agenda()
    var topology = Topology()
    var hosts: [HostRecord] = []
    var dropRules: [(Datagram, Instant) -> Bool] = []
    /// Set when a node does not stop sending.
    var isRunaway = false
    /// Seeds OpenSSL's randomness for what belongs to no node.
    private var random: SplitMix64
    /// How often each label was given a stream of random numbers.
    private var streamCounts: [String: Int] = [:]

    /// A network that is only the internet, with nobody on it.
    public init(seed: UInt64) {
        self.seed = seed
        random = SplitMix64(seed: seed).stream(named: "openssl")
    }

    /// Adds a network whose way to `outer` leads through `nat`.
    ///
    /// `link` is the NAT's own line to the outside; `uplink` the direction away from the hosts, if it
    /// differs. The public address must be free on `outer`.
    @discardableResult
    public func addNetwork(
        _ name: String = "network",
        behind nat: NAT,
        on outer: Subnet = .internet,
        link: Link = .instant,
        uplink: Link? = nil
    ) -> Subnet {
        let subnet = Subnet(index: topology.segments.count)
        topology.segments.append(Topology.Segment())
        let table = NATTable(nat, random: stream("nat \(name)"))
        topology.addGateway(
            Topology.Gateway(
                inside: subnet.index,
                outside: outer.index,
                table: table,
                uplink: addLane(uplink ?? link, "nat \(name) up"),
                downlink: addLane(link, "nat \(name) down")
            )
        )
        return subnet
    }

    /// Adds a host with one interface, and the node that lives there.
    ///
    /// `link` is the host's line to its network; `uplink` the direction away from the host, if it
    /// differs. The addresses must be free on `subnet`.
    @discardableResult
    public func addHost<Node: SimulatedNode & ~Copyable>(
        _ name: String,
        addresses: [IPAddress],
        on subnet: Subnet = .internet,
        link: Link = Link(),
        uplink: Link? = nil,
        node: consuming Node
    ) -> Host<Node> {
        let host = Host(name: name, index: hosts.count, box: NodeBox(node))
        hosts.append(
            HostRecord(name: name, station: host.box, random: stream("openssl \(name)"))
        )
        addInterface(to: host, addresses: addresses, on: subnet, link: link, uplink: uplink)
        call(host.index) { _ in }
        return host
    }

    /// Adds a host whose node is made on virtual time, OpenSSL's clock and randomness included.
    @discardableResult
    public func addHost<Node: SimulatedNode & ~Copyable, Failure: Error>(
        _ name: String,
        addresses: [IPAddress],
        on subnet: Subnet = .internet,
        link: Link = Link(),
        uplink: Link? = nil,
        makeNode: (Instant) throws(Failure) -> Node
    ) throws(Failure) -> Host<Node> {
        let node = try simulated(makeNode)
        return addHost(
            name,
            addresses: addresses,
            on: subnet,
            link: link,
            uplink: uplink,
            node: node
        )
    }

    /// Gives `host` one more interface, on the same or another network.
    public func addInterface<Node: SimulatedNode & ~Copyable>(
        to host: Host<Node>,
        addresses: [IPAddress],
        on subnet: Subnet = .internet,
        link: Link = Link(),
        uplink: Link? = nil
    ) {
        let index = topology.interfaces.count
        let interface = Topology.Interface(
            host: host.index,
            subnet: subnet.index,
            uplink: addLane(uplink ?? link, "host \(host.name) up"),
            downlink: addLane(link, "host \(host.name) down")
        )
        topology.interfaces.append(interface)
        topology.move(interface: index, to: subnet.index, addresses: addresses)
        hosts[host.index].interfaces.append(index)
    }

    /// The addresses of `host`, all interfaces together.
    public func addresses<Node: SimulatedNode & ~Copyable>(of host: Host<Node>) -> [IPAddress] {
        addresses(ofHost: host.index)
    }

    func addresses(ofHost host: Int) -> [IPAddress] {
        hosts[host].interfaces.flatMap { topology.interfaces[$0].addresses }
    }

    /// Runs `body` with OpenSSL's clock and randomness following this simulation.
    ///
    /// Make certificates here; otherwise their keys differ from run to run.
    public func simulated<Success: ~Copyable, Failure: Error>(
        _ body: (Instant) throws(Failure) -> Success
    ) throws(Failure) -> Success {
        try openSSLFollowing(seed: random.next()) { () throws(Failure) -> Success in
            try body(now)
        }
    }

    private func addLane(_ link: Link, _ label: String) -> Int {
        topology.addLane(Lane(link, random: stream(label)))
    }

    /// Random numbers for `label` alone; asked again, others.
    private func stream(_ label: String) -> SplitMix64 {
        let count = streamCounts[label, default: 0]
        streamCounts[label] = count + 1
        return SplitMix64(seed: seed).stream(named: "\(label) \(count)")
    }
}

/// A host, its node, and when that wants to be called.
struct HostRecord {
    let name: String
    let station: any Station
    /// Seeds OpenSSL's randomness for each call of the node.
    var random: SplitMix64
    var interfaces: [Int] = []
    /// When the agenda has this host's deadline, the earliest last.
    ///
    /// A deadline is arranged only if it is earlier than all that are arranged already; so a timer
    /// that is put off again and again costs nothing.
    var wakes: [Instant] = []

    init(name: String, station: any Station, random: SplitMix64) {
        self.name = name
        self.station = station
        self.random = random
    }
}

extension SplitMix64 {
    /// A generator that depends on this one's seed and on `name`, and on nothing else.
    fileprivate func stream(named name: String) -> SplitMix64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325  // FNV-1a: Swift's own hashing differs by process.
        for byte in name.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
        var generator = self
        var mixed = SplitMix64(seed: generator.next() ^ hash)
        return SplitMix64(seed: mixed.next())
    }
}
