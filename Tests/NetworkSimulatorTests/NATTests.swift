import NetworkSimulator
import Testing
import Wire

/// A host behind a NAT, and two servers with two sockets each.
struct NATScene {
    static let inside = endpoint("192.168.1.2:5000")
    static let router = ip("203.0.113.1")
    static let serverA = endpoint("198.51.100.1:3478")
    static let serverAOther = endpoint("198.51.100.1:3479")
    static let serverB = endpoint("198.51.100.2:3478")

    let network = Simulation(seed: 3)
    let home: Subnet
    let alice: Host<ProbeNode>
    let servers: [Host<ProbeNode>]

    init(_ nat: NAT) {
        home = network.addNetwork("home", behind: nat)
        alice = network.addHost(
            "alice",
            addresses: [Self.inside.address],
            on: home,
            node: ProbeNode()
        )
        servers = [Self.serverA, Self.serverB].map { [network] server in
            network.addHost("\(server)", addresses: [server.address], node: ProbeNode())
        }
    }

    init(_ kind: NAT.Kind) { self.init(NAT(kind: kind, publicAddress: Self.router)) }

    /// Sends from inside to `server`; returns the endpoint it sees, nil if nothing arrives.
    @discardableResult
    func goOut(from source: SocketAddress = inside, to server: SocketAddress) -> SocketAddress? {
        network.with(alice) { probe, _ in probe.send([1], from: source, to: server) }
        network.run(for: .milliseconds(100))
        let arrivals = network.read(host(of: server)) { $0.received }
        network.with(host(of: server)) { probe, _ in probe.removeReceived() }
        return arrivals.first { $0.datagram.destination == server }?.datagram.source
    }

    /// Whether a packet from `server` to `outside` reaches the host inside.
    func comesIn(from server: SocketAddress, to outside: SocketAddress?) -> Bool {
        guard let outside else { return false }
        network.with(host(of: server)) { probe, _ in probe.send([2], from: server, to: outside) }
        network.run(for: .milliseconds(100))
        let arrivals = network.read(alice) { $0.received }
        network.with(alice) { probe, _ in probe.removeReceived() }
        return arrivals.contains {
            $0.datagram.source == server && $0.datagram.destination == Self.inside
        }
    }

    private func host(of server: SocketAddress) -> Host<ProbeNode> {
        server.address == Self.serverA.address ? servers[0] : servers[1]
    }
}

@Suite("NAT mapping and filtering, RFC 4787 §4 and §5")
struct NATTests {
    @Test("a port is shared as the kind says", arguments: NAT.Kind.allCases)
    func mapping(kind: NAT.Kind) {
        let scene = NATScene(kind)
        let first = scene.goOut(to: NATScene.serverA)
        let again = scene.goOut(to: NATScene.serverA)
        let otherPort = scene.goOut(to: NATScene.serverAOther)
        let otherAddress = scene.goOut(to: NATScene.serverB)
        #expect(first?.address == NATScene.router)
        #expect(again == first)
        let isShared = kind != .symmetric
        #expect((otherPort == first) == isShared)
        #expect((otherAddress == first) == isShared)
    }

    @Test(
        "a filter lets in whom the kind says",
        arguments: [
            (NAT.Kind.fullCone, [true, true, true]),
            (.addressRestricted, [true, true, false]),
            (.portRestricted, [true, false, false]),
            (.symmetric, [true, false, false]),
        ]
    )
    func filtering(kind: NAT.Kind, expected: [Bool]) {
        let scene = NATScene(kind)
        let outside = scene.goOut(to: NATScene.serverA)
        let remotes = [NATScene.serverA, NATScene.serverAOther, NATScene.serverB]
        #expect(remotes.map { scene.comesIn(from: $0, to: outside) } == expected)
        #expect(scene.network.statistics.dropped(.filtered) == expected.count { !$0 })
    }

    @Test(
        "every mapping goes with every filter",
        arguments: NAT.Dependence.allCases,
        NAT.Dependence.allCases
    )
    func combinations(mapping: NAT.Dependence, filtering: NAT.Dependence) {
        var nat = NAT(kind: .fullCone, publicAddress: NATScene.router)
        nat.mapping = mapping
        nat.filtering = filtering
        let scene = NATScene(nat)
        let outside = scene.goOut(to: NATScene.serverA)
        let sharesPorts = scene.goOut(to: NATScene.serverAOther) == outside
        #expect(sharesPorts == (mapping != .addressAndPortDependent))
        #expect(scene.comesIn(from: NATScene.serverA, to: outside))
        let strangerComesIn = scene.comesIn(from: NATScene.serverB, to: outside)
        #expect(strangerComesIn == (filtering == .endpointIndependent))
        let sharesAddresses = scene.goOut(to: NATScene.serverB) == outside
        #expect(sharesAddresses == (mapping == .endpointIndependent))
    }

