import ICE
import STUN
import Support
import Testing
import Wire

@Suite("Connecting, RFC 8445 §6 to §8")
struct ConnectTests {
    static let path = ICEComponent(stream: 0)

    @Test("a path is usable after one round trip and agreed on after two")
    func roundTrips() throws {
        var network = VirtualNetwork.pair()
        let isConnected = network.connect()
        #expect(isConnected)
        let left = network.sides[0]
        let right = network.sides[1]
        #expect(left.time(of: .connected) == .milliseconds(100))
        #expect(right.time(of: .connected) == .milliseconds(100))
        #expect(left.time(of: .completed) == .milliseconds(200))
        #expect(right.time(of: .completed) == .milliseconds(150))
        #expect(left.selected.count == 1)
        #expect(left.agent.roundTripTime == .milliseconds(100))
        let pair = try #require(left.agent.selectedPair(of: Self.path))
        #expect(pair.local.address == Party.left.address(5_001))
        #expect(pair.remote.address == Party.right.address(5_001))
        let isValidated = left.agent.isValidated(
            remote: Party.right.address(5_001),
            on: Party.left.address(5_001),
            component: Self.path
        )
        #expect(isValidated)
        #expect(network.brokenLaws.isEmpty)
    }

    @Test(
        "connects over a lossy, jittery, duplicating network",
        arguments: 0..<50 as Range<UInt64>
    )
    func survivesLoss(seed: UInt64) {
        var network = VirtualNetwork.pair(
            hosts: 2,
            link: .init(
                delay: .milliseconds(20),
                jitter: .milliseconds(30),
                loss: 0.3,
                duplication: 0.1
            ),
            seed: seed
        )
        let isConnected = network.connect()
        #expect(isConnected)
        let left = network.sides[0].agent.selectedPair(of: Self.path)
        let right = network.sides[1].agent.selectedPair(of: Self.path)
        #expect(left?.local.address == right?.remote.address)
        #expect(left?.remote.address == right?.local.address)
        #expect(network.brokenLaws.isEmpty)
    }

    @Test("the same seed gives the same run")
    func isReproducible() {
        func datagrams() -> [Datagram] {
            var network = VirtualNetwork.pair(hosts: 3, link: .init(loss: 0.3), seed: 7)
            network.run(for: .seconds(40))
            return network.sides.flatMap { $0.sent.map(\.datagram) }
        }
        #expect(datagrams() == datagrams())
    }

