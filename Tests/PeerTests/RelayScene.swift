import ICE
import NetworkSimulator
import Peer
import STUN
import TURN
import TURNSupport
import Wire

/// Two peers with a NAT in front of each, and servers that both know.
struct RelayScene {
    /// What stands between a peer and the internet.
    enum Access: Hashable, CaseIterable {
        case open
        case fullCone, addressRestricted, portRestricted, symmetric

        fileprivate var kind: NAT.Kind? {
            switch self {
            case .open: nil
            case .fullCone: .fullCone
            case .addressRestricted: .addressRestricted
            case .portRestricted: .portRestricted
            case .symmetric: .symmetric
            }
        }
    }

    let call: CallScene
    let server: Host<TURNServerNode>
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
        call = CallScene(
            network: network,
            caller: try Self.addPeer(1, caller, line, configuration, to: network),
            answerer: try Self.addPeer(2, answerer, line, configuration, to: network)
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

    private static func addPeer(
        _ number: Int,
        _ access: Access,
        _ line: Link,
        _ configuration: PeerConfiguration,
        to network: Simulation
    ) throws -> Host<PeerNode> {
        var home = Subnet.internet
        var own = "198.51.100.\(number)"
        if let kind = access.kind {
            let nat = NAT(kind: kind, publicAddress: address("203.0.113.\(number)"))
            home = network.addNetwork("home \(number)", behind: nat)
            own = "192.168.\(number).2"
        }
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