    @Test func noMappingLetsNothingIn() {
        let scene = NATScene(.fullCone)
        #expect(!scene.comesIn(from: NATScene.serverA, to: endpoint("203.0.113.1:5000")))
        #expect(scene.network.statistics.dropped(.noMapping) == 1)
    }

    @Test func socketsInsideHavePortsOfTheirOwn() {
        let scene = NATScene(.fullCone)
        let first = scene.goOut(to: NATScene.serverA)
        let second = scene.goOut(from: endpoint("192.168.1.2:5001"), to: NATScene.serverA)
        #expect(second != nil)
        #expect(first != second)
    }

    @Test func preservingKeepsThePortWhileItIsFree() {
        let nat = NAT(
            kind: .symmetric,
            publicAddress: NATScene.router,
            portAllocation: .preserving
        )
        let scene = NATScene(nat)
        #expect(scene.goOut(to: NATScene.serverA)?.port == 5_000)
        let second = scene.goOut(to: NATScene.serverB)
        #expect(second != nil)
        #expect(second?.port != 5_000)
    }

    @Test func sequentialCountsUp() {
        let nat = NAT(
            kind: .symmetric,
            publicAddress: NATScene.router,
            portAllocation: .sequential
        )
        let scene = NATScene(nat)
        let remotes = [NATScene.serverA, NATScene.serverAOther, NATScene.serverB]
        #expect(remotes.map { scene.goOut(to: $0)?.port } == [1_024, 1_025, 1_026])
    }
}

@Suite("NAT mapping timeouts, RFC 4787 §4.3")
struct NATTimeoutTests {
    private static func scene(refreshesOnInbound: Bool = false) -> NATScene {
        NATScene(
            NAT(
                kind: .portRestricted,
                publicAddress: NATScene.router,
                mappingTimeout: .seconds(30),
                refreshesOnInbound: refreshesOnInbound
            )
        )
    }

    @Test func anUnusedMappingEnds() {
        let scene = Self.scene()
        let outside = scene.goOut(to: NATScene.serverA)
        scene.network.run(for: .seconds(29))
        #expect(scene.comesIn(from: NATScene.serverA, to: outside))
        scene.network.run(for: .seconds(1))
        #expect(!scene.comesIn(from: NATScene.serverA, to: outside))
        #expect(scene.network.statistics.dropped(.noMapping) == 1)
        #expect(scene.goOut(to: NATScene.serverA) != outside)
    }

    @Test func packetsGoingOutKeepIt() {
        let scene = Self.scene()
        let outside = scene.goOut(to: NATScene.serverA)
        for _ in 0..<5 {
            scene.network.run(for: .seconds(25))
            #expect(scene.goOut(to: NATScene.serverA) == outside)
        }
        #expect(scene.comesIn(from: NATScene.serverA, to: outside))
    }

    @Test("packets coming in keep it only if the NAT says so", arguments: [false, true])
    func inbound(refreshes: Bool) {
        let scene = Self.scene(refreshesOnInbound: refreshes)
        let outside = scene.goOut(to: NATScene.serverA)
        scene.network.run(for: .seconds(20))
        #expect(scene.comesIn(from: NATScene.serverA, to: outside))
        scene.network.run(for: .seconds(20))
        #expect(scene.comesIn(from: NATScene.serverA, to: outside) == refreshes)
    }

    @Test func permissionsEndOneByOne() {
        let scene = Self.scene()
        let outside = scene.goOut(to: NATScene.serverA)
        scene.network.run(for: .seconds(20))
        scene.goOut(to: NATScene.serverB)
        scene.network.run(for: .seconds(20))
        #expect(scene.comesIn(from: NATScene.serverB, to: outside))
        #expect(!scene.comesIn(from: NATScene.serverA, to: outside))
        #expect(scene.network.statistics.dropped(.filtered) == 1)
    }

    @Test func aRestartForgetsAllMappings() {
        let scene = Self.scene()
        let outside = scene.goOut(to: NATScene.serverA)
        scene.network.schedule(.natRestart(of: scene.home, at: .seconds(1)))
        scene.network.run(for: .seconds(2))
        #expect(!scene.comesIn(from: NATScene.serverA, to: outside))
        #expect(scene.goOut(to: NATScene.serverA) != outside)
    }

    @Test func anotherPublicAddressIsSeenByServers() {
        let scene = Self.scene()
        let outside = scene.goOut(to: NATScene.serverA)
        let other = ip("203.0.113.77")
        scene.network.schedule(.addressChange(of: scene.home, to: other, at: .seconds(1)))
        scene.network.run(for: .seconds(2))
        #expect(!scene.comesIn(from: NATScene.serverA, to: outside))
        #expect(scene.network.statistics.dropped(.noRoute) == 1)
        let now = scene.goOut(to: NATScene.serverA)
        #expect(now?.address == other)
        #expect(scene.comesIn(from: NATScene.serverA, to: now))
    }
}
