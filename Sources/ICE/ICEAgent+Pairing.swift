import Wire

extension ICEAgent {
    /// Forms every pair that is missing (RFC 8445 §6.1.2.2).
    mutating func pairUp(_ stream: Int) {
        for local in streams[stream].localCandidates {
            for remote in streams[stream].sessions[0].remoteCandidates {
                pair(local, with: remote, in: stream)
            }
        }
    }

    /// Forms a pair of the current session, if one is wanted and there is room.
    mutating func pair(_ local: Candidate, with remote: Candidate, in stream: Int) {
        let session = streams[stream].sessions[0]
        guard session.remote != nil, local.component == remote.component,
            !session.hasNominated(local.component), !isRedundant(local, in: stream),
            let candidates = CandidatePair(matching: local, remote),
            session.index(of: local.base, candidates.remote.address, local.component) == nil
        else { return }
        insert(candidates, in: stream)
    }

    /// RFC 8445 §6.1.2.4: a reflexive candidate sends from its base, which has pairs of its own.
    private func isRedundant(_ local: Candidate, in stream: Int) -> Bool {
        switch local.kind {
        case .host, .relayed: false
        case .serverReflexive, .peerReflexive:
            streams[stream].localCandidates.contains {
                $0.kind == .host && $0.component == local.component && $0.address == local.base
            }
        }
    }

    /// Adds a pair to the current session; where the limit is reached the best ones stay.
    @discardableResult
    mutating func insert(_ candidates: CandidatePair, in stream: Int) -> Int? {
        guard makeRoom(for: candidates.priority(as: role), in: stream) else {
            counters.droppedAtLimits += 1
            return nil
        }
        counters.pairs += 1
        var pair = Pair(id: counters.pairs, candidates: candidates, state: .frozen)
        if !isFoundationBusy(pair.foundation) || hasFoundationSucceeded(pair.foundation) {
            pair.state = .waiting
        }
        streams[stream].sessions[0].pairs.append(pair)
        return streams[stream].sessions[0].pairs.count - 1
    }

    /// RFC 8445 §6.1.2.5: of too many pairs, those of the lowest priority go.
    private mutating func makeRoom(for priority: UInt64, in stream: Int) -> Bool {
        let count = streams.reduce(0) { $0 + $1.sessions[0].pairs.count }
        guard count >= configuration.maximumPairs else { return true }
        let pairs = streams[stream].sessions[0].pairs
        let idle = pairs.indices.filter { pairs[$0].isWaiting || pairs[$0].isFrozen }
        guard
            let lowest = idle.min(by: {
                pairs[$0].candidates.priority(as: role) < pairs[$1].candidates.priority(as: role)
            }),
            pairs[lowest].candidates.priority(as: role) < priority
        else { return false }
        streams[stream].sessions[0].pairs.remove(at: lowest)
        return true
    }
}

// MARK: - Foundations (RFC 8445 §6.1.2.6)

extension ICEAgent {
    /// Whether a check of another pair of this foundation is on its way or about to be.
    func isFoundationBusy(_ foundation: UInt64) -> Bool {
        streams.contains { stream in
            stream.sessions[0].pairs.contains { $0.foundation == foundation && $0.isActive }
        }
    }

    private var busyFoundations: [UInt64] {
        streams.flatMap { stream in
            stream.sessions[0].pairs.lazy.filter(\.isActive).map(\.foundation)
        }
    }

    private func hasFoundationSucceeded(_ foundation: UInt64) -> Bool {
        streams.contains { stream in
            stream.sessions[0].pairs.contains { $0.foundation == foundation && $0.isSucceeded }
        }
    }

    /// RFC 8445 §7.2.5.3.3: what shares its foundation with a success will probably succeed too.
    mutating func unfreeze(_ foundation: UInt64) {
        for stream in streams.indices {
            for pair in streams[stream].sessions[0].pairs.indices
            where streams[stream].sessions[0].pairs[pair].foundation == foundation
                && streams[stream].sessions[0].pairs[pair].isFrozen
            {
                streams[stream].sessions[0].pairs[pair].state = .waiting
            }
        }
    }

    /// RFC 8445 §6.1.4.2: a checklist that has run out of waiting pairs thaws frozen ones.
    mutating func thaw(_ stream: Int) {
        guard streams[stream].sessions[0].remote != nil,
            !streams[stream].sessions[0].pairs.contains(where: \.isWaiting)
        else { return }
        var busy: [UInt64]?
        for pair in streams[stream].sessions[0].pairs.indices
        where streams[stream].sessions[0].pairs[pair].isFrozen {
            let foundation = streams[stream].sessions[0].pairs[pair].foundation
            var known = busy ?? busyFoundations
            if !known.contains(foundation) {
                streams[stream].sessions[0].pairs[pair].state = .waiting
                known.append(foundation)
            }
            busy = known
        }
    }
}

extension CandidatePair {
    /// The pair of `local` and `remote`; nil if packets cannot pass between the two
    /// (RFC 8445 §6.1.2.2).
    init?(matching local: Candidate, _ remote: Candidate) {
        let base = local.base.address
        let target = remote.address.address
        guard base.family == target.family else { return nil }
        guard base.family == .v6, base.isLinkLocal || target.isLinkLocal else {
            self.init(local: local, remote: remote)
            return
        }
        // RFC 4007 §6: a link-local address means something on its own link only.
        guard base.isLinkLocal, target.isLinkLocal else { return nil }
        var reachable = remote
        reachable.address.address = target.scoped(to: base.scope)
        self.init(local: local, remote: reachable)
    }
}
