import ICE
import STUN
import Testing
import Wire

@Suite("Addresses that come and go in mid-call, RFC 8445 §9 and RFC 8838 §7")
struct AddressChangeTests {
    static let path = ConnectTests.path

    @Test("when the selected path's address goes, the call is on another pair in the same moment")
    func switches() throws {
        var network = FailoverTests.connected(renominates: true)
        let used = try #require(network.base(0))
        network.cut(used)
        network.with(0) { $0.remove(localAddress: used, at: $1) }
        let next = try #require(network.sides[0].agent.selectedPair(of: Self.path))
        #expect(next.local.base != used)
        #expect(network.sides[0].agent.state != .disconnected)
        network.run(for: .milliseconds(200))
        #expect(network.sides.allSatisfy { $0.agent.state == .completed })
        // The peer was told with the nomination, and need not find out itself.
        let theirs = network.sides[1].agent.selectedPair(of: Self.path)
        #expect(theirs?.remote.address == next.local.address)
        let pairs = network.sides[0].agent.statistics.pairs
        #expect(pairs.allSatisfy { $0.pair.local.base != used })
    }

    @Test("when the only address goes: disconnected, a restart advised, failed in the end")
    func lastAddress() throws {
        var network = VirtualNetwork.pair()
        network.connect()
        network.with(1) { $0.remove(localAddress: Party.right.address(5_001), at: $1) }
        #expect(network.sides[1].agent.state == .disconnected)
        #expect(network.sides[1].agent.selectedPair(of: Self.path) == nil)
        #expect(network.sides[1].advice.map(\.reason) == [.pathLost])
        let start = network.now
        network.run(for: .seconds(60))
        #expect(network.sides[1].agent.state == .failed)
        let failed = try #require(network.sides[1].states.last)
        #expect(start.duration(to: failed.at) == .milliseconds(39_500))
        #expect(network.sides[1].agent.statistics.pairs.isEmpty)
    }

    @Test(
        "a host that moves to another network keeps its call",
        arguments: [true, false],
        [0, 1]
    )
    func moves(renominates: Bool, side: Int) throws {
        var network = VirtualNetwork.pair(
            link: .init(delay: .milliseconds(20)),
            renominates: renominates
        )
        network.connect()
        network.run(for: .seconds(7))
        let party = Party(number: side + 1)
        let old = party.address(5_001)
        let new = Candidate.host(party.address(6_000, host: 7))
        network.sides[side].addresses = [new.address]
        network.cut(old)
        network.with(side) { $0.remove(localHost: old.address, at: $1) }
        network.with(side) { $0.add(local: new, to: 0, at: $1) }
        let isBack = network.run(for: .seconds(15)) { sides in
            sides[side].agent.selectedPair(of: Self.path)?.local.base == new.address
                && sides[1 - side].agent.selectedPair(of: Self.path)?.remote.address == new.address
        }
        #expect(isBack)
        network.run(for: .seconds(40))
        #expect(network.sides.allSatisfy { $0.agent.selectedPair(of: Self.path) != nil })
        #expect(network.sides.allSatisfy { $0.states.allSatisfy { $0.state != .failed } })
        #expect(network.brokenLaws.isEmpty)
    }

    @Test("removing what was never there changes nothing")
    func unknownAddress() {
        var network = FailoverTests.connected()
        let before = network.sides[0].agent.statistics.pairs.map(\.id)
        network.with(0) { $0.remove(localAddress: Party.right.address(1), at: $1) }
        #expect(network.sides[0].agent.statistics.pairs.map(\.id) == before)
        #expect(network.sides[0].agent.state == .completed)
    }
}

@Suite("Signs of life, RFC 7675 §5")
struct SignOfLifeTests {
    /// Runs a call whose checks are all lost, while data arrives or not.
    static func states(withData: Bool) -> [ICEConnectionState] {
        var network = VirtualNetwork.pair()
        network.connect()
        network.passes = { _ in false }
        for _ in 0..<700 {
            network.run(for: .milliseconds(50))
            guard withData else { continue }
            network.with(0) {
                $0.noteReceived(
                    from: Party.right.address(5_001),
                    on: Party.left.address(5_001),
                    at: $1
                )
            }
        }
        return network.sides[0].states.map(\.state)
    }

    @Test("data that arrives keeps a path from being disconnected, and renews no consent")
    func data() {
        let usual: [ICEConnectionState] = [.checking, .connected, .completed]
        #expect(Self.states(withData: true) == usual + [.failed])
        #expect(Self.states(withData: false) == usual + [.disconnected, .failed])
    }

    @Test("data from elsewhere is no sign of life")
    func elsewhere() {
        var network = VirtualNetwork.pair()
        network.connect()
        network.passes = { _ in false }
        for _ in 0..<300 {
            network.run(for: .milliseconds(50))
            network.with(0) { agent, now in
                let (left, right) = (Party.left.address(5_001), Party.right.address(5_001))
                agent.noteReceived(from: Party.right.address(1), on: left, at: now)
                agent.noteReceived(from: right, on: left, over: .tcp, at: now)
            }
        }
        #expect(network.sides[0].agent.state == .disconnected)
    }
}
