import ICE
import STUN
import Testing
import Wire

@Suite("Other paths when one breaks, RFC 8445 §8 and RFC 7675")
struct FailoverTests {
    static let path = ConnectTests.path

    /// Two hosts on each side, connected for a while.
    static func connected(renominates: Bool = false, seed: UInt64 = 1) -> VirtualNetwork {
        var network = VirtualNetwork.pair(
            hosts: 2,
            link: .init(delay: .milliseconds(20)),
            renominates: renominates,
            seed: seed
        )
        network.connect()
        network.run(for: .seconds(20))
        return network
    }

    @Test("a few pairs stay alive beside the selected one, at half its rate")
    func backups() {
        var network = Self.connected()
        let pairs = network.sides[0].agent.statistics.pairs
        #expect(pairs.filter(\.isSelected).count == 1)
        #expect(pairs.filter(\.isBackup).count == 2)
        let before = requests(network.sides[0].sent).count
        network.run(for: .seconds(600))
        let count = requests(network.sides[0].sent).count - before
        #expect((220...260).contains(count))
        #expect(network.sides.allSatisfy { $0.agent.state == .completed })
        #expect(network.sides[0].selected.count == 1)
    }

    @Test(
        "a path that does not answer is left for one that does, within seconds",
        arguments: 0..<20 as Range<UInt64>
    )
    func pathBreaks(seed: UInt64) throws {
        var network = Self.connected(seed: seed)
        let broken = try #require(network.base(0))
        network.cut(broken)
        let start = network.now
        let hasMoved = network.run(for: .seconds(20)) { sides in
            sides.allSatisfy { side in
                let pair = side.agent.selectedPair(of: Self.path)
                return pair?.local.base != broken && pair?.remote.address != broken
            }
        }
        #expect(hasMoved)
        // The next check, its wait, and the answer to the question put to the others.
        #expect(start.duration(to: network.now) < .seconds(8))
        #expect(network.sides.allSatisfy { $0.states.allSatisfy { $0.state != .disconnected } })
        network.run(for: .seconds(120))
        #expect(network.sides.allSatisfy { $0.agent.selectedPair(of: Self.path) != nil })
        #expect(network.sides[0].states.allSatisfy { $0.state != .failed })
        #expect(network.brokenLaws.isEmpty)
    }

    @Test("where both can nominate anew, they agree on the new path")
    func renominated() throws {
        var network = Self.connected(renominates: true)
        let broken = try #require(network.base(0))
        network.cut(broken)
        network.run(for: .seconds(10))
        #expect(network.sides.allSatisfy { $0.agent.state == .completed })
        #expect(network.sides.allSatisfy { $0.advice.isEmpty })
        let ours = network.sides[0].agent.selectedPair(of: Self.path)
        let theirs = network.sides[1].agent.selectedPair(of: Self.path)
        #expect(ours?.local.address == theirs?.remote.address)
        #expect(ours?.remote.address == theirs?.local.address)
        #expect(ours?.local.base != broken)
    }

