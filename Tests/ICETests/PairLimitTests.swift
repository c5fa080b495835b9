import ICE
import Testing
import Wire

@Suite("Too many pairs, RFC 8445 §6.1.2.5")
struct PairLimitTests {
    static let path = ConnectTests.path
    static let relay = SocketAddress(IPAddress(v4: 0xC633_6409), port: 7_000)

    static var relayed: Candidate { .relayed(relay, relatedAddress: nil) }

    /// Twelve addresses on the left and nine on the right, between which nothing passes but what a
    /// relay carries.
    static func network() -> VirtualNetwork {
        var network = VirtualNetwork([
            Party.left.side(.controlling, hosts: 12), Party.right.side(.controlled, hosts: 9),
        ])
        network.sides[0].addresses.append(relay)
        network.passes = { $0.source == relay || $0.destination == relay }
        network.with(1) { agent, now in
            for candidate in Party.left.candidates(hosts: 12) {
                agent.add(remote: candidate, to: 0, at: now)
            }
            agent.add(remote: relayed, to: 0, at: now)
            agent.setRemote(Party.left.credentials, of: 0, at: now)
        }
        network.with(0) { agent, now in
            for candidate in Party.right.candidates(hosts: 9) {
                agent.add(remote: candidate, to: 0, at: now)
            }
            agent.setRemote(Party.right.credentials, of: 0, at: now)
        }
        return network
    }

    @Test("a relay has its place among a hundred others, at once or late", arguments: [0, 20, 60])
    func relayLast(seconds: Int) {
        var network = Self.network()
        network.run(for: .seconds(seconds))
        network.with(0) { $0.add(local: Self.relayed, to: 0, at: $1) }
        let isConnected = network.connect(within: .seconds(30))
        #expect(isConnected)
        #expect(network.sides.allSatisfy { $0.agent.statistics.pairs.count <= 100 })
        #expect(network.base(0) == Self.relay)
        #expect(network.brokenLaws.isEmpty)
    }

    @Test("candidates that come when all has failed are tried, until that ends")
    func replacement() {
        var network = HostileTests.single()
        for batch in 0..<10 as Range<UInt32> {
            network.with(0) { agent, now in
                agent.add(
                    local: .host(Party.left.address(5_001, host: Int(batch) + 2)),
                    to: 0,
                    at: now
                )
                for number in 0..<10 as Range<UInt32> {
                    let address = IPAddress(v4: 0x0B00_0001 + batch * 10 + number)
                    var candidate = Candidate.host(SocketAddress(address, port: 7))
                    candidate.foundation = "\(address)"
                    agent.add(remote: candidate, to: 0, at: now)
                }
            }
            network.run(for: .seconds(200))
        }
        let tried = Set(
            requests(network.sides[0].sent).map { [$0.datagram.source, $0.datagram.destination] }
        )
        #expect((150...200).contains(tried.count))
        #expect(network.sides[0].agent.statistics.pairs.count == 100)
        #expect(network.sides[0].agent.state == .failed)
        #expect(network.brokenLaws.isEmpty)
    }

    @Test("a check that the peer sends has a pair, whatever there is", arguments: [10, 200])
    func authenticated(seconds: Int) throws {
        var network = VirtualNetwork([Party.left.side(.controlled)])
        network.with(0) { agent, now in
            agent.setRemote(Party.right.credentials, of: 0, at: now)
            for number in 0..<100 as Range<UInt32> {
                let address = SocketAddress(IPAddress(v4: 0x0B00_0001 + number), port: 7)
                var candidate = Candidate.host(address)
                candidate.foundation = "\(number)"
                agent.add(remote: candidate, to: 0, at: now)
            }
        }
        network.run(for: .seconds(seconds))
        #expect(network.sides[0].agent.statistics.pairs.count == 100)
        try NominationTests.check(host: 1, nominating: true, number: 1, network: &network)
        let selected = network.sides[0].agent.selectedPair(of: Self.path)
        #expect(selected?.remote.address == Party.right.address(5_001))
        #expect(network.sides[0].agent.statistics.pairs.count <= 100)
    }

    @Test("a stream that comes later has its share")
    func streams() {
        var network = FreezingTests.network(streams: 2, hosts: 8)
        network.with(0) { agent, now in
            for candidate in FreezingTests.candidates(of: .right, stream: 0, hosts: 8) {
                agent.add(remote: candidate, to: 0, at: now)
            }
            agent.setRemote(Party.right.credentials, of: 0, at: now)
        }
        network.run(for: .seconds(10))
        network.with(0) { agent, now in
            for candidate in FreezingTests.candidates(of: .right, stream: 1, hosts: 8) {
                agent.add(remote: candidate, to: 1, at: now)
            }
            agent.setRemote(Party.right.credentials, of: 1, at: now)
        }
        let pairs = network.sides[0].agent.statistics.pairs
        #expect(pairs.count == 100)
        #expect(pairs.count { $0.component.stream == 1 } >= 37)
        network.run(for: .seconds(100))
        #expect(network.brokenLaws.isEmpty)
    }
}
