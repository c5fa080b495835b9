import ICE
import NetworkSimulator
import Peer
import Testing
import TraversalSupport
import Wire

@Suite("A peer cannot turn a session against others, RFC 8445 §19.5")
struct VictimTests {
    private static let victim = address("203.0.113.99")

    /// Times at which packets for the victim have left our host or our relay.
    private final class Record {
        var times: [Instant] = []
    }

    private func watch(_ scene: RelayScene) -> Record {
        let record = Record()
        scene.network.drop { datagram, now in
            guard datagram.destination.address == Self.victim else { return false }
            record.times.append(now)
            return true
        }
        return record
    }

    /// Ten thousand candidates, each of which wants to be tried by itself.
    private func flood(_ scene: RelayScene) throws {
        try scene.network.with(scene.call.caller) { node, now in
            for port in 1...10_000 {
                let line = "candidate:\(port) 1 udp 2122260223 \(Self.victim) \(port) typ host"
                try node.session.addRemoteCandidate(
                    ICECandidate(candidate: line, sdpMid: "0", sdpMLineIndex: 0),
                    at: now
                )
            }
            node.collect(at: now)
        }
    }

    private func expectPace(_ times: [Instant]) {
        // Relayed ones come a little later than those sent at once: counted over whole seconds.
        for (index, time) in times.enumerated() {
            let second = times[index...].prefix { time.duration(to: $0) < .seconds(1) }
            #expect(second.count <= 21)
        }
    }

    @Test(
        "ten thousand candidates of a victim, and a peer that is not there",
        arguments: [true, false]
    )
    func flood(hasRelay: Bool) throws {
        let scene = try RelayScene(.open, .open, servers: hasRelay ? nil : [], seed: 31)
        let silent = address("198.51.100.2")
        scene.network.drop { datagram, _ in datagram.source.address == silent }
        let record = watch(scene)
        try scene.negotiate()
        scene.network.run(for: .seconds(1))
        try flood(scene)
        scene.network.run(for: .seconds(100))
        let count = record.times.count
        #expect(count >= 50 && count <= 7 * 100)
        expectPace(record.times)
        scene.network.run(for: .seconds(3_600))
        #expect(record.times.count == count)
        let statistics = scene.call.statistics(of: scene.call.caller)
        #expect(statistics.ice.pairs.count <= 100)
    }

    @Test func aCallDoesNotSufferAndTheVictimHardly() throws {
        let scene = try RelayScene(.open, .portRestricted, seed: 32)
        let record = watch(scene)
        try scene.negotiate()
        #expect(try scene.connect())
        try flood(scene)
        #expect(scene.isHeard())
        expectPace(record.times)
        scene.network.run(for: .seconds(200))
        let count = record.times.count
        scene.network.run(for: .seconds(3_600))
        #expect(record.times.count == count)
        #expect(count <= 7 * 100)
        #expect(scene.isHeard())
        #expect(scene.way == .direct)
    }
}
