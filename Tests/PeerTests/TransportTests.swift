import DTLS
import ICE
import NetworkSimulator
import Peer
import Testing
import Wire

@Suite("Transports of a session: RFC 9143, RFC 5761, RFC 8842")
struct TransportTests {
    /// A call of two audio sections, under these settings of the caller.
    private func makeScene(
        _ configure: (inout PeerConfiguration) -> Void,
        seed: UInt64 = 4
    ) throws -> CallScene {
        let network = Simulation(seed: seed)
        var configuration = PeerConfiguration()
        configure(&configuration)
        func host(_ name: String, _ own: String, seed: UInt64) throws -> Host<PeerNode> {
            try network.addHost(
                name,
                addresses: [address(own)],
                link: Link(delay: .milliseconds(10)),
                makeNode: { try PeerNode(own, configuration: configuration, seed: seed, at: $0) }
            )
        }
        return CallScene(
            network: network,
            caller: try host("caller", "198.51.100.1", seed: seed &+ 1),
            answerer: try host("answerer", "198.51.100.2", seed: seed &+ 2)
        )
    }

    /// Offers two sections; `change` is made to the offer on its way, and to the answer.
    private func negotiate(_ scene: CallScene, _ change: (String) -> String = { $0 }) throws {
        try scene.network.with(scene.caller) { node, now in
            node.audio = try node.session.addTrack(.audio, at: now)
            _ = try node.session.addTrack(.audio, at: now)
        }
        var offer = try scene.offer(from: scene.caller)
        offer.sdp = change(offer.sdp)
        var answer = try scene.answer(offer, at: scene.answerer)
        answer.sdp = change(answer.sdp)
        try scene.accept(answer, at: scene.caller)
        try scene.passCandidates(from: scene.caller, to: scene.answerer)
        try scene.passCandidates(from: scene.answerer, to: scene.caller)
    }

    private func withoutBundle(_ sdp: String) -> String {
        sdp.split(separator: "\r\n").filter { !$0.hasPrefix("a=group:BUNDLE") }
            .joined(separator: "\r\n") + "\r\n"
    }

    private func components(_ scene: CallScene, _ host: Host<PeerNode>) -> [ICEComponent] {
        scene.statistics(of: host).transports.map(\.component)
    }

    @Test func sectionsThatAreNotBundledHaveTransportsOfTheirOwn() throws {
        let scene = try makeScene { $0.bundlePolicy = .maxCompat }
        try negotiate(scene, withoutBundle)
        #expect(scene.connect() == .done)
        for host in [scene.caller, scene.answerer] {
            let transports = scene.statistics(of: host).transports
            #expect(transports.count == 2)
            #expect(transports.allSatisfy { $0.dtlsState == .connected && $0.path != nil })
            #expect(Set(transports.compactMap { $0.path?.local.address }).count == 2)
        }
        scene.talk(frames: 100)
        #expect(scene.heard.answerer >= 95)
    }

    @Test func aTransportThatIsBundledAwayIsClosed() throws {
        let scene = try makeScene { $0.bundlePolicy = .maxCompat }
        try negotiate(scene)
        #expect(scene.connect() == .done)
        for host in [scene.caller, scene.answerer] { #expect(components(scene, host).count == 1) }
        let released = scene.network.read(scene.caller) { node in
            node.requests.count { if case .release = $0 { true } else { false } }
        }
        #expect(released == 1)
        // Nobody took the end of the other transport for the end of the call.
        scene.run(60)
        #expect(scene.network.read(scene.caller) { $0.isConnected && !$0.hasEnded })
        #expect(scene.network.read(scene.answerer) { $0.isConnected && !$0.hasEnded })
    }

    @Test func controlHasAComponentOfItsOwnWhereItIsNotMultiplexed() throws {
        let scene = try makeScene { $0.rtcpMuxPolicy = .negotiate }
        try negotiate(scene) { sdp in
            sdp.split(separator: "\r\n").filter { !$0.hasPrefix("a=rtcp-mux") }
                .joined(separator: "\r\n") + "\r\n"
        }
        #expect(scene.connect() == .done)
        let both = [ICEComponent(stream: 0), ICEComponent(stream: 0, component: 2)]
        for host in [scene.caller, scene.answerer] {
            #expect(Array(components(scene, host).prefix(2)) == both)
        }
        scene.talk(frames: 300)
        // Reports went through component 2: the sender knows of them.
        let sent = try #require(scene.statistics(of: scene.caller).sent.first)
        #expect(sent.roundTripTime != nil)
        #expect(scene.heard.answerer >= 295)
    }

    @Test func multiplexingGivesTheSecondComponentBack() throws {
        let scene = try makeScene { $0.rtcpMuxPolicy = .negotiate }
        try negotiate(scene)
        #expect(scene.connect() == .done)
        for host in [scene.caller, scene.answerer] {
            #expect(components(scene, host) == [ICEComponent(stream: 0)])
        }
    }

    @Test func namesAreLookedUpAndOwnOnesHideAddresses() throws {
        let scene = try makeScene { $0.gathering.hostPrivacy = .named }
        try negotiate(scene)
        var names: [String: IPAddress] = [:]
        for host in [scene.caller, scene.answerer] {
            for request in scene.network.read(host, { $0.requests }) {
                guard case .announce(let name, let address) = request else { continue }
                names[name] = address
            }
        }
        #expect(names.count == 2 && names.keys.allSatisfy { $0.hasSuffix(".local") })
        #expect(!scene.network.read(scene.caller) { $0.isConnected })
        for host in [scene.caller, scene.answerer] {
            scene.network.with(host) { node, now in
                let description = node.session.localDescription?.sdp ?? ""
                #expect(!description.contains("198.51.100."))
                for request in node.requests {
                    guard case .resolve(let name) = request else { continue }
                    node.session.resolved(name, to: [names[name]].compactMap(\.self), at: now)
                }
                node.collect(at: now)
            }
        }
        #expect(scene.connect() == .done)
    }
}