    @Test("several streams and components find a path each")
    func streamsAndComponents() {
        var network = VirtualNetwork.pair(components: 2)
        for side in 0...1 {
            let party = Party(number: side + 1)
            let own = Candidate.host(party.address(6_000))
            network.sides[side].addresses.append(own.address)
            network.with(side) { agent, now in
                agent.addStream(
                    7,
                    credentials: ICECredentials(
                        usernameFragment: "more\(party.number)",
                        password: "another-password-\(party.number)"
                    )
                )
                agent.add(local: own, to: 7, at: now)
                agent.setRemote(
                    ICECredentials(
                        usernameFragment: "more\(party.other.number)",
                        password: "another-password-\(party.other.number)"
                    ),
                    of: 7,
                    at: now
                )
                agent.add(remote: .host(party.other.address(6_000)), to: 7, at: now)
            }
        }
        let isConnected = network.connect()
        #expect(isConnected)
        let components = network.sides[0].selected.map(\.component)
        #expect(
            Set(components) == [
                ICEComponent(stream: 0), ICEComponent(stream: 0, component: 2),
                ICEComponent(stream: 7),
            ]
        )
        for component in components {
            let pair = network.sides[0].agent.selectedPair(of: component)
            #expect(pair?.local.component == component.component)
        }
    }

    @Test("a lite peer is controlled, whatever we were")
    func litePeer() {
        var network = VirtualNetwork([
            Party.left.side(.controlled), Party.right.side(.controlled),
        ])
        network.with(0) { agent, now in
            agent.setRemote(Party.right.credentials, isLite: true, of: 0, at: now)
            agent.add(remote: Party.right.candidates()[0], to: 0, at: now)
        }
        // The other side never learns our credentials, so like a lite agent it only answers.
        let isDone = network.run(for: .seconds(5)) { $0[0].agent.state == .completed }
        #expect(isDone)
        #expect(network.sides[0].roles == [.controlling])
        #expect(requests(network.sides[1].sent).isEmpty)
    }

    @Test("an address that a NAT has changed becomes a peer-reflexive candidate on both sides")
    func peerReflexive() throws {
        let outside = try #require(SocketAddress("192.0.2.7:40000"))
        var network = VirtualNetwork.pair(mappings: [Party.left.address(5_001): outside])
        let isConnected = network.connect()
        #expect(isConnected)
        let left = try #require(network.sides[0].agent.selectedPair(of: Self.path))
        let right = try #require(network.sides[1].agent.selectedPair(of: Self.path))
        #expect(left.local.kind == .peerReflexive)
        #expect(left.local.address == outside)
        #expect(left.local.base == Party.left.address(5_001))
        #expect(right.remote.kind == .peerReflexive)
        #expect(right.remote.address == outside)
        // RFC 8445 §7.1.1: the priority a check announces is that of a peer-reflexive candidate.
        #expect(right.remote.priority == 110 << 24 | 65_535 << 8 | 255)
    }

    @Test("a server-reflexive candidate sends from its base")
    func serverReflexive() throws {
        let outside = try #require(SocketAddress("192.0.2.7:40000"))
        var network = VirtualNetwork.pair(mappings: [Party.left.address(5_001): outside])
        let candidate = Candidate.serverReflexive(outside, base: Party.left.address(5_001))
        network.with(0) { $0.add(local: candidate, to: 0, at: $1) }
        network.with(1) { $0.add(remote: candidate, to: 0, at: $1) }
        let isConnected = network.connect()
        #expect(isConnected)
        let sources = Set(network.sides[0].sent.map(\.datagram.source))
        #expect(sources == [Party.left.address(5_001)])
        let pair = try #require(network.sides[0].agent.selectedPair(of: Self.path))
        #expect(pair.local == candidate)
    }

    @Test("link-local addresses meet on their own link only, and take its number")
    func linkLocal() throws {
        let here = IPAddress(v6High: 0xFE80 << 48, low: 1, scope: 3)
        let there = IPAddress(v6High: 0xFE80 << 48, low: 2)
        var agent = ICEAgent(role: .controlling, entropy: .seed(1))
        agent.addStream(0, credentials: Party.left.credentials)
        agent.add(local: .host(SocketAddress(here, port: 1)), to: 0, at: .zero)
        agent.setRemote(Party.right.credentials, of: 0, at: .zero)
        agent.add(remote: .host(SocketAddress(there, port: 2)), to: 0, at: .zero)
        agent.add(remote: .host(SocketAddress(.loopback6, port: 2)), to: 0, at: .zero)
        agent.add(remote: .host(SocketAddress(.loopback4, port: 2)), to: 0, at: .zero)
        let run = agent.run(for: .milliseconds(200))
        let targets = run.outputs.compactMap { output -> SocketAddress? in
            guard case .transmit(let datagram) = output.output else { return nil }
            return datagram.destination
        }
        #expect(targets == [SocketAddress(there.scoped(to: 3), port: 2)])
        #expect(run.brokenLaws.isEmpty)
    }

    @Test("nobody there: the agent is patient, then has failed, and goes idle")
    func nobodyThere() {
        var network = VirtualNetwork.pair(link: .init(loss: 1))
        let isConnected = network.connect(within: .seconds(100))
        #expect(!isConnected)
        #expect(network.sides[0].states.map(\.state) == [.checking, .failed])
        #expect(network.sides[0].time(of: .failed) == .milliseconds(39_500))
        #expect(network.sides[0].agent.deadline == nil)
        #expect(network.sides[0].agent.statistics.pairs.first?.failure == .timedOut)
    }

    @Test("closing forgets everything and answers nothing")
    func close() {
        var network = VirtualNetwork.pair()
        network.connect()
        network.with(0) { $0.close(at: $1) }
        let count = network.sides[0].sent.count
        network.run(for: .seconds(60))
        #expect(network.sides[0].agent.state == .closed)
        #expect(network.sides[0].agent.deadline == nil)
        #expect(network.sides[0].sent.count == count)
        #expect(network.sides[1].agent.state == .failed)
    }
}
