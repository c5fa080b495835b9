import ICE
import NetworkSimulator
import Peer
import SDP
import STUN
import Testing
import Wire

@Suite("A side that only answers checks, RFC 8445 §2.5")
struct LiteTests {
    @Test("is called, or calls, and both hear each other", arguments: [true, false])
    func calls(liteCalls: Bool) throws {
        let name = liteCalls ? "caller" : "answerer"
        let other = liteCalls ? "answerer" : "caller"
        let network = Simulation(seed: 3)
        var lite = PeerConfiguration()
        lite.ice.isLite = true
        let configurations = [name: lite, other: PeerConfiguration()]
        var hosts: [String: Host<PeerNode>] = [:]
        for (index, host) in ["caller", "answerer"].enumerated() {
            let place = "198.51.100.\(index + 1)"
            hosts[host] = try network.addHost(
                host,
                addresses: [try #require(IPAddress(place))],
                link: Link(delay: .milliseconds(30)),
                makeNode: { now in
                    try PeerNode(
                        place,
                        configuration: configurations[host] ?? PeerConfiguration(),
                        seed: UInt64(index + 4),
                        at: now
                    )
                }
            )
        }
        let scene = CallScene(
            network: network,
            caller: try #require(hosts["caller"]),
            answerer: try #require(hosts["answerer"])
        )
        try scene.negotiate()
        #expect(scene.connect() == .done)
        scene.talk(frames: 100)
        #expect(scene.heard.caller >= 98 && scene.heard.answerer >= 98)

        let side = try #require(hosts[name])
        let said = scene.network.read(side) { $0.session.localDescription?.sdp }
        #expect(try SDPDescription(parsing: said ?? "").isICELite)
        let heard = scene.network.read(side) { $0.session.remoteDescription?.sdp }
        #expect(try !SDPDescription(parsing: heard ?? "").isICELite)
        // It asked nothing: each of its pairs was found by the other.
        let requests = scene.network.read(side) { node in
            node.session.statistics(at: .zero).ice.pairs.reduce(0) { $0 + $1.requestsSent }
        }
        #expect(requests == 0)
    }

    /// RFC 8445 §6.1.1: whoever is full decides, whoever has offered.
    @Test("the other side decides, whoever calls", arguments: [true, false])
    func roles(rawCalls: Bool) throws {
        let scene = try RawScene(seed: 5, manners: .lite)
        if rawCalls { try scene.receiveOffer() } else { try scene.answerOffer() }
        scene.network.run(for: .seconds(1))
        let remote = scene.network.read(scene.raw) { $0.local }
        let checks = scene.network.capture.packets.map(\.datagram).filter {
            $0.destination == remote && $0.payload.starts(with: [0, 1])
        }
        let deciding = try checks.map { datagram in
            let message = try STUNMessage(parsing: datagram.payload.span)
            return message.attributes.contains { attribute in
                if case .iceControlling = attribute { true } else { false }
            }
        }
        #expect(!deciding.isEmpty && deciding.allSatisfy { $0 })
    }

    /// RFC 7675 §5.1: without checks there is no consent, and without that nothing may be sent.
    @Test func twoOfThemDoNotTalk() throws {
        let network = Simulation(seed: 6)
        var configuration = PeerConfiguration()
        configuration.ice.isLite = true
        let settings = configuration
        let hosts = try (1...2).map { number in
            let place = "198.51.100.\(number)"
            return try network.addHost(
                "peer \(number)",
                addresses: [address(place)],
                makeNode: { now in
                    try PeerNode(place, configuration: settings, seed: UInt64(number), at: now)
                }
            )
        }
        let scene = CallScene(network: network, caller: hosts[0], answerer: hosts[1])
        try scene.negotiate()
        network.run(for: .seconds(60))
        #expect(network.capture.packets.isEmpty)
        for host in hosts {
            #expect(scene.statistics(of: host).connectionState == .failed)
        }
    }

    @Test func serversAreNotAsked() throws {
        var configuration = PeerConfiguration()
        configuration.ice.isLite = true
        configuration.iceServers = [try ICEServer(urls: ["stun:192.0.2.1"])]
        var session = try makeSession(configuration: configuration)
        _ = try session.addTrack(.audio, at: .zero)
        _ = try session.offer()
        let local = SocketAddress(try #require(IPAddress("198.51.100.1")), port: 5_000)
        session.addLocalAddress(local, to: 0, at: .zero)
        session.endOfLocalAddresses(of: 0, at: .zero)
        var sent = 0
        session.takeOutgoing { batch in
            sent += batch.entries.count
            batch.removeAll()
        }
        #expect(sent == 0)
        let state = session.gatheringState
        #expect(state == .complete)
        let kinds = session.statistics(at: .zero).transports.flatMap(\.localCandidates).map(\.kind)
        #expect(kinds == [.host])
    }
}
