import ICE
import STUN
import Testing
import Wire

@Suite("Any sequence of inputs: no trap, no broken law, bounded state")
struct AnySequenceTests {
    @Test(arguments: 0..<40 as Range<UInt64>)
    func anySequence(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        var network = VirtualNetwork.pair(
            hosts: 2,
            components: 2,
            link: .init(delay: .milliseconds(10), jitter: .milliseconds(50), loss: 0.2),
            seed: seed
        )
        for _ in 0..<150 {
            let side = Int.random(in: 0...1, using: &generator)
            network.with(side) { agent, now in
                Self.act(on: &agent, of: Party(number: side + 1), at: now, using: &generator)
            }
            network.run(for: .milliseconds(Int.random(in: 0...3_000, using: &generator)))
            let statistics = network.sides.map(\.agent.statistics)
            #expect(statistics.allSatisfy { $0.pairs.count <= 200 && $0.events.count <= 48 })
        }
        #expect(network.brokenLaws.isEmpty)
    }

    /// Does one thing, sensible or not.
    static func act(
        on agent: inout ICEAgent,
        of party: Party,
        at now: Instant,
        using generator: inout SplitMix64
    ) {
        let stream = Int.random(in: 0...1, using: &generator)
        let generation = Int.random(in: 0...2, using: &generator)
        let own = party.candidates(hosts: 3, components: 2).randomElement(using: &generator)
        let theirs = party.other.candidates(hosts: 3, components: 2)
            .randomElement(using: &generator)
        if generator.next() % 4 == 0 {
            return actOverTCP(on: &agent, of: party, to: stream, at: now, using: &generator)
        }
        switch Int.random(in: 0...12, using: &generator) {
        case 0: agent.addStream(1, components: 2, credentials: credentials(party, generation))
        case 1: agent.removeStream(1, at: now)
        case 2: agent.restart(stream: stream, credentials: credentials(party, generation), at: now)
        case 3...4:
            let remote = credentials(party.other, generation)
            let isLite = generator.next() % 8 == 0
            agent.setRemote(
                remote,
                isLite: isLite,
                renominates: generator.next() % 2 == 0,
                of: stream,
                at: now
            )
        case 5...6: if let own { agent.add(local: own, to: stream, at: now) }
        case 7...8: if let theirs { agent.add(remote: theirs, to: stream, at: now) }
        case 9: if let own { agent.remove(localAddress: own.address, at: now) }
        case 12: agent.takeBackRestart(of: stream, at: now)
        case 10: agent.setRole(generator.next() % 2 == 0 ? .controlling : .controlled)
        default:
            agent.endOfLocalCandidates(of: stream, at: now)
            agent.endOfRemoteCandidates(of: stream, at: now)
        }
    }

    /// Does one thing with TCP or with what has arrived, sensible or not.
    static func actOverTCP(
        on agent: inout ICEAgent,
        of party: Party,
        to stream: Int,
        at now: Instant,
        using generator: inout SplitMix64
    ) {
        let kind = CandidateTransport.TCPKind.all.randomElement(using: &generator) ?? .active
        let own = TCPTests.tcp(party, kind)
        let theirs = TCPTests.tcp(party.other, kind.isActive ? .passive : kind)
        switch Int.random(in: 0...5, using: &generator) {
        case 0: agent.add(local: own, to: stream, at: now)
        case 1: agent.add(remote: theirs, to: stream, at: now)
        case 2: agent.tcpConnected(from: own.address, to: theirs.address, at: now)
        case 3: agent.tcpFailed(from: own.address, to: theirs.address, at: now)
        case 4: agent.remove(localHost: own.address.address, at: now)
        default:
            let pair = agent.selectedPair(of: ICEComponent(stream: stream))
            guard let pair else { return }
            agent.noteReceived(
                from: pair.remote.address,
                on: pair.local.base,
                over: pair.local.transport.transportProtocol,
                at: now
            )
        }
    }

    static func credentials(_ party: Party, _ generation: Int) -> ICECredentials {
        generation == 0
            ? party.credentials
            : ICECredentials(
                usernameFragment: "user\(party.number)\(generation)",
                password: "password-\(party.number)-\(generation)"
            )
    }
}
