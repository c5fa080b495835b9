import ICE
import NetworkSimulator
import Peer
import TURNSupport
import Wire

/// One attempt of two peers to reach each other through what stands before them.
///
/// A STUN and TURN server is there for both; candidates trickle through signaling that takes 20 ms;
/// each line takes 10 ms and loses packets in both directions.
///
/// ```swift
/// let passage = try Crossing(.symmetric, .fullCone, loss: 0.1, seed: 7).run()
/// passage.way         // .direct
/// passage.bestPath    // 512 ms
/// ```
package struct Crossing {
    /// How an attempt has ended.
    package struct Passage: Hashable, Sendable {
        /// The way that both peers use, and have for a while; nil if they have none, or not the same.
        package var way: Way?
        /// When both had any path, from the offer on.
        package var firstPath: Duration?
        /// When both took the path they have now.
        package var lastPath: Duration?
        /// How often a peer has lost its path so far that it asked for a restart.
        package var restarts = 0
        /// How many candidates a peer did not take from the other: none, or this file is wrong.
        package var refused = 0
    }

    private let network: Simulation
    private let sides: [Host<PathNode>]
    private let best: Way

    /// Two peers that know nothing of each other yet.
    package init(_ one: Access, _ other: Access, loss: Double, seed: UInt64) throws {
        let network = Simulation(seed: seed)
        self.network = network
        _ = network.addTURNServer(
            at: [serverAddress],
            users: ["alice": "secret"],
            link: Link(delay: .milliseconds(10))
        )
        let line = Link(delay: .milliseconds(10), loss: .random(loss))
        sides = try [one, other].enumerated().map { index, access in
            try Self.addPeer(index + 1, behind: access, line: line, to: network)
        }
        best = Access.bestWay(one, other)
    }

    private static func addPeer(
        _ number: Int,
        behind access: Access,
        line: Link,
        to network: Simulation
    ) throws -> Host<PathNode> {
        var home = Subnet.internet
        var own = address("198.51.100.\(number)")
        if let kind = access.kind {
            let nat = NAT(kind: kind, publicAddress: address("203.0.113.\(number)"))
            home = network.addNetwork("home \(number)", behind: nat)
            own = address("192.168.\(number).2")
        }
        var configuration = PeerConfiguration()
        configuration.ice.maximumEvents = 500
        configuration.iceServers = [
            try ICEServer(urls: ["stun:\(serverAddress)"]),
            try ICEServer(
                urls: ["turn:\(serverAddress)"],
                username: "alice",
                credential: "secret"
            ),
        ]
        return try network.addHost(
            "peer \(number)",
            addresses: [own],
            on: home,
            link: line,
            makeNode: { now in
                try PathNode(
                    at: SocketAddress(own, port: 50_000),
                    relay: address(serverAddress),
                    configuration: configuration,
                    seed: network.seed &+ UInt64(number),
                    at: now
                )
            }
        )
    }

    /// Negotiates, and runs until both have been on the best way for 5 s, or `limit` has passed.
    package func run(limit: Duration = .seconds(60)) throws -> Passage {
        let start = network.now
        let end = start.advanced(by: limit)
        try negotiate()
        while network.now < end {
            let rest = network.now.duration(to: end)
            run(for: rest) { isOnBestWay }
            guard isOnBestWay else { break }
            run(for: .seconds(5)) { !isOnBestWay }
            if isOnBestWay { break }
        }
        return passage(since: start)
    }

    /// What both agents remember, line by line: for whoever asks why a seed ends as it does.
    package var story: [String] {
        let now = network.now
        return sides.flatMap { side in
            let ice = network.read(side) { $0.session.statistics(at: now).ice }
            let pairs = ice.pairs.map { pair in
                "pair \(pair.id) \(pair.pair.local.kind) \(pair.pair.local.base) to "
                    + "\(pair.pair.remote.kind) \(pair.pair.remote.address): \(pair.state), sent "
                    + "\(pair.requestsSent), answered \(pair.responsesReceived), received "
                    + "\(pair.requestsReceived)"
            }
            return ["-- \(side.name)"] + ice.events.map { "\($0.at) \($0.kind)" } + pairs
        }
    }

    private func negotiate() throws {
        let offer = try network.with(sides[0]) { node, now in
            _ = try node.session.addTrack(.audio, at: now)
            let offer = try node.session.createOffer(at: now)
            try node.session.setLocalDescription(offer, at: now)
            node.collect(at: now)
            return offer
        }
        network.run(for: signalingDelay)
        let answer = try network.with(sides[1]) { node, now in
            _ = try node.session.addTrack(.audio, at: now)
            try node.session.setRemoteDescription(offer, at: now)
            let answer = try node.session.createAnswer(at: now)
            try node.session.setLocalDescription(answer, at: now)
            node.collect(at: now)
            return answer
        }
        // What was found at once comes right behind the description.
        passSignals(from: 0, after: .zero)
        network.run(for: signalingDelay)
        try network.with(sides[0]) { node, now in
            try node.session.setRemoteDescription(answer, at: now)
            node.collect(at: now)
        }
        passSignals(from: 1, after: .zero)
    }

    /// Runs until `isDone`, and passes candidates on meanwhile.
    private func run(for limit: Duration, until isDone: () -> Bool) {
        let end = network.now.advanced(by: limit)
        while network.now < end, !isDone() {
            let rest = network.now.duration(to: end)
            network.run(until: { hasSignals || isDone() }, limit: rest)
            for side in sides.indices { passSignals(from: side, after: signalingDelay) }
        }
    }

    private var hasSignals: Bool {
        sides.contains { network.read($0) { !$0.signals.isEmpty } }
    }

    private func passSignals(from sender: Int, after delay: Duration) {
        let signals = network.with(sides[sender]) { node, _ in
            defer { node.signals = [] }
            return node.signals
        }
        guard !signals.isEmpty else { return }
        let (network, receiver) = (network, sides[1 - sender])
        network.after(delay) {
            network.with(receiver) { node, now in
                for signal in signals { node.add(signal, at: now) }
                node.collect(at: now)
            }
        }
    }

    private var isOnBestWay: Bool {
        sides.allSatisfy { network.read($0) { $0.path?.way } == best }
    }

    private func passage(since start: Instant) -> Passage {
        let paths = sides.compactMap { network.read($0) { $0.path } }
        let firsts = sides.compactMap { network.read($0) { $0.firstPath } }
        var passage = Passage()
        for side in sides {
            passage.restarts += network.read(side) { $0.restarts }
            passage.refused += network.read(side) { $0.refused }
        }
        if firsts.count == 2 { passage.firstPath = firsts.max().map { start.duration(to: $0) } }
        guard paths.count == 2, paths[0].way == paths[1].way else { return passage }
        passage.way = paths[0].way
        passage.lastPath = start.duration(to: max(paths[0].since, paths[1].since))
        return passage
    }
}

private let serverAddress = "192.0.2.10"
private let signalingDelay = Duration.milliseconds(20)

private func address(_ text: String) -> IPAddress { IPAddress(text) ?? .any4 }
