import Wire

extension ICEAgent {
    /// Forms every pair that is missing (RFC 8445 §6.1.2.2).
    mutating func pairUp(_ stream: Int) {
        for local in streams[stream].localCandidates {
            for remote in streams[stream].sessions[0].remoteCandidates {
                pair(local, with: remote, in: stream)
            }
        }
        thaw(stream)
    }

    /// Forms a pair of the current session, if one is wanted and there is room.
    ///
    /// Call ``thaw(_:)`` when all of them are formed.
    mutating func pair(_ local: Candidate, with remote: Candidate, in stream: Int) {
        // RFC 6544 §6.2: who waits for connections has no pairs before they come.
        guard !configuration.isLite, streams[stream].sessions[0].remote != nil,
            local.component == remote.component, !local.transport.isPassive,
            !isRedundant(local, in: stream),
            let candidates = CandidatePair(matching: local, remote),
            streams[stream].sessions[0].index(of: candidates.ends, local.component) == nil,
            isWanted(candidates, in: stream)
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
                    && $0.transport == local.transport
            }
        }
    }

    /// Adds a frozen pair to the current session; where the limit is reached the best ones stay.
    @discardableResult
    mutating func insert(_ candidates: CandidatePair, in stream: Int) -> Int? {
        guard makeRoom(for: candidates.priority(as: role), in: stream) else {
            counters.droppedAtLimits += 1
            return nil
        }
        counters.pairs += 1
        let pair = Pair(id: counters.pairs, candidates: candidates, state: .frozen)
        let ends = candidates.ends
        note(.pairFormed(pair: pair.id, from: ends.local, to: ends.remote))
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
        note(.pairDropped(pair: pairs[lowest].id, .limitReached))
        streams[stream].sessions[0].pairs.remove(at: lowest)
        return true
    }
}

// MARK: - Foundations (RFC 8445 §6.1.2.6)

extension ICEAgent {
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
    mutating func thawIfIdle(_ stream: Int) {
        guard !streams[stream].sessions[0].pairs.contains(where: \.isWaiting) else { return }
        thaw(stream)
    }

    /// Lets one pair of each foundation be checked, unless another is being checked anywhere.
    ///
    /// It is that of the lowest component, then of the highest priority. What shares its foundation
    /// with a success may be checked at once.
    mutating func thaw(_ stream: Int) {
        let pairs = streams[stream].sessions[0].pairs
        let frozen = pairs.indices.filter { pairs[$0].isFrozen }
        guard !frozen.isEmpty, streams[stream].sessions[0].remote != nil, !configuration.isLite
        else { return }
        var busy: Set<UInt64> = []
        var good: Set<UInt64> = []
        for other in streams.indices {
            // By place: a copy of each would cost more than all the rest.
            for pair in streams[other].sessions[0].pairs.indices {
                let foundation = streams[other].sessions[0].pairs[pair].foundation
                if streams[other].sessions[0].pairs[pair].isActive { busy.insert(foundation) }
                if streams[other].sessions[0].pairs[pair].isSucceeded { good.insert(foundation) }
            }
        }
        func rank(_ index: Int) -> (UInt8, UInt64) {
            (.max - pairs[index].component, pairs[index].candidates.priority(as: role))
        }
        for index in frozen.sorted(by: { rank($0) > rank($1) }) {
            let foundation = pairs[index].foundation
            guard good.contains(foundation) || busy.insert(foundation).inserted else { continue }
            streams[stream].sessions[0].pairs[index].state = .waiting
        }
    }
}
