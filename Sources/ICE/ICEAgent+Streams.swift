import STUN
public import Wire

extension ICEAgent {
    /// Adds a stream, which answers checks at once and sends some when it knows the other side.
    ///
    /// A number that is taken keeps its stream.
    public mutating func addStream(
        _ stream: Int,
        components: Int = 1,
        credentials: ICECredentials
    ) {
        guard index(of: stream) == nil, state != .closed else { return }
        let count = min(max(components, 1), 255)
        streams.append(Stream(number: stream, components: count, credentials: credentials))
    }

    /// Forgets a stream.
    public mutating func removeStream(_ stream: Int, at now: Instant) {
        input(at: now) { agent, _ in agent.streams.removeAll { $0.number == stream } }
    }

    /// Says which side decides; call it before the first check.
    public mutating func setRole(_ role: ICERole) { self.role = role }

    /// Takes the other side's credentials and starts checks; other ones than before are an ICE
    /// restart by the peer.
    public mutating func setRemote(
        _ credentials: ICECredentials,
        isLite: Bool = false,
        pacing: Duration? = nil,
        of stream: Int,
        at now: Instant
    ) {
        guard let index = index(of: stream), credentials.isUsable else { return }
        input(at: now) { agent, now in
            let known = agent.streams[index].sessions[0].remote?.credentials
            guard known != credentials else { return }
            if known != nil { agent.beginSession(in: index, isLocal: false) }
            agent.streams[index].sessions[0].remote = Session.RemoteSide(
                credentials,
                isLite: isLite,
                pacing: pacing
            )
            // RFC 8445 §6.1.1: a full agent is controlling when the peer is lite.
            if isLite { agent.take(.controlling) }
            agent.startChecks(of: index, at: now)
        }
    }

    /// Adds an address of ours; its base must be the address the owner receives on.
    public mutating func add(local candidate: Candidate, to stream: Int, at now: Instant) {
        guard let index = index(of: stream) else { return }
        input(at: now) { agent, now in agent.addLocal(candidate, to: index, at: now) }
    }

    /// Adds an address of the peer; duplicates, TCP and impossible ones are ignored.
    public mutating func add(remote candidate: Candidate, to stream: Int, at now: Instant) {
        guard let index = index(of: stream), hasRoom(forRemote: candidate, in: index) else {
            return
        }
        input(at: now) { agent, now in agent.addRemote(candidate, to: index, at: now) }
    }

    /// Forgets a local address that has gone, and every pair that used it.
    public mutating func remove(localAddress: SocketAddress, at now: Instant) {
        input(at: now) { agent, _ in
            for stream in agent.streams.indices {
                agent.streams[stream].localCandidates.removeAll { $0.base == localAddress }
                for session in agent.streams[stream].sessions.indices {
                    agent.streams[stream].sessions[session].pairs.removeAll {
                        $0.candidates.local.base == localAddress
                    }
                }
                agent.pairUp(stream)
            }
        }
    }

    /// No local candidates follow.
    public mutating func endOfLocalCandidates(of stream: Int, at now: Instant) {
        guard let index = index(of: stream) else { return }
        input(at: now) { agent, _ in agent.streams[index].hasLocalEnded = true }
    }

    /// The peer has said that no candidates follow (RFC 8838 §13).
    public mutating func endOfRemoteCandidates(of stream: Int, at now: Instant) {
        guard let index = index(of: stream) else { return }
        input(at: now) { agent, _ in agent.streams[index].sessions[0].hasRemoteEnded = true }
    }
}

extension ICEAgent {
    private mutating func startChecks(of stream: Int, at now: Instant) {
        streams[stream].sessions[0].patience = .waiting(
            until: now.advanced(by: configuration.patience)
        )
        pairUp(stream)
        let early = streams[stream].sessions[0].earlyChecks
        streams[stream].sessions[0].earlyChecks = []
        for check in early { use(check, stream: stream, session: 0, at: now) }
    }

