import ICE
import STUN
import Testing
import Wire

@Suite("Moving to a better path, draft-thatcher-ice-renomination")
struct RenominationTests {
    static let path = ConnectTests.path

    /// Connected over a relay on the left; direct packets do not pass yet.
    static func relayed(renominates: Bool) throws -> VirtualNetwork {
        let relay = try #require(SocketAddress("198.51.100.1:50000"))
        let candidate = Candidate.relayed(relay, relatedAddress: Party.left.address(5_001))
        var network = VirtualNetwork.pair(
            link: .init(delay: .milliseconds(20)),
            renominates: renominates
        )
        network.sides[0].addresses.append(relay)
        network.cut(Party.left.address(5_001))
        network.with(0) { $0.add(local: candidate, to: 0, at: $1) }
        network.with(1) { $0.add(remote: candidate, to: 0, at: $1) }
        network.connect()
        return network
    }

    static func kind(_ network: VirtualNetwork, _ side: Int) -> CandidateKind? {
        let pair = network.sides[side].agent.selectedPair(of: path)
        return side == 0 ? pair?.local.kind : pair?.remote.kind
    }

    /// The numbers in the nominating requests that a side has sent, 0 for none.
    static func numbers(_ side: VirtualNetwork.Side) -> [UInt32] {
        requests(side.sent).compactMap { entry in
            let bytes = entry.datagram.payload
            guard let packet = try? STUNPacket(parsing: bytes.span),
                packet.has(.useCandidate, in: bytes.span)
            else { return nil }
            return packet.number(STUNAttributeType(rawValue: 0xC001), in: bytes.span) ?? 0
        }
    }

    @Test("a relayed call moves to the direct path when that begins to work")
    func betterPath() throws {
        var network = try Self.relayed(renominates: true)
        #expect(Self.kind(network, 0) == .relayed)
        #expect(Self.kind(network, 1) == .relayed)
        network.passes = { _ in true }
        let start = network.now
        let hasMoved = network.run(for: .seconds(20)) { sides in
            sides[0].agent.selectedPair(of: Self.path)?.local.kind == .host
                && sides[1].agent.selectedPair(of: Self.path)?.remote.kind == .host
        }
        #expect(hasMoved)
        // Its check is repeated at the latest after 8 s; then it has to last for one.
        #expect(start.duration(to: network.now) < .seconds(10))
        network.run(for: .seconds(5))
        #expect(network.sides.allSatisfy { $0.agent.state == .completed })
        #expect(network.sides.allSatisfy { $0.advice.isEmpty })
        #expect(Self.numbers(network.sides[0]) == [1, 2])
        // The relay stays ready.
        #expect(network.sides[0].agent.statistics.pairs.contains { $0.isBackup })
    }

    /// Which nominating requests of one address have left.
    private final class Nominations {
        var ids: Set<STUNTransactionID> = []

        /// False for their answers.
        func passes(_ datagram: Datagram, from source: SocketAddress) -> Bool {
            let bytes = datagram.payload
            guard let packet = try? STUNPacket(parsing: bytes.span) else { return true }
            switch packet.messageClass {
            case .request:
                if datagram.source == source, packet.has(.useCandidate, in: bytes.span) {
                    ids.insert(packet.transactionID)
                }
                return true
            case .success, .error: return !ids.contains(packet.transactionID)
            case .indication: return true
            }
        }
    }

    @Test("a nomination whose answers get lost holds up no better path")
    func overtaking() throws {
        let relay = try #require(SocketAddress("198.51.100.1:50000"))
        let candidate = Candidate.relayed(relay, relatedAddress: Party.left.address(5_001))
        var network = VirtualNetwork.pair(
            link: .init(delay: .milliseconds(20)),
            renominates: true
        )
        network.sides[0].addresses.append(relay)
        let nominations = Nominations()
        let direct = Party.left.address(5_001)
        network.passes = {
            $0.source != direct && $0.destination != direct && nominations.passes($0, from: relay)
        }
        network.with(0) { $0.add(local: candidate, to: 0, at: $1) }
        network.with(1) { $0.add(remote: candidate, to: 0, at: $1) }
        network.run(for: .seconds(2))
        #expect(!nominations.ids.isEmpty)
        network.passes = { nominations.passes($0, from: relay) }
        let hasMoved = network.run(for: .seconds(10)) { sides in
            sides[0].agent.selectedPair(of: Self.path)?.local.kind == .host
                && sides.allSatisfy { $0.agent.state == .completed }
        }
        #expect(hasMoved)
        #expect(Self.numbers(network.sides[0]).max() == 2)
    }

