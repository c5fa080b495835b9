import DTLS
import NetworkSimulator
import Peer
import Wire

/// A session and, at the other end, protocols that can be made to say anything.
struct RawScene {
    let network: Simulation
    let peer: Host<PeerNode>
    let raw: Host<RawPeer>

    init(
        seed: UInt64,
        manners: RawPeer.Manners = [],
        delay: Duration = .milliseconds(10),
        configuration: PeerConfiguration = PeerConfiguration()
    ) throws {
        let network = Simulation(seed: seed)
        self.network = network
        peer = try network.addHost(
            "peer",
            addresses: [address("198.51.100.1")],
            link: Link(delay: delay),
            makeNode: { now in
                try PeerNode(
                    "198.51.100.1",
                    configuration: configuration,
                    seed: seed &+ 1,
                    at: now
                )
            }
        )
        raw = try network.addHost(
            "raw",
            addresses: [address("198.51.100.2")],
            link: .instant,
            makeNode: { _ in try RawPeer("198.51.100.2", manners: manners, seed: seed &+ 2) }
        )
    }

    /// The raw end offers, as `edit` changes it; the session answers.
    func receiveOffer(_ edit: (String) -> String = { $0 }) throws {
        let answer = try answer(edit(network.read(raw) { $0.description(setup: "actpass") }))
        try network.with(raw) { node, now in
            try node.accept(answer.sdp, role: .server, at: now)
        }
    }

    /// The session's answer to `offer`, set there and not yet known to the raw end.
    func answer(_ offer: String) throws -> SessionDescription {
        try network.with(peer) { node, now in
            if node.audio == nil { node.audio = try node.session.addTrack(.audio, at: now) }
            try node.session.setRemoteDescription(
                SessionDescription(.offer, sdp: offer),
                at: now
            )
            let answer = try node.session.createAnswer(at: now)
            try node.session.setLocalDescription(answer, at: now)
            node.collect(at: now)
            return answer
        }
    }

    /// The session offers; the raw end answers with those fingerprints, as `edit` changes it.
    func answerOffer(
        fingerprints: (borrowing RawPeer) -> [String]? = { _ in nil },
        edit: (String) -> String = { $0 }
    ) throws {
        let offer = try network.with(peer) { node, now in
            node.audio = try node.session.addTrack(.audio, at: now)
            let offer = try node.session.createOffer(at: now)
            try node.session.setLocalDescription(offer, at: now)
            node.collect(at: now)
            return offer
        }
        let setup = network.read(raw) { $0.manners.contains(.lite) ? "passive" : "active" }
        let answer = edit(
            network.read(raw) { node in
                node.description(setup: setup, fingerprints: fingerprints(node))
            }
        )
        try network.with(raw) { node, now in
            try node.accept(offer.sdp, role: setup == "active" ? .client : .server, at: now)
        }
        try network.with(peer) { node, now in
            try node.session.setRemoteDescription(
                SessionDescription(.answer, sdp: answer),
                at: now
            )
            node.collect(at: now)
        }
    }

    func connect(within limit: Duration = .seconds(10)) -> Simulation.Ending {
        network.run(
            until: {
                network.read(peer) { $0.isConnected } && network.read(raw) { $0.isConnected }
            },
            limit: limit
        )
    }

    /// Sends under the right keys, and waits until it has arrived.
    func send(_ packets: [[UInt8]], isControl: Bool = false) {
        network.with(raw) { node, _ in
            for packet in packets { node.send(packet, isControl: isControl) }
        }
        network.run(for: .milliseconds(20))
    }

    var statistics: PeerStatistics {
        let now = network.now
        return network.read(peer) { $0.session.statistics(at: now) }
    }

    var warnings: [PeerWarning] {
        network.read(peer) { node in
            node.events.compactMap { event in
                guard case .warning(let warning) = event else { return nil }
                return warning
            }
        }
    }
}

/// An RTP packet of Opus, without extensions.
func rtp(
    _ number: Int,
    type: UInt8 = 111,
    hasMarker: Bool = false,
    step: Int = 960,
    ssrc: UInt32 = 77
) -> [UInt8] {
    let timestamp = UInt32(truncatingIfNeeded: number * step)
    let payload: [UInt8] = [0xF8] + (0..<4).map { UInt8(truncatingIfNeeded: number >> ($0 * 8)) }
    return [0x80, type | (hasMarker ? 0x80 : 0), UInt8(number >> 8 & 255), UInt8(number & 255)]
        + big(timestamp) + big(ssrc) + payload
}

func big(_ value: UInt32) -> [UInt8] {
    [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
}
