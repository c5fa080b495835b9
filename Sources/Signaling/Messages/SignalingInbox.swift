import Wire

/// Puts the messages of other peers into the order that a session can take.
///
/// Candidates wait until the description they belong to has been delivered, and a description that
/// comes twice is delivered once.
package struct SignalingInbox: Sendable {
    /// Candidates and repetitions that were thrown away.
    package private(set) var dropped = 0

    private var peers: [String: Peer] = [:]
    private var ready = Queue<SignalingMessage>()

    private struct Peer: Sendable {
        var description: String?
        var held: [SignalingMessage] = []
    }

    package init() {}

    /// Takes in one message; call ``next()`` until it returns nil afterwards.
    package mutating func receive(_ message: SignalingMessage) {
        guard let sender = message.sender else { return ready.append(message) }
        switch message.content {
        case .offer(let sdp), .answer(let sdp): receive(sdp, in: message, from: sender)
        case .candidate(let line, _): receive(candidate: line, in: message, from: sender)
        case .disconnect:
            peers[sender] = nil
            ready.append(message)
        case .error, .register: ready.append(message)
        }
    }

    /// The next message to deliver.
    package mutating func next() -> SignalingMessage? { ready.popFirst() }

    /// The call with `peer` is over: its next description begins another.
    package mutating func forget(_ peer: String) { peers[peer] = nil }

    private mutating func receive(
        _ sdp: String,
        in message: SignalingMessage,
        from sender: String
    ) {
        guard var peer = peer(named: sender) else { return drop() }
        guard peer.description != sdp else { return drop() }
        peer.description = sdp
        ready.append(message)
        let held = peer.held
        peer.held = []
        for candidate in held {
            if candidate.belongs(to: sdp) {
                ready.append(candidate)
            } else {
                peer.held.append(candidate)
            }
        }
        peers[sender] = peer
    }

    private mutating func receive(
        candidate: String,
        in message: SignalingMessage,
        from sender: String
    ) {
        guard var peer = peer(named: sender) else { return drop() }
        if let description = peer.description, message.belongs(to: description) {
            return ready.append(message)
        }
        guard peer.held.count < maximumHeldCandidates else { return drop() }
        peer.held.append(message)
        peers[sender] = peer
    }

    private func peer(named id: String) -> Peer? {
        peers[id] ?? (peers.count < maximumPeers ? Peer() : nil)
    }

    private mutating func drop() { dropped += 1 }
}

extension SignalingMessage {
    /// Whether a candidate names no ICE user fragment, or one of `description`.
    ///
    /// RFC 8838 §4.3.1: candidates of a restart may overtake the description that announces it.
    fileprivate func belongs(to description: String) -> Bool {
        switch content {
        case .candidate(let line, _):
            let words = line.split(separator: " ")
            guard let label = words.lastIndex(of: "ufrag"), label + 1 < words.count else {
                return true
            }
            let attribute = "a=ice-ufrag:\(words[label + 1])"
            return description.split(whereSeparator: \.isNewline).contains { $0 == attribute }
        case .register, .offer, .answer, .disconnect, .error: return true
        }
    }
}

/// A peer gathers some dozens at most.
private let maximumHeldCandidates = 100
private let maximumPeers = 256
