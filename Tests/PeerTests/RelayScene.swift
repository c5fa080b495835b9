import ICE
import NetworkSimulator
import Peer
import STUN
import TURN
import TURNSupport
import TraversalSupport
import Wire

/// Two peers with a NAT in front of each, and servers that both know.
struct RelayScene {
    let call: CallScene
    let server: Host<TURNServerNode>
    /// The network of each peer: its home, or the internet.
    let homes: [Subnet]
    var network: Simulation { call.network }

    static let serverAddress = "192.0.2.10"

    /// `loss` is of each peer's line, in both directions.
    init(
        _ caller: Access,
        _ answerer: Access,
        loss: Double = 0,
        servers: [ICEServer]? = nil,
        configure: (inout PeerConfiguration) -> Void = { _ in },
        configureServer: (inout TURNServerConfiguration) -> Void = { _ in },
        seed: UInt64
    ) throws {
        let network = Simulation(seed: seed)
        server = network.addTURNServer(
            at: [Self.serverAddress],
            users: ["alice": "secret"],
            link: Link(delay: .milliseconds(10)),
            configure: configureServer
        )
        var configuration = PeerConfiguration()
        configuration.iceServers = try servers ?? [Self.stun, Self.turn]
        configure(&configuration)
        let line = Link(delay: .milliseconds(10), loss: .random(loss))
        let homes = [Self.addHome(1, caller, to: network), Self.addHome(2, answerer, to: network)]
        self.homes = homes
        call = CallScene(
            network: network,
            caller: try Self.addPeer(1, on: homes[0], line, configuration, to: network),
            answerer: try Self.addPeer(2, on: homes[1], line, configuration, to: network)
        )
    }

    static var stun: ICEServer {
        get throws { try ICEServer(urls: ["stun:\(serverAddress)"]) }
    }

    static var turn: ICEServer {
        get throws {
            try ICEServer(
                urls: ["turn:\(serverAddress)"],
                username: "alice",
                credential: "secret"
            )
        }
    }

    private static func addHome(
        _ number: Int,
        _ access: Access,
        to network: Simulation
    ) -> Subnet {
        guard let kind = access.kind else { return .internet }
        let nat = NAT(kind: kind, publicAddress: address("203.0.113.\(number)"))
        return network.addNetwork("home \(number)", behind: nat)
    }

    private static func addPeer(
        _ number: Int,
        on home: Subnet,
        _ line: Link,
        _ configuration: PeerConfiguration,
        to network: Simulation
    ) throws -> Host<PeerNode> {
        let own = home == .internet ? "198.51.100.\(number)" : "192.168.\(number).2"
        let seed = network.seed &+ UInt64(number)
        return try network.addHost(
            "peer \(number)",
            addresses: [address(own)],
            on: home,
            link: line,
            makeNode: { try PeerNode(own, configuration: configuration, seed: seed, at: $0) }
        )
    }

    /// Offer and answer at once; candidates follow as they are found.
    func negotiate() throws {
        try call.negotiate()
    }

    /// Runs until both are connected, and hands over candidates meanwhile.
    func connect(within limit: Duration = .seconds(30)) throws -> Bool {
        let end = network.now.advanced(by: limit)
        while network.now < end {
            try call.passCandidates(from: call.caller, to: call.answerer)
            try call.passCandidates(from: call.answerer, to: call.caller)
            if isConnected { return true }
            network.run(for: .milliseconds(20))
        }
        return isConnected
    }

    /// Runs as a program does that passes candidates on and makes the offers its sessions ask for;
    /// says whether `isDone` was reached, and how many offers there were.
    @discardableResult
    func carryOn(
        for limit: Duration,
        until isDone: () -> Bool = { false }
    ) throws -> (isDone: Bool, offers: Int) {
        let end = network.now.advanced(by: limit)
        var offers = 0
        while network.now < end, !isDone() {
            network.run(for: .milliseconds(100))
            let ends = [(call.caller, call.answerer), (call.answerer, call.caller)]
            // Before offers with other credentials: signaling keeps the order.
            for (one, two) in ends { try call.passCandidates(from: one, to: two) }
            for (one, two) in ends where wantsNegotiation(one) {
                try call.renegotiate(from: one, with: two)
                offers += 1
            }
        }
        return (isDone(), offers)
    }

    private func wantsNegotiation(_ host: Host<PeerNode>) -> Bool {
        network.with(host) { node, _ in
            let wants = node.events.contains { event in
                if case .negotiationNeeded = event { true } else { false }
            }
            node.events.removeAll()
            return wants && node.session.isNegotiationNeeded
        }
    }

    /// What both ends use now, as far as they agree.
    var way: Way? {
        let ways = [call.caller, call.answerer].map { host -> Way? in
            guard let path = call.statistics(of: host).path else { return nil }
            let ends = [path.local.base.address, path.remote.address.address]
            return ends.contains { "\($0)".hasPrefix("192.0.2.") } ? .relayed : .direct
        }
        return ways[0] == ways[1] ? ways[0] : nil
    }

    /// Whether both hear each other now: two seconds of speech, of which a tenth may be missing.
    func isHeard() -> Bool {
        let before = call.heard
        call.talk(frames: 100)
        let after = call.heard
        return after.caller - before.caller >= 90 && after.answerer - before.answerer >= 90
    }

    var isConnected: Bool {
        network.read(call.caller) { $0.isConnected }
            && network.read(call.answerer) { $0.isConnected }
    }

    /// The kinds of both ends of the path, as the caller and as the answerer see them.
    func isRelayed(_ host: Host<PeerNode>) -> Bool {
        guard let path = call.statistics(of: host).path else { return false }
        return path.local.kind == .relayed || path.remote.kind == .relayed
    }

    func errors(of host: Host<PeerNode>) -> [ICECandidateError] {
        network.read(host) { node in
            node.events.compactMap { event in
                guard case .candidateError(let error) = event else { return nil }
                return error
            }
        }
    }

    /// When gathering was complete, counted from the start; nil if it is not.
    func isGatheringComplete(_ host: Host<PeerNode>) -> Bool {
        network.read(host) { $0.session.gatheringState == .complete }
    }

    func candidates(of host: Host<PeerNode>) -> [String] {
        network.read(host) { node in
            node.events.compactMap { event in
                guard case .candidate(let candidate) = event else { return nil }
                return candidate.candidate
            }
        }
    }
}
