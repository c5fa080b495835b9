import ICE
import STUN
import Support
import Testing
import Wire

@Suite("Nomination and selection, RFC 8445 §8")
struct NominationTests {
    static let path = ConnectTests.path

    /// A right-hand, controlled agent with two local addresses, which the test itself talks to.
    static func controlled() -> VirtualNetwork {
        var network = VirtualNetwork([Party.left.side(.controlled, hosts: 2)])
        network.with(0) { $0.setRemote(Party.right.credentials, of: 0, at: $1) }
        return network
    }

    /// Sends a check to one of the agent's addresses, and answers what it sends back.
    static func check(
        host: Int,
        nominating: Bool,
        number: UInt32,
        extra: [STUNAttribute] = [],
        network: inout VirtualNetwork
    ) throws {
        let request = try STUNMessage(
            .request,
            id: STUNTransactionID(high: number, low: 0),
            attributes: [
                .username("user1:user2"), .priority(1), .iceControlling(tieBreaker: .max),
            ] + (nominating ? [.useCandidate] : []) + extra
        ).write(signedWith: STUNKey(password: Party.left.credentials.password))
        let local = Party.left.address(5_001, host: host)
        let remote = Party.right.address(5_001)
        let before = network.sides[0].sent.count
        network.with(0) { $0.receive(request.span, from: remote, on: local, at: $1) }
        for (_, datagram) in requests(Array(network.sides[0].sent.dropFirst(before))) {
            let packet = try STUNPacket(parsing: datagram.payload.span)
            let answer = try HostileResponseTests.response(
                packet.transactionID,
                attributes: [.xorMappedAddress(datagram.source)]
            )
            network.with(0) { $0.receive(answer.span, from: remote, on: datagram.source, at: $1) }
        }
    }

    static func host(_ network: VirtualNetwork) -> SocketAddress? {
        network.sides[0].agent.selectedPair(of: path)?.local.address
    }

    @Test("the controlled side follows, and of several nominated pairs takes the best")
    func aggressiveNomination() throws {
        var network = Self.controlled()
        try Self.check(host: 2, nominating: true, number: 1, network: &network)
        #expect(Self.host(network) == Party.left.address(5_001, host: 2))
        #expect(network.sides[0].agent.state == .completed)
        try Self.check(host: 1, nominating: true, number: 2, network: &network)
        #expect(Self.host(network) == Party.left.address(5_001, host: 1))
        try Self.check(host: 2, nominating: true, number: 3, network: &network)
        #expect(Self.host(network) == Party.left.address(5_001, host: 1))
    }

    @Test("a valid pair is used before it is nominated, and left for the nominated one")
    func earlyMedia() throws {
        var network = Self.controlled()
        try Self.check(host: 1, nominating: false, number: 1, network: &network)
        #expect(Self.host(network) == Party.left.address(5_001, host: 1))
        #expect(network.sides[0].agent.state == .connected)
        try Self.check(host: 2, nominating: true, number: 2, network: &network)
        #expect(Self.host(network) == Party.left.address(5_001, host: 2))
        #expect(network.sides[0].agent.state == .completed)
        #expect(network.sides[0].selected.count == 2)
    }

    @Test("USE-CANDIDATE in every check of one pair does not disturb the check of another")
    func repeatedNomination() throws {
        var network = Self.controlled()
        try Self.check(host: 2, nominating: true, number: 1, network: &network)
        let request = try STUNMessage(
            .request,
            id: STUNTransactionID(high: 2, low: 0),
            attributes: [
                .username("user1:user2"), .priority(1), .iceControlling(tieBreaker: .max),
                .useCandidate,
            ]
        ).write(signedWith: STUNKey(password: Party.left.credentials.password))
        network.with(0) {
            let local = Party.left.address(5_001, host: 1)
            $0.receive(request.span, from: Party.right.address(5_001), on: local, at: $1)
        }
        let pending = try #require(requests(network.sides[0].sent).last).datagram
        try Self.check(host: 2, nominating: true, number: 3, network: &network)
        let id = try STUNPacket(parsing: pending.payload.span).transactionID
        let answer = try HostileResponseTests.response(id)
        network.with(0) {
            $0.receive(answer.span, from: pending.destination, on: pending.source, at: $1)
        }
        #expect(Self.host(network) == Party.left.address(5_001, host: 1))
    }

    @Test("USE-CANDIDATE on a valid pair nominates it without another check")
    func nominationOfAValidPair() throws {
        var network = Self.controlled()
        try Self.check(host: 1, nominating: false, number: 1, network: &network)
        let count = requests(network.sides[0].sent).count
        try Self.check(host: 1, nominating: true, number: 2, network: &network)
        #expect(requests(network.sides[0].sent).count == count)
        #expect(network.sides[0].agent.state == .completed)
    }

    @Test("when the peer leaves a silent path for another it has nominated, we follow")
    func leavesSilentPath() throws {
        var network = Self.controlled()
        try Self.check(host: 1, nominating: true, number: 1, network: &network)
        try Self.check(host: 2, nominating: true, number: 2, network: &network)
        #expect(Self.host(network) == Party.left.address(5_001, host: 1))
        var answered = requests(network.sides[0].sent).count
        for _ in 0..<200 {
            network.run(for: .milliseconds(100))
            let sent = requests(network.sides[0].sent)
            for (_, datagram) in sent.dropFirst(answered)
            where datagram.source == Party.left.address(5_001, host: 2) {
                let id = try STUNPacket(parsing: datagram.payload.span).transactionID
                let answer = try HostileResponseTests.response(
                    id,
                    attributes: [.xorMappedAddress(datagram.source)]
                )
                network.with(0) {
                    $0.receive(answer.span, from: datagram.destination, on: datagram.source, at: $1)
                }
            }
            answered = sent.count
        }
        #expect(Self.host(network) == Party.left.address(5_001, host: 2))
        #expect(network.sides[0].agent.state == .completed)
    }

    @Test("where requests pass and answers do not, checks stay at the pace of their timers")
    func noPingPong() {
        var network = VirtualNetwork.pair(link: .init(delay: .milliseconds(1)))
        network.passes = { datagram in
            (try? STUNPacket(parsing: datagram.payload.span))?.messageClass == .request
        }
        network.run(for: .seconds(40))
        #expect(requests(network.sides[0].sent).count < 60)
    }

    @Test("machine laws hold while nobody answers", arguments: 1...4)
    func laws(hosts: Int) {
        var agent = Party.left.side(.controlling, hosts: hosts).agent
        agent.setRemote(Party.right.credentials, of: 0, at: .zero)
        for candidate in Party.right.candidates(hosts: hosts) {
            agent.add(remote: candidate, to: 0, at: .zero)
        }
        let run = agent.run(for: .seconds(200))
        #expect(run.brokenLaws.isEmpty)
        #expect(agent.deadline == nil)
    }

    @Test("an older time than the newest seen is taken for the newest")
    func timeNeverGoesBack() {
        var network = VirtualNetwork.pair(link: .init(loss: 1))
        network.run(for: .seconds(5))
        let deadline = network.sides[0].agent.deadline
        network.sides[0].agent.advance(to: .zero)
        network.sides[0].agent.endOfRemoteCandidates(of: 0, at: .zero)
        #expect(network.sides[0].agent.deadline == deadline)
        #expect(network.sides[0].agent.popOutput() == nil)
    }
}
