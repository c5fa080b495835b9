import ICE
import STUN
import Testing
import Wire

@Suite("A lite agent that somebody aims at others, RFC 8445 §19.5.1")
struct LiteMoveTests {
    static let path = ConnectTests.path
    static let local = Party.left.address(5_001)
    static let peer = Party.right.address(5_001)
    static let victim = SocketAddress(IPAddress(v4: 0xCB00_7109), port: 53)

    /// A lite agent whose data takes the path to the peer.
    static func network(hasData: Bool) throws -> VirtualNetwork {
        var network = VirtualNetwork([
            Party.left.side(.controlled, configuration: LiteTests.lite)
        ])
        network.with(0) { $0.setRemote(Party.right.credentials, of: 0, at: $1) }
        try nominate(peer, number: 1, in: &network)
        #expect(target(of: network) == peer)
        if hasData { network.with(0) { $0.noteReceived(from: peer, on: local, at: $1) } }
        return network
    }

    /// An authentic check from `source`, or one that pretends to come from there.
    static func nominate(
        _ source: SocketAddress,
        number: UInt32,
        in network: inout VirtualNetwork
    ) throws {
        let packet = try STUNMessage(
            .request,
            id: STUNTransactionID(high: number, low: 7),
            attributes: [
                .username("user1:user2"), .priority(1), .iceControlling(tieBreaker: .max),
                .useCandidate,
            ]
        ).write(signedWith: STUNKey(password: Party.left.credentials.password))
        network.with(0) { $0.receive(packet.span, from: source, on: local, at: $1) }
    }

    static func target(of network: VirtualNetwork) -> SocketAddress? {
        network.sides[0].agent.selectedPair(of: path)?.remote.address
    }

    @Test("does not follow while data takes another path, and follows when data comes from there")
    func movesWithData() throws {
        var network = try Self.network(hasData: true)
        // The best of several nominated pairs would count, were it nominated.
        for number in 2...12 as ClosedRange<UInt32> {
            try Self.nominate(Self.victim, number: number, in: &network)
            try Self.nominate(Self.peer, number: number + 100, in: &network)
            network.run(for: .seconds(5))
            #expect(Self.target(of: network) == Self.peer)
        }
        let isNominated = network.sides[0].agent.statistics.pairs.filter(\.isNominated)
        #expect(isNominated.map(\.pair.remote.address) == [Self.peer])
        network.with(0) { $0.noteReceived(from: Self.victim, on: Self.local, at: $1) }
        let nominated = network.sides[0].agent.statistics.pairs.filter(\.isNominated)
        #expect(nominated.count == 2)
    }

    @Test("follows at once before there is data")
    func movesBeforeData() throws {
        var network = try Self.network(hasData: false)
        try Self.nominate(Self.victim, number: 2, in: &network)
        let nominated = network.sides[0].agent.statistics.pairs.filter(\.isNominated)
        #expect(nominated.count == 2)
    }

    @Test("follows without data when the path before has lost consent")
    func movesAfterLoss() throws {
        var network = try Self.network(hasData: true)
        for number in 2...10 as ClosedRange<UInt32> {
            try Self.nominate(Self.victim, number: number, in: &network)
            network.run(for: .seconds(4))
        }
        #expect(Self.target(of: network) == Self.victim)
    }
}