    private mutating func addLocal(_ candidate: Candidate, to stream: Int, at now: Instant) {
        let known = streams[stream].localCandidates
        guard candidate.transport == .udp,
            1...streams[stream].components ~= Int(candidate.component),
            !known.contains(where: {
                $0.component == candidate.component && $0.address == candidate.address
                    && $0.base == candidate.base
            })
        else { return }
        guard known.count < configuration.maximumLocalCandidates else {
            counters.droppedAtLimits += 1
            return
        }
        streams[stream].localCandidates.append(candidate)
        hopeAnew(stream, at: now)
        for remote in streams[stream].sessions[0].remoteCandidates {
            pair(candidate, with: remote, in: stream)
        }
    }

    /// Whether a remote candidate is of use: those of a flood must not cost what one costs.
    private mutating func hasRoom(forRemote candidate: Candidate, in stream: Int) -> Bool {
        guard candidate.isUsableRemote,
            1...streams[stream].components ~= Int(candidate.component)
        else { return false }
        let known = streams[stream].sessions[0].remoteCandidates
        guard known.count >= configuration.maximumRemoteCandidates else { return true }
        // One that is known already may still learn its true kind.
        let isKnown = known.contains { $0.address.isSame(as: candidate.address) }
        if !isKnown { counters.droppedAtLimits += 1 }
        return isKnown
    }

    private mutating func addRemote(_ candidate: Candidate, to stream: Int, at now: Instant) {
        let known = streams[stream].sessions[0].remoteCandidates
        if let index = known.firstIndex(where: {
            $0.component == candidate.component && $0.address.isSame(as: candidate.address)
        }) {
            // RFC 8445 §7.3.1.3: signalling tells the true kind of what a check had discovered.
            guard known[index].kind == .peerReflexive else { return }
            return replaceRemote(at: index, with: candidate, in: stream)
        }
        streams[stream].sessions[0].remoteCandidates.append(candidate)
        hopeAnew(stream, at: now)
        for local in streams[stream].localCandidates { pair(local, with: candidate, in: stream) }
    }

    /// While candidates may follow, each that comes is a reason to go on (RFC 8838 §8).
    private mutating func hopeAnew(_ stream: Int, at now: Instant) {
        let session = streams[stream].sessions[0]
        guard session.remote != nil, !(streams[stream].hasLocalEnded && session.hasRemoteEnded)
        else { return }
        streams[stream].sessions[0].patience = .waiting(
            until: now.advanced(by: configuration.patience)
        )
    }

    private mutating func replaceRemote(at index: Int, with candidate: Candidate, in stream: Int) {
        let old = streams[stream].sessions[0].remoteCandidates[index]
        var new = candidate
        new.address = old.address
        streams[stream].sessions[0].remoteCandidates[index] = new
        for pair in streams[stream].sessions[0].pairs.indices {
            let remote = streams[stream].sessions[0].pairs[pair].candidates.remote
            if remote.component == old.component, remote.address.isSame(as: old.address) {
                new.address = remote.address
                streams[stream].sessions[0].pairs[pair].candidates.remote = new
            }
        }
    }
}

extension Session.RemoteSide {
    fileprivate init(_ credentials: ICECredentials, isLite: Bool, pacing: Duration?) {
        self.init(
            credentials: credentials,
            key: STUNKey(password: credentials.password),
            fragment: [UInt8](credentials.usernameFragment.utf8),
            isLite: isLite,
            pacing: pacing
        )
    }
}

extension ICECredentials {
    /// Whether a user name can be made of them at all; stricter rules are the description's.
    fileprivate var isUsable: Bool {
        1...256 ~= usernameFragment.utf8.count && 1...256 ~= password.utf8.count
    }
}

extension SocketAddress {
    /// Whether both are the same place; signalled link-local addresses lack the interface.
    func isSame(as other: SocketAddress) -> Bool {
        self == other
            || port == other.port && address.scoped(to: 0) == other.address.scoped(to: 0)
    }
}
