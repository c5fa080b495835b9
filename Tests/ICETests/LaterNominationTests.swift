import ICE
import STUN
import Testing
import Wire

@Suite("Pairs that are nominated beside the one in use, RFC 8445 §8.1.1")
struct LaterNominationTests {
    /// A controlled side with two valid pairs, of which the second was let go.
    static func twoPairs(hosts: [Int]) throws -> VirtualNetwork {
        var configuration = ICEConfiguration()
        configuration.maximumBackups = 0
        var network = VirtualNetwork(
            [Party.left.side(.controlled, hosts: 2, configuration: configuration)]
        )
        network.with(0) { $0.setRemote(Party.right.credentials, of: 0, at: $1) }
        for (number, host) in hosts.enumerated() {
            try NominationTests.check(
                host: host,
                nominating: number == 0,
                number: UInt32(number + 1),
                network: &network
            )
        }
        return network
    }

    /// A request that nominates the pair of `host`, and what is sent because of it.
    static func nominate(
        host: Int,
        number: UInt32,
        _ network: inout VirtualNetwork
    ) throws -> [Datagram] {
        let request = try STUNMessage(
            .request,
            id: STUNTransactionID(high: number, low: 9),
            attributes: [
                .username("user1:user2"), .priority(1), .iceControlling(tieBreaker: .max),
                .useCandidate,
            ]
        ).write(signedWith: STUNKey(password: Party.left.credentials.password))
        let count = network.sides[0].sent.count
        network.with(0) {
            let local = Party.left.address(5_001, host: host)
            $0.receive(request.span, from: Party.right.address(5_001), on: local, at: $1)
        }
        return requests(Array(network.sides[0].sent.dropFirst(count))).map(\.datagram)
    }

    @Test("consent that has run out is not given by a nomination (RFC 7675 §5.1)")
    func noConsentByNomination() throws {
        var network = try Self.twoPairs(hosts: [2, 1])
        let used = Party.left.address(5_001, host: 2)
        let other = Party.left.address(5_001, host: 1)
        #expect(NominationTests.host(network) == used)
        let asked = try Self.nominate(host: 1, number: 5, &network)
        #expect(asked.map(\.source) == [other])
        #expect(NominationTests.host(network) == used)
        let check = try #require(asked.first)
        let id = try STUNPacket(parsing: check.payload.span).transactionID
        let answer = try HostileResponseTests.response(id, attributes: [.xorMappedAddress(other)])
        network.with(0) {
            $0.receive(answer.span, from: check.destination, on: check.source, at: $1)
        }
        #expect(NominationTests.host(network) == other)
        #expect(network.sides[0].agent.state == .completed)
    }

    @Test("a nomination that nobody stands by changes nothing")
    func unanswered() throws {
        var network = try Self.twoPairs(hosts: [2, 1])
        _ = try Self.nominate(host: 1, number: 5, &network)
        network.run(for: .seconds(4))
        #expect(NominationTests.host(network) == Party.left.address(5_001, host: 2))
        #expect(network.sides[0].agent.state == .completed)
    }

    @Test("the pair in use is asked at once whether it works when another is nominated")
    func olderIsAsked() throws {
        var network = NominationTests.controlled()
        try NominationTests.check(host: 2, nominating: false, number: 1, network: &network)
        try NominationTests.check(host: 1, nominating: true, number: 2, network: &network)
        let (used, other) = (Party.left.address(5_001, host: 1), Party.left.address(5_001, host: 2))
        #expect(NominationTests.host(network) == used)
        let asked = try Self.nominate(host: 2, number: 5, &network)
        #expect(asked.map(\.source) == [used])
        // It does not answer, and the other does.
        var count = network.sides[0].sent.count
        let start = network.now
        while NominationTests.host(network) == used, start.duration(to: network.now) < .seconds(9) {
            network.run(for: .milliseconds(50))
            let fresh = requests(Array(network.sides[0].sent.dropFirst(count)))
            count = network.sides[0].sent.count
            for (_, datagram) in fresh where datagram.source == other {
                let id = try STUNPacket(parsing: datagram.payload.span).transactionID
                let answer = try HostileResponseTests.response(
                    id,
                    attributes: [.xorMappedAddress(other)]
                )
                network.with(0) {
                    $0.receive(answer.span, from: datagram.destination, on: other, at: $1)
                }
            }
        }
        #expect(NominationTests.host(network) == other)
        #expect(start.duration(to: network.now) <= .seconds(2))
    }
}
