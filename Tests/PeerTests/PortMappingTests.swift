import NetworkSimulator
import Peer
import Support
import Testing
import TURNSupport
import Wire

@Suite("What the outside knows a shared port as")
struct PortMappingTests {
    private static let local = SocketAddress(address("192.168.1.2"), port: 5_000)
    private static let server = SocketAddress(address("192.0.2.10"), port: 3_478)
    private static let dead = SocketAddress(address("192.0.2.66"), port: 3_478)

    private struct Node: SimulatedNode {
        var mapping: PortMapping
        var told: [SocketAddress] = []
        var waiting = Queue<Datagram>()
        var deadline: Instant? { mapping.deadline }

        mutating func receive(_ datagram: Datagram, at now: Instant) {
            _ = mapping.receive(datagram.payload.span, from: datagram.source, at: now)
            collect()
        }

        mutating func advance(to now: Instant) {
            mapping.advance(to: now)
            collect()
        }

        mutating func popTransmit() -> Datagram? { waiting.popFirst() }

        mutating func collect() {
            while let output = mapping.popOutput() {
                switch output {
                case .transmit(let bytes, let server):
                    waiting.append(Datagram(from: mapping.local, to: server, payload: bytes))
                case .mapped(let address, _): told.append(address)
                }
            }
        }
    }

    private func makeScene(
        servers: [SocketAddress] = [dead, server]
    ) -> (Simulation, Host<Node>, Subnet) {
        let network = Simulation(seed: 1)
        _ = network.addTURNServer("first", at: ["192.0.2.10"], users: [:])
        let nat = NAT(kind: .portRestricted, publicAddress: address("203.0.113.1"))
        let home = network.addNetwork("home", behind: nat)
        let host = network.addHost(
            "peer",
            addresses: [Self.local.address],
            on: home,
            makeNode: { _ in
                Node(mapping: PortMapping(of: Self.local, servers: servers, entropy: .seed(1)))
            }
        )
        network.with(host) { node, now in
            node.mapping.start(at: now)
            node.collect()
        }
        return (network, host, home)
    }

    @Test func theFastestServerIsBelievedAndToldOnce() {
        let (network, host, _) = makeScene()
        network.run(for: .seconds(60))
        network.read(host) { node in
            #expect(node.told.map(\.address) == [address("203.0.113.1")])
            #expect(node.mapping.mapped?.server == Self.server)
        }
    }

    @Test func whenItsServerDiesTheOthersAreAsked() {
        let other = SocketAddress(address("192.0.2.20"), port: 3_478)
        let (network, host, _) = makeScene(servers: [Self.server, other])
        network.run(for: .seconds(1))
        #expect(network.read(host) { $0.mapping.mapped?.server } == Self.server)
        let second = network.addTURNServer("second", at: ["192.0.2.20"], users: [:])
        network.drop { datagram, _ in
            [datagram.source, datagram.destination].contains(Self.server)
        }
        network.run(for: .seconds(120))
        #expect(network.read(host) { $0.mapping.mapped?.server } == other)
        _ = second
    }

    @Test func aNATThatGetsAnotherAddressIsNoticed() {
        let (network, host, home) = makeScene()
        network.run(for: .seconds(5))
        let next = address("203.0.113.77")
        network.schedule(.addressChange(of: home, to: next, at: .seconds(6)))
        network.run(for: .seconds(60))
        network.read(host) { node in
            #expect(node.told.map(\.address) == [address("203.0.113.1"), next])
            #expect(node.mapping.mapped?.address.address == next)
        }
    }

    @Test func connectionsInProgressTellTheirPeersOfIt() throws {
        var session = try makeSession()
        _ = try session.addTrack(.audio, at: .zero)
        _ = try session.offer()
        session.addLocalAddress(Self.local, to: 0, isShared: true, at: .zero)
        session.endOfLocalAddresses(of: 0, at: .zero)
        let addresses = ["203.0.113.1", "203.0.113.1", "203.0.113.77"]
        for (index, text) in addresses.enumerated() {
            let outside = SocketAddress(address(text), port: 5_000)
            let now = Instant.zero.advanced(by: .seconds(index))
            session.addMappedAddress(outside, of: Self.local, by: Self.server, at: now)
        }
        let lines = session.events().compactMap { event -> String? in
            guard case .candidate(let candidate) = event else { return nil }
            return candidate.candidate
        }
        let told = lines.filter { $0.contains("typ srflx") }
        #expect(told.count == 2)
        #expect(told.first?.contains(" 203.0.113.1 5000 ") == true)
        #expect(told.last?.contains(" 203.0.113.77 5000 ") == true)
    }

    @Test func nobodyIsAskedWhoCannotBeReached() {
        let six = SocketAddress(address("2001:db8::1"), port: 3_478)
        var mapping = PortMapping(of: Self.local, servers: [six], entropy: .seed(1))
        mapping.start(at: .zero)
        #expect(mapping.popOutput() == nil)
        #expect(mapping.deadline == nil)
    }

    @Test func keepsTheLawsOfMachines() {
        var mapping = PortMapping(of: Self.local, servers: [Self.dead], entropy: .seed(1))
        mapping.start(at: .zero)
        let run = mapping.run(for: .seconds(300))
        #expect(run.brokenLaws.isEmpty)
        #expect(run.outputs.count > 7)
    }
}