    @Test("where the peer does not know of it, a restart is advised instead")
    func advice() throws {
        var network = try Self.relayed(renominates: false)
        network.passes = { _ in true }
        network.run(for: .seconds(20))
        #expect(network.sides[0].advice.map(\.reason) == [.betterPath])
        #expect(network.sides[1].advice.isEmpty)
        #expect(Self.kind(network, 0) == .relayed)
        #expect(Self.numbers(network.sides[0]) == [0])
    }

    @Test("we do not number nominations where the configuration says so")
    func switchedOff() {
        var configuration = ICEConfiguration()
        configuration.usesRenomination = false
        var network = VirtualNetwork.pair(configuration: configuration, renominates: true)
        network.connect()
        #expect(Self.numbers(network.sides[0]) == [0])
    }

    @Test("an interface that comes in mid-call is tried, and taken if it is better")
    func newInterface() throws {
        var network = VirtualNetwork.pair(
            link: .init(delay: .milliseconds(20)),
            renominates: true
        )
        network.connect()
        network.run(for: .seconds(30))
        let better = Candidate(
            foundation: "new",
            priority: 2_147_000_000,
            address: Party.left.address(7_000, host: 9),
            kind: .host
        )
        network.sides[0].addresses.append(better.address)
        network.with(0) { $0.add(local: better, to: 0, at: $1) }
        network.run(for: .seconds(3))
        #expect(network.base(0) == better.address)
        let theirs = network.sides[1].agent.selectedPair(of: Self.path)
        #expect(theirs?.remote.address == better.address)
        #expect(network.sides.allSatisfy { $0.agent.state == .completed })
    }

    /// A controlled side that has agreed on numbers, and the checks of its peer.
    static func controlled() -> VirtualNetwork {
        var network = VirtualNetwork([Party.left.side(.controlled, hosts: 2)])
        network.with(0) {
            $0.setRemote(Party.right.credentials, renominates: true, of: 0, at: $1)
        }
        return network
    }

    static func nominate(
        host: Int,
        number: UInt32,
        id: UInt32,
        network: inout VirtualNetwork
    ) throws {
        let attribute = STUNAttribute.other(
            STUNAttributeType(rawValue: 0xC001),
            (0..<4).map { UInt8(truncatingIfNeeded: number >> (24 - 8 * $0)) }
        )
        try NominationTests.check(
            host: host,
            nominating: false,
            number: id,
            extra: [attribute],
            network: &network
        )
    }

    @Test("the controlled side follows the highest number, and no repetition of an older one")
    func controlledFollows() throws {
        var network = Self.controlled()
        let hosts = [1, 2].map { Party.left.address(5_001, host: $0) }
        try Self.nominate(host: 1, number: 1, id: 1, network: &network)
        #expect(network.base(0) == hosts[0])
        try Self.nominate(host: 2, number: 2, id: 2, network: &network)
        #expect(network.base(0) == hosts[1])
        try Self.nominate(host: 1, number: 1, id: 3, network: &network)
        #expect(network.base(0) == hosts[1])
        try Self.nominate(host: 1, number: 3, id: 4, network: &network)
        #expect(network.base(0) == hosts[0])
        #expect(network.sides[0].agent.state == .completed)
    }

    @Test("a number that was not agreed on means nothing")
    func unagreed() throws {
        var network = NominationTests.controlled()
        try Self.nominate(host: 2, number: 7, id: 1, network: &network)
        #expect(network.sides[0].agent.state == .connected)
    }
}
