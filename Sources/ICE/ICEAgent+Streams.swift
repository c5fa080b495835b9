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
    ///
    /// A lite agent never does.
    public mutating func setRole(_ role: ICERole) {
        if !configuration.isLite { self.role = role }
    }

    /// Takes the other side's credentials and starts checks; other ones than before are an ICE
    /// restart by the peer.
    ///
    /// The peer's description says whether it `isLite` (`a=ice-lite`), how long to wait between
    /// checks (`a=ice-pacing`), and whether it `renominates` (`a=ice-options:renomination`).
    public mutating func setRemote(
        _ credentials: ICECredentials,
        isLite: Bool = false,
        pacing: Duration? = nil,
        renominates: Bool = false,
        of stream: Int,
        at now: Instant
    ) {
        guard let index = index(of: stream), credentials.isUsable else { return }
        input(at: now) { agent, now in
            let known = agent.streams[index].sessions[0].remote?.credentials
            let isAnswer = agent.streams[index].offered != nil
            guard known != credentials || isAnswer else { return }
            if known != nil {
                if !isAnswer { agent.note(.restarted(stream: stream, byPeer: true)) }
                agent.beginSession(in: index)
            }
            agent.streams[index].sessions[0].remote = Session.RemoteSide(
                credentials,
                isLite: isLite,
                pacing: pacing,
                renominates: renominates && agent.configuration.usesRenomination
            )
            // RFC 8445 §6.1.1: a full agent is controlling when the peer is lite.
            if isLite, !agent.configuration.isLite { agent.take(.controlling) }
            agent.startChecks(of: index, at: now)
        }
    }

    /// Adds an address of ours; its base must be the address the owner receives on.
    public mutating func add(local candidate: Candidate, to stream: Int, at now: Instant) {
        guard let index = index(of: stream) else { return }
        input(at: now) { agent, now in
            // Should it change once more, that would be news again.
            agent.streams[index].sessions[0].marks.remove(.advisedOfAddress)
            agent.addLocal(candidate, to: index, at: now)
        }
    }

    /// Adds an address of the peer; duplicates and impossible ones are ignored.
    ///
    /// ``ICEStatistics/ignoredCandidates`` tells which, and why. Names (`.local`) must have been resolved.
    public mutating func add(remote candidate: Candidate, to stream: Int, at now: Instant) {
        guard let index = index(of: stream), state != .closed else { return }
        if let reason = fault(ofRemote: candidate, in: index) {
            return ignore(candidate, isRemote: true, reason)
        }
        input(at: now) { agent, now in agent.addRemote(candidate, to: index, at: now) }
    }

    /// No local candidates follow.
    public mutating func endOfLocalCandidates(of stream: Int, at now: Instant) {
        guard let index = index(of: stream) else { return }
        input(at: now) { agent, _ in agent.streams[index].hasLocalEnded = true }
    }

    /// The peer has said that no candidates follow (RFC 8838 §13).
    public mutating func endOfRemoteCandidates(of stream: Int, at now: Instant) {
        guard let index = index(of: stream) else { return }
        input(at: now) { agent, _ in agent.streams[index].sessions[0].marks.insert(.remoteEnded) }
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
        if let reason = fault(ofLocal: candidate, in: stream) {
            return ignore(candidate, isRemote: false, reason)
        }
        forget(predecessorOf: candidate, in: stream)
        streams[stream].localCandidates.append(candidate)
        hopeAnew(stream, at: now)
        for remote in streams[stream].sessions[0].remoteCandidates {
            pair(candidate, with: remote, in: stream)
        }
        thaw(stream)
    }

    private func fault(
        ofLocal candidate: Candidate,
        in stream: Int
    )
        -> ICEIgnoredCandidate.Reason?
    {
        let known = streams[stream].localCandidates
        guard 1...streams[stream].components ~= Int(candidate.component) else {
            return .unknownComponent
        }
        // RFC 8445 §5.2: everybody can reach a lite agent where it is.
        guard !configuration.isLite || candidate.kind == .host && !candidate.transport.isActive
        else { return .notForLite }
        let isKnown = known.contains {
            $0.isSamePlace(as: candidate) && $0.base == candidate.base
        }
        guard !isKnown else { return .duplicate }
        guard known.count >= configuration.maximumLocalCandidates else { return nil }
        return known.contains { candidate.replaces($0) } ? nil : .limitReached
    }

    /// A NAT has given us another address: the one before leads nowhere any more.
    ///
    /// Pairs leave from the base and stay what they are.
    private mutating func forget(predecessorOf candidate: Candidate, in stream: Int) {
        streams[stream].localCandidates.removeAll { candidate.replaces($0) }
    }

    /// Why a remote candidate is of no use: those of a flood must not cost what one costs.
    private func fault(
        ofRemote candidate: Candidate,
        in stream: Int
    )
        -> ICEIgnoredCandidate.Reason?
    {
        guard candidate.isUsableRemote else { return .unusableAddress }
        guard 1...streams[stream].components ~= Int(candidate.component) else {
            return .unknownComponent
        }
        let known = streams[stream].sessions[0].remoteCandidates
        if let same = known.first(where: { $0.isSamePlace(as: candidate) }) {
            // One that is known already may still learn its true kind.
            return same.kind == .peerReflexive ? nil : .duplicate
        }
        let isFull =
            known.count >= configuration.maximumRemoteCandidates
            && stalePeerReflexive(in: stream) == nil
        return isFull ? .limitReached : nil
    }

    /// Makes room for one more remote candidate, if there is any: peer-reflexive ones that no pair
    /// makes use of go, the oldest first.
    mutating func hasRoomForRemote(in stream: Int) -> Bool {
        let known = streams[stream].sessions[0].remoteCandidates
        guard known.count >= configuration.maximumRemoteCandidates else { return true }
        guard let stale = stalePeerReflexive(in: stream) else { return false }
        streams[stream].sessions[0].remoteCandidates.remove(at: stale)
        return true
    }

    private func stalePeerReflexive(in stream: Int) -> Int? {
        let session = streams[stream].sessions[0]
        return session.remoteCandidates.firstIndex { candidate in
            candidate.kind == .peerReflexive
                && !session.pairs.contains {
                    ($0.isLive || $0.isHopeful) && $0.candidates.remote.isSamePlace(as: candidate)
                }
        }
    }

    private mutating func addRemote(_ candidate: Candidate, to stream: Int, at now: Instant) {
        let known = streams[stream].sessions[0].remoteCandidates
        // RFC 8445 §7.3.1.3: signalling tells the true kind of what a check had discovered.
        if let index = known.firstIndex(where: { $0.isSamePlace(as: candidate) }) {
            return replaceRemote(at: index, with: candidate, in: stream)
        }
        guard hasRoomForRemote(in: stream) else { return }
        streams[stream].sessions[0].remoteCandidates.append(candidate)
        hopeAnew(stream, at: now)
        for local in streams[stream].localCandidates { pair(local, with: candidate, in: stream) }
        thaw(stream)
    }

    /// While candidates may follow, each that comes is a reason to go on (RFC 8838 §8).
    private mutating func hopeAnew(_ stream: Int, at now: Instant) {
        let session = streams[stream].sessions[0]
        let hasEnded = streams[stream].hasLocalEnded && session.marks.contains(.remoteEnded)
        guard session.remote != nil, !hasEnded
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
            if remote.isSamePlace(as: old) {
                new.address = remote.address
                streams[stream].sessions[0].pairs[pair].candidates.remote = new
            }
        }
    }
}

