import NetworkSimulator
import Testing
import Wire

/// Learns its public endpoint from a server, then sends to the other side's and to whoever writes.
struct Puncher: SimulatedNode {
    static let server = endpoint("198.51.100.1:3478")

    let here: SocketAddress
    var deadline: Instant? = .zero
    /// What the server said.
    private(set) var reflexive: SocketAddress?
    /// Where to send, in the order it became known.
    private(set) var remotes: [SocketAddress] = []
    private(set) var hasHeardThePeer = false
    private var outputs = Queue<Datagram>()

    init(here: SocketAddress) { self.here = here }

    mutating func add(_ remote: SocketAddress) {
        guard !remotes.contains(remote) else { return }
        remotes.append(remote)
    }

    mutating func receive(_ datagram: Datagram, at now: Instant) {
        guard datagram.source == Self.server else {
            hasHeardThePeer = true
            return add(datagram.source)
        }
        reflexive = SocketAddress(String(decoding: datagram.payload, as: UTF8.self))
    }

    mutating func advance(to now: Instant) {
        guard let due = deadline, due <= now else { return }
        for remote in [Self.server] + remotes {
            outputs.append(Datagram(from: here, to: remote, payload: [1]))
        }
        deadline = now.advanced(by: .milliseconds(50))
    }

    mutating func popTransmit() -> Datagram? { outputs.popFirst() }
}

/// Tells everyone the endpoint it is seen at.
struct Mirror: SimulatedNode {
    private var outputs = Queue<Datagram>()
    var deadline: Instant? { nil }

    mutating func receive(_ datagram: Datagram, at now: Instant) {
        outputs.append(
            Datagram(
                from: datagram.destination,
                to: datagram.source,
                payload: Array("\(datagram.source)".utf8)
            )
        )
    }

    mutating func advance(to now: Instant) {}
    mutating func popTransmit() -> Datagram? { outputs.popFirst() }
}

@Suite("UDP hole punching, RFC 5128 §3.3")
struct HolePunchingTests {
    /// Two strangers meet unless one has a port for each destination and the other looks at ports.
    @Test(
        "works between the kinds of NAT it is known to work between",
        arguments: NAT.Kind.allCases,
        NAT.Kind.allCases
    )
    func punching(left: NAT.Kind, right: NAT.Kind) {
        let network = Simulation(seed: 2)
        network.addHost("mirror", addresses: [Puncher.server.address], node: Mirror())
        let hosts = [
            (left, "203.0.113.1", "10.0.0.2:5000"), (right, "203.0.113.2", "10.1.0.2:5000"),
        ]
        .map { kind, router, here in
            let nat = NAT(kind: kind, publicAddress: ip(router))
            let home = network.addNetwork(router, behind: nat)
            let address = endpoint(here)
            return network.addHost(
                here,
                addresses: [address.address],
                on: home,
                node: Puncher(here: address)
            )
        }
        network.run(for: .milliseconds(200))
        let reflexive = hosts.map { host in network.read(host) { $0.reflexive } }
        for (host, remote) in zip(hosts, reflexive.reversed()) {
            guard let remote else { continue }
            network.with(host) { puncher, _ in puncher.add(remote) }
        }
        network.run(for: .seconds(2))
        let meets = hosts.allSatisfy { host in network.read(host) { $0.hasHeardThePeer } }
        #expect(!reflexive.contains(nil))
        #expect(meets == canMeet(left, right))
    }

    private func canMeet(_ left: NAT.Kind, _ right: NAT.Kind) -> Bool {
        let kinds = [left, right]
        guard kinds.contains(.symmetric) else { return true }
        return kinds.contains(.fullCone) || kinds.contains(.addressRestricted)
    }
}