    @Test("where they cannot, a restart is advised once, by the controlling side")
    func advised() throws {
        var network = Self.connected()
        network.cut(try #require(network.base(0)))
        network.run(for: .seconds(25))
        #expect(network.sides[0].advice.map(\.reason) == [.pathLost])
        #expect(network.sides[1].advice.isEmpty)
    }

    @Test("a path that comes back is returned to, not at once")
    func returns() throws {
        var network = Self.connected(renominates: true)
        let first = try #require(network.base(0))
        network.cut(first)
        network.run(for: .seconds(10)) {
            $0[0].agent.selectedPair(of: Self.path)?.local.base != first
        }
        network.passes = { _ in true }
        let start = network.now
        let isBack = network.run(for: .seconds(60)) {
            $0[0].agent.selectedPair(of: Self.path)?.local.base == first
        }
        #expect(isBack)
        #expect(start.duration(to: network.now) > .seconds(1))
        network.run(for: .seconds(2))
        #expect(network.sides.allSatisfy { $0.agent.state == .completed })
    }

    @Test("a path that was out for longer than consent lasts is found again")
    func longOutage() throws {
        var network = Self.connected(renominates: true)
        let first = try #require(network.base(0))
        network.cut(first)
        network.run(for: .seconds(120))
        #expect(network.base(0) != first)
        network.passes = { _ in true }
        // It rests for 30 s between two rounds of checks, which last for 39.5 s.
        let isBack = network.run(for: .seconds(75)) {
            $0[0].agent.selectedPair(of: Self.path)?.local.base == first
        }
        #expect(isBack)
        network.run(for: .seconds(2))
        #expect(network.sides.allSatisfy { $0.agent.state == .completed })
    }

    @Test("a pair that stands by is asked again at the pace of one in use, when it does not answer")
    func standbyLosesChecks() throws {
        var network = Self.connected()
        let pairs = network.sides[0].agent.statistics.pairs
        let backup = try #require(pairs.first { $0.isBackup }).pair
        let start = network.now
        network.passes = {
            $0.source != backup.remote.address || $0.destination != backup.local.base
        }
        func asked(_ side: VirtualNetwork.Side) -> Int {
            requests(side.sent).count {
                $0.at > start && $0.datagram.source == backup.local.base
                    && $0.datagram.destination == backup.remote.address
            }
        }
        #expect(network.run(for: .seconds(12)) { asked($0[0]) == 1 })
        #expect(network.run(for: .seconds(6)) { asked($0[0]) == 2 })
        network.passes = { _ in true }
        network.run(for: .seconds(60))
        let now = network.sides[0].agent.statistics
        #expect(now.pairs.first { $0.pair == backup }?.state == .succeeded)
        #expect(now.events.allSatisfy { $0.at <= start })
    }

    @Test("an outage of one direction only moves the call, too")
    func asymmetricOutage() throws {
        var network = Self.connected(renominates: true)
        let broken = try #require(network.base(0))
        network.passes = { $0.source != broken }
        network.run(for: .seconds(10))
        #expect(network.base(0) != broken)
        #expect(network.sides.allSatisfy { $0.agent.state == .completed })
    }

    @Test("when nothing answers the agent looks at all addresses again")
    func looksAround() throws {
        var network = VirtualNetwork.pair(hosts: 3, link: .init(delay: .milliseconds(5)))
        let third = Party.left.address(5_001, host: 3)
        network.cut(third)
        network.connect()
        network.run(for: .seconds(90))
        // All that worked breaks; what never worked begins to.
        let others = [Party.left.address(5_001), Party.left.address(5_001, host: 2)]
        network.passes = { !others.contains($0.source) && !others.contains($0.destination) }
        let isBack = network.run(for: .seconds(30)) {
            $0[0].agent.selectedPair(of: Self.path)?.local.base == third
        }
        #expect(isBack)
        network.run(for: .seconds(30))
        #expect(network.sides[0].states.allSatisfy { $0.state != .failed })
        #expect(network.base(0) == third)
    }

    @Test("checks lost by chance move nothing", arguments: 0..<20 as Range<UInt64>)
    func lossyPath(seed: UInt64) {
        var network = VirtualNetwork.pair(
            hosts: 2,
            link: .init(delay: .milliseconds(20), loss: 0.05),
            renominates: true,
            seed: seed
        )
        network.connect()
        network.run(for: .seconds(600))
        #expect(network.sides.allSatisfy { $0.states.allSatisfy { $0.state != .failed } })
        // A check in ten gets no answer; three in a row do once in an hour or so.
        #expect(network.sides.allSatisfy { $0.selected.count <= 6 })
        #expect(network.sides.allSatisfy { $0.states.allSatisfy { $0.state != .disconnected } })
    }
}