extension Session.RemoteSide {
    fileprivate init(
        _ credentials: ICECredentials,
        isLite: Bool,
        pacing: Duration?,
        renominates: Bool
    ) {
        self.init(
            credentials: credentials,
            key: STUNKey(password: credentials.password),
            fragment: [UInt8](credentials.usernameFragment.utf8),
            isLite: isLite,
            pacing: pacing,
            renominates: renominates
        )
    }
}

extension ICECredentials {
    /// Whether a user name can be made of them at all; stricter rules are the description's.
    fileprivate var isUsable: Bool {
        1...256 ~= usernameFragment.utf8.count && 1...256 ~= password.utf8.count
    }
}

extension Candidate {
    /// Whether both are what one server saw of one base, the other one earlier (RFC 8445 §5.1.1.3).
    fileprivate func replaces(_ other: Candidate) -> Bool {
        kind == .serverReflexive && other.kind == .serverReflexive && base == other.base
            && foundation == other.foundation && component == other.component
            && transport == other.transport
    }

    /// Whether there can be anybody to talk to at this address.
    var isUsableRemote: Bool {
        // An active TCP candidate has no port to send to, and need not have one (RFC 6544 §4.5).
        (address.port != 0 || transport.isActive) && !address.address.isUnspecified
            && !address.address.isMulticast && component != 0
    }
}
