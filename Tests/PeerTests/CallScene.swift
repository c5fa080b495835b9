import NetworkSimulator
import Peer
import Wire

/// Two peers on a simulated network, and the signaling between them.
struct CallScene {
    let network: Simulation
    let caller: Host<PeerNode>
    let answerer: Host<PeerNode>
    /// How long a signal takes to the other side.
    var signalingDelay = Duration.milliseconds(20)

    /// Both on the internet, `link` between them.
    init(seed: UInt64, link: Link = Link(delay: .milliseconds(30))) throws {
        let network = Simulation(seed: seed)
        self.network = network
        caller = try network.addHost(
            "caller",
            addresses: [address("198.51.100.1")],
            link: link,
            makeNode: { try PeerNode("198.51.100.1", seed: seed &+ 1, at: $0) }
        )
        answerer = try network.addHost(
            "answerer",
            addresses: [address("198.51.100.2")],
            link: link,
            makeNode: { try PeerNode("198.51.100.2", seed: seed &+ 2, at: $0) }
        )
    }

    init(network: Simulation, caller: Host<PeerNode>, answerer: Host<PeerNode>) {
        self.network = network
        self.caller = caller
        self.answerer = answerer
    }

    /// Offer and answer, over signaling that takes its time, and candidates as they are found.
    func negotiate() throws {
        let offer = try network.with(caller) { node, now in
            node.audio = try node.session.addTrack(.audio, at: now)
            let offer = try node.session.createOffer(at: now)
            try node.session.setLocalDescription(offer, at: now)
            node.collect(at: now)
            return offer
        }
        _ = network.run(for: signalingDelay)
        let answer = try network.with(answerer) { node, now in
            node.audio = try node.session.addTrack(.audio, at: now)
            try node.session.setRemoteDescription(offer, at: now)
            let answer = try node.session.createAnswer(at: now)
            try node.session.setLocalDescription(answer, at: now)
            node.collect(at: now)
            return answer
        }
        try passCandidates(from: caller, to: answerer)
        _ = network.run(for: signalingDelay)
        try network.with(caller) { node, now in
            try node.session.setRemoteDescription(answer, at: now)
            node.collect(at: now)
        }
        try passCandidates(from: answerer, to: caller)
    }

    /// Hands over the candidates that were found since the last time.
    func passCandidates(from sender: Host<PeerNode>, to receiver: Host<PeerNode>) throws {
        let candidates = network.with(sender) { node, _ in
            defer { node.signals = [] }
            return node.signals
        }
        try network.with(receiver) { node, now in
            for candidate in candidates {
                do throws(PeerError) {
                    try node.session.addRemoteCandidate(candidate, at: now)
                } catch .operation(.unknownFragment) {
                    // Found for credentials that a restart has replaced meanwhile.
                    continue
                }
            }
            node.collect(at: now)
        }
    }

    /// Runs until both sides are connected.
    func connect(within limit: Duration = .seconds(20)) -> Simulation.Ending {
        network.run(
            until: {
                network.read(caller) { $0.isConnected } && network.read(answerer) { $0.isConnected }
            },
            limit: limit
        )
    }

    /// Both say `frames` frames of 20 ms and listen until a second after the last.
    func talk(frames: Int) {
        for host in [caller, answerer] {
            network.with(host) { node, now in
                node.microphone.start(frames: frames, at: now)
                node.ear.start(at: now)
            }
        }
        _ = network.run(for: .milliseconds(20 * frames + 1_000))
        for host in [caller, answerer] {
            network.with(host) { node, _ in node.ear.stop() }
        }
    }

    func hangUp(_ host: Host<PeerNode>) {
        network.with(host) { node, now in
            node.session.close(at: now)
            node.collect(at: now)
        }
    }
}

func address(_ text: String) -> IPAddress { IPAddress(text) ?? .any4 }
