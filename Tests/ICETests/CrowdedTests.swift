import ICE
import Testing
import Wire

@Suite("More candidates than pairs, RFC 8445 §6.1.2.5")
struct CrowdedTests {
    static func stranger(_ number: UInt32, priority: UInt32) -> Candidate {
        Candidate(
            foundation: "stranger\(number)",
            priority: priority,
            address: SocketAddress(IPAddress(v4: 0xC612_0000 + number), port: 9),
            kind: .host
        )
    }

    @Test("no timer is forgotten when a silent path makes room for better pairs")
    func roomIsMadeInBetween() throws {
        var configuration = ICEConfiguration()
        configuration.maximumPairs = 3
        var network = VirtualNetwork(
            [Party.left, .right].map { party in
                party.side(
                    party.number == 1 ? .controlling : .controlled,
                    components: 2,
                    configuration: configuration
                )
            }
        )
        // Its pair comes first, and has the lowest priority.
        network.with(0) { $0.add(remote: Self.stranger(1, priority: 1), to: 0, at: $1) }
        network.introduce(components: 2)
        network.connect()
        network.run(for: .seconds(60))
        #expect(network.sides[0].agent.statistics.pairs.map(\.state).first == .failed)
        network.with(0) { $0.add(remote: Self.stranger(2, priority: .max), to: 0, at: $1) }
        #expect(network.sides[0].agent.statistics.pairs.count == 3)

        var agent = network.sides[0].agent
        for seconds in stride(from: 6, through: 24, by: 6) {
            let now = network.now.advanced(by: .seconds(seconds))
            agent.advance(to: now)
            #expect(try #require(agent.deadline) > now)
        }
        let pairs = agent.statistics.pairs
        #expect(pairs.count == 3)
        #expect(pairs.last?.pair.remote.foundation == "stranger2")
    }
}
