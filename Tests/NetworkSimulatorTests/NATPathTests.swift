import NetworkSimulator
import Testing
import Wire

@Suite("Paths around NATs, RFC 4787 §6 and RFC 5128 §3")
struct NATPathTests {
    private static let router = ip("203.0.113.1")
    private static let alice = endpoint("192.168.1.2:5000")
    private static let bob = endpoint("192.168.1.3:6000")
    private static let server = endpoint("198.51.100.1:3478")

    /// Two hosts behind one NAT, which have both talked to a server.
    private struct Household {
        let network = Simulation(seed: 5)
        let alice: Host<ProbeNode>
        let bob: Host<ProbeNode>
        let server: Host<ProbeNode>

        init(_ nat: NAT) {
            let home = network.addNetwork("home", behind: nat)
            alice = network.addHost(
                "alice",
                addresses: [NATPathTests.alice.address],
                on: home,
                node: ProbeNode()
            )
            bob = network.addHost(
                "bob",
                addresses: [NATPathTests.bob.address],
                on: home,
                node: ProbeNode()
            )
            server = network.addHost(
                "server",
                addresses: [NATPathTests.server.address],
                node: ProbeNode()
            )
            send(from: alice, NATPathTests.alice, to: NATPathTests.server)
            send(from: bob, NATPathTests.bob, to: NATPathTests.server)
        }

        func send(from host: Host<ProbeNode>, _ source: SocketAddress, to remote: SocketAddress) {
            network.with(host) { probe, _ in probe.send([7], from: source, to: remote) }
            network.run(for: .seconds(1))
        }

        func sources(at host: Host<ProbeNode>) -> [SocketAddress] {
            network.read(host) { $0.received.map(\.datagram.source) }
        }
    }

    private static func household(hairpin: Bool, _ kind: NAT.Kind = .fullCone) -> Household {
        Household(NAT(kind: kind, publicAddress: router, hairpin: hairpin))
    }

    @Test func neighboursTalkDirectlyByTheirPrivateAddresses() {
        let household = Self.household(hairpin: false, .symmetric)
        household.send(from: household.alice, Self.alice, to: Self.bob)
        #expect(household.sources(at: household.bob) == [Self.alice])
    }

    @Test func hairpinningShowsTheOutsideEndpoint() {
        let household = Self.household(hairpin: true)
        let outsides = household.sources(at: household.server)
        #expect(outsides.count == 2)
        household.send(from: household.alice, Self.alice, to: outsides[1])
        // RFC 4787 §6, REQ-9 a): external source address and port.
        #expect(household.sources(at: household.bob) == [outsides[0]])
    }

    @Test func hairpinningObeysTheFilter() {
        let household = Self.household(hairpin: true, .portRestricted)
        let outsides = household.sources(at: household.server)
        #expect(outsides.count == 2)
        household.send(from: household.alice, Self.alice, to: outsides[1])
        #expect(household.sources(at: household.bob).isEmpty)
        household.send(from: household.bob, Self.bob, to: outsides[0])
        #expect(household.sources(at: household.alice) == [outsides[1]])
        household.send(from: household.alice, Self.alice, to: outsides[1])
        #expect(household.sources(at: household.bob) == [outsides[0]])
    }

    @Test func withoutHairpinningPublicEndpointsAreOutOfReach() {
        let household = Self.household(hairpin: false)
        let outsides = household.sources(at: household.server)
        #expect(outsides.count == 2)
        household.send(from: household.alice, Self.alice, to: outsides[1])
        #expect(household.sources(at: household.bob).isEmpty)
        #expect(household.network.statistics.dropped(.hairpin) == 1)
    }

    /// A NAT behind the NAT of a provider: the server sees the outer one's address.
    @Test func translatorsStack() {
        let network = Simulation(seed: 9)
        let provider = network.addNetwork(
            "provider",
            behind: NAT(kind: .symmetric, publicAddress: Self.router),
            link: Link(delay: .milliseconds(3))
        )
        let home = network.addNetwork(
            "home",
            behind: NAT(kind: .fullCone, publicAddress: ip("100.64.0.2")),
            on: provider,
            link: Link(delay: .milliseconds(2))
        )
        let alice = network.addHost(
            "alice",
            addresses: [Self.alice.address],
            on: home,
            node: ProbeNode()
        )
        let server = network.addHost(
            "server",
            addresses: [Self.server.address],
            node: ProbeNode(echoes: true)
        )
        network.with(alice) { probe, _ in probe.send([1], from: Self.alice, to: Self.server) }
        network.run(for: .seconds(1))
        let seen = network.read(server) { $0.received.map(\.datagram.source.address) }
        let answers = network.read(alice) { $0.received }
        #expect(seen == [Self.router])
        #expect(answers.map(\.datagram.destination) == [Self.alice])
        // There and back over 10, 2, 3 and 10 ms.
        #expect(answers.map(\.time) == [Instant(nanoseconds: 50_000_000)])
    }

    @Test func equalPrivateAddressesBehindTwoRoutersDoNotMeet() {
        let network = Simulation(seed: 9)
        let hosts = ["203.0.113.1", "203.0.113.2"].map { address in
            let nat = NAT(kind: .fullCone, publicAddress: ip(address))
            let home = network.addNetwork("home", behind: nat)
            return network.addHost(
                address,
                addresses: [Self.alice.address],
                on: home,
                node: ProbeNode()
            )
        }
        network.with(hosts[0]) { probe, _ in probe.send([1], from: Self.alice, to: Self.bob) }
        network.run(for: .seconds(1))
        #expect(network.statistics.dropped(.noRoute) == 1)
        #expect(network.statistics.delivered == 0)
    }

    /// IPv6 keeps its addresses, but strangers are kept out until they were sent to.
    @Test func theOtherFamilyPassesAStatefulFilter() {
        let network = Simulation(seed: 9)
        let home = network.addNetwork(
            behind: NAT(kind: .portRestricted, publicAddress: Self.router)
        )
        let inside = endpoint("[2001:db8:1::2]:5000")
        let outside = endpoint("[2001:db8:2::1]:6000")
        let alice = network.addHost(
            "alice",
            addresses: [Self.alice.address, inside.address],
            on: home,
            node: ProbeNode()
        )
        let bob = network.addHost("bob", addresses: [outside.address], node: ProbeNode())
        func exchange(_ host: Host<ProbeNode>, _ source: SocketAddress, _ remote: SocketAddress) {
            network.with(host) { probe, _ in probe.send([1], from: source, to: remote) }
            network.run(for: .seconds(1))
        }
        exchange(bob, outside, inside)
        #expect(network.statistics.delivered == 0)
        #expect(network.statistics.dropped(.noMapping) == 1)
        exchange(alice, inside, outside)
        exchange(bob, outside, inside)
        let seen = network.read(bob) { $0.received.map(\.datagram.source) }
        let answers = network.read(alice) { $0.received.map(\.datagram.source) }
        #expect(seen == [inside])
        #expect(answers == [outside])
    }
}
