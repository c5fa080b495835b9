import NetworkSimulator
import Peer
import Wire

// Networks to call across.
extension CallScene {
    /// A mobile line: 60 ms ± 20 ms one way, and every twentieth packet lost.
    static let badLine = Link(
        delay: .milliseconds(40),
        jitter: .milliseconds(40),
        loss: .random(0.05)
    )

    /// The caller behind a NAT whose outside line is `line`, the answerer on a public address.
    static func behindNAT(_ kind: NAT.Kind, line: Link, seed: UInt64) throws -> CallScene {
        let network = Simulation(seed: seed)
        let nat = NAT(kind: kind, publicAddress: address("203.0.113.1"))
        let home = network.addNetwork("home", behind: nat, link: line)
        let caller = try network.addHost(
            "caller",
            addresses: [address("192.168.1.2")],
            on: home,
            link: .instant,
            makeNode: { try PeerNode("192.168.1.2", seed: seed &+ 1, at: $0) }
        )
        let answerer = try network.addHost(
            "answerer",
            addresses: [address("198.51.100.2")],
            link: .instant,
            makeNode: { try PeerNode("198.51.100.2", seed: seed &+ 2, at: $0) }
        )
        return CallScene(network: network, caller: caller, answerer: answerer)
    }

    /// Both behind one NAT, the caller on a bad line to it.
    static func household(_ nat: NAT, line: Link, seed: UInt64) throws -> CallScene {
        let network = Simulation(seed: seed)
        let home = network.addNetwork("home", behind: nat)
        let caller = try network.addHost(
            "caller",
            addresses: [address("192.168.1.2")],
            on: home,
            link: line,
            makeNode: { try PeerNode("192.168.1.2", seed: seed &+ 1, at: $0) }
        )
        let answerer = try network.addHost(
            "answerer",
            addresses: [address("192.168.1.3")],
            on: home,
            link: .instant,
            makeNode: { try PeerNode("192.168.1.3", port: 50_001, seed: seed &+ 2, at: $0) }
        )
        return CallScene(network: network, caller: caller, answerer: answerer)
    }

    /// Both on the internet with `line` between them.
    static func direct(line: Link, seed: UInt64) throws -> CallScene {
        let network = Simulation(seed: seed)
        let caller = try network.addHost(
            "caller",
            addresses: [address("198.51.100.1")],
            link: line,
            makeNode: { try PeerNode("198.51.100.1", seed: seed &+ 1, at: $0) }
        )
        let answerer = try network.addHost(
            "answerer",
            addresses: [address("198.51.100.2")],
            link: .instant,
            makeNode: { try PeerNode("198.51.100.2", seed: seed &+ 2, at: $0) }
        )
        return CallScene(network: network, caller: caller, answerer: answerer)
    }
}

// Signaling, step by step.
extension CallScene {
    /// A first or later offer of `host`, set there.
    func offer(from host: Host<PeerNode>) throws -> SessionDescription {
        try network.with(host) { node, now in
            if node.audio == nil { node.audio = try node.session.addTrack(.audio, at: now) }
            let offer = try node.session.createOffer(at: now)
            try node.session.setLocalDescription(offer, at: now)
            node.collect(at: now)
            return offer
        }
    }

    /// The answer of `host` to `offer`, set there.
    func answer(_ offer: SessionDescription, at host: Host<PeerNode>) throws -> SessionDescription {
        try network.with(host) { node, now in
            if node.audio == nil { node.audio = try node.session.addTrack(.audio, at: now) }
            try node.session.setRemoteDescription(offer, at: now)
            let answer = try node.session.createAnswer(at: now)
            try node.session.setLocalDescription(answer, at: now)
            node.collect(at: now)
            return answer
        }
    }

    func accept(_ answer: SessionDescription, at host: Host<PeerNode>) throws {
        try network.with(host) { node, now in
            try node.session.setRemoteDescription(answer, at: now)
            node.collect(at: now)
        }
    }

    /// A later offer of one side and its answer, over signaling that takes no time.
    func renegotiate(from offerer: Host<PeerNode>, with other: Host<PeerNode>) throws {
        let offer = try offer(from: offerer)
        let answer = try answer(offer, at: other)
        try accept(answer, at: offerer)
        try passCandidates(from: offerer, to: other)
        try passCandidates(from: other, to: offerer)
    }

    /// Offer and answer between housemates who know of each other what a STUN server would tell.
    func negotiateByPublicAddresses(router: String) throws {
        let offer = try offer(from: caller)
        let answer = try answer(offer, at: answerer)
        try accept(answer, at: caller)
        func seenOutside(_ candidate: String) -> String {
            candidate.split(separator: " ")
                .map { $0.hasPrefix("192.168.") ? Substring(router) : $0 }
                .joined(separator: " ")
        }
        try passCandidates(from: caller, to: answerer, seenOutside)
        try passCandidates(from: answerer, to: caller, seenOutside)
    }

    /// Hands over candidates changed by `change`.
    func passCandidates(
        from sender: Host<PeerNode>,
        to receiver: Host<PeerNode>,
        _ change: (String) -> String
    ) throws {
        network.with(sender) { node, _ in
            for index in node.signals.indices {
                node.signals[index].candidate = change(node.signals[index].candidate)
            }
        }
        try passCandidates(from: sender, to: receiver)
    }

    /// Runs for `seconds` of virtual time.
    func run(_ seconds: Double) { network.run(for: .seconds(seconds)) }

    /// How many frames each side has heard so far.
    var heard: (caller: Int, answerer: Int) {
        (
            network.read(caller) { $0.ear.heard.count },
            network.read(answerer) { $0.ear.heard.count }
        )
    }

    func states(of host: Host<PeerNode>) -> [PeerConnectionState] {
        network.read(host) { node in
            node.events.compactMap { event in
                guard case .connectionStateChanged(let state) = event else { return nil }
                return state
            }
        }
    }

    func statistics(of host: Host<PeerNode>) -> PeerStatistics {
        let now = network.now
        return network.read(host) { $0.session.statistics(at: now) }
    }
}
