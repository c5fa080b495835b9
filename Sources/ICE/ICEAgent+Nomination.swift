import Wire

extension ICEAgent {
    /// Both sides have agreed on a pair (RFC 8445 §8.1.1).
    mutating func nominate(_ path: PairPath, at now: Instant) {
        // Some peers say USE-CANDIDATE in every check.
        guard !self[path].isNominated else { return }
        self[path].nomination = .nominated
        if self[path].liveness == nil {
            // The pair was valid once. Whether it still is must be known sooner than in 5 s.
            self[path].liveness = Pair.Liveness(
                consent: Consent(configuration: configuration, at: now, entropy: entropy.split())
            )
            sendConsentCheck(on: path, at: now)
        }
        conclude(self[path].component, in: path)
    }

    /// RFC 8445 §8.1.2: the other pairs of the component are not needed any more.
    private mutating func conclude(_ component: UInt8, in path: PairPath) {
        for index in streams[path.stream].sessions[path.session].pairs.indices
        where streams[path.stream].sessions[path.session].pairs[index].component == component {
            var other = streams[path.stream].sessions[path.session].pairs[index]
            if other.isChosenByPeer { continue }
            other.liveness = nil
            other.retired = []
            other.nomination = .none
            streams[path.stream].sessions[path.session].pairs[index] = other
        }
        let forgotten = dispensable(of: component, in: path)
        // Filtered, not removed: the array of a hundred pairs would be kept for one.
        streams[path.stream].sessions[path.session].pairs =
            streams[path.stream].sessions[path.session].pairs.filter {
                !($0.component == component && $0.isHopeful && !$0.isChosenByPeer)
                    && !forgotten.contains($0.id)
            }
    }

    /// Of the pairs that were not chosen a few stay: to fall back on, and to tell what happened.
    private func dispensable(of component: UInt8, in path: PairPath) -> [Int] {
        let others = streams[path.stream].sessions[path.session].pairs.filter {
            // What has lost consent must be remembered, or it would be tried again.
            $0.component == component && !$0.isChosenByPeer && !$0.isHopeful
                && !$0.hasLostConsent
        }
        guard others.count > maximumOthers else { return [] }
        func rank(_ pair: Pair) -> (Int, UInt64) {
            (pair.isSucceeded ? 1 : 0, pair.candidates.priority(as: role))
        }
        return others.sorted { rank($0) > rank($1) }.dropFirst(maximumOthers).map(\.id)
    }

    /// Nominates what is ready to be (RFC 8445 §8.1.1), as the controlling side.
    mutating func nominateReady(in stream: Int, at now: Instant) {
        for index in streams[stream].sessions[0].paths.indices {
            let path = streams[stream].sessions[0].paths[index]
            guard role == .controlling, let best = bestCandidateForNomination(path, in: stream)
            else {
                streams[stream].sessions[0].paths[index].nominationDue = nil
                continue
            }
            let due = path.nominationDue ?? now.advanced(by: configuration.nominationDelay)
            let isBest = !hasBetterHope(than: best, in: stream)
            guard isBest || due <= now else {
                streams[stream].sessions[0].paths[index].nominationDue = due
                continue
            }
            streams[stream].sessions[0].paths[index].nominationDue = nil
            sendNomination(on: PairPath(stream: stream, session: 0, pair: best), at: now)
        }
    }

    /// The valid pair to nominate; nil if there is none or one has been chosen.
    private func bestCandidateForNomination(_ path: Session.Path, in stream: Int) -> Int? {
        let session = streams[stream].sessions[0]
        let isDecided = session.pairs.contains {
            $0.component == path.component && $0.isNominating
        }
        return isDecided ? nil : bestValid(path.component, in: session)
    }

    private func hasBetterHope(than best: Int, in stream: Int) -> Bool {
        let pairs = streams[stream].sessions[0].pairs
        let priority = pairs[best].candidates.priority(as: role)
        return pairs.contains {
            $0.component == pairs[best].component && $0.isHopeful
                && $0.candidates.priority(as: role) > priority
        }
    }

    private func bestValid(_ component: UInt8, in session: Session) -> Int? {
        var best: (index: Int, priority: UInt64)?
        for index in session.pairs.indices
        where session.pairs[index].isSucceeded && session.pairs[index].component == component
            && session.pairs[index].liveness != nil
        {
            let priority = session.pairs[index].candidates.priority(as: role)
            if best.map({ priority > $0.priority }) ?? true { best = (index, priority) }
        }
        return best?.index
    }
}

// MARK: - Selection

extension ICEAgent {
    /// Chooses the paths for data: the nominated pair, before that the best valid one, so that
    /// media need not wait for the nomination.
    mutating func select(in stream: Int, session: Int) {
        for index in streams[stream].sessions[session].paths.indices {
            let component = streams[stream].sessions[session].paths[index].component
            let known = streams[stream].sessions[session]
            let nominated = bestNominated(component, in: known)
            let best = nominated ?? (session == 0 ? bestValid(component, in: known) : nil)
            let pair = best.map { known.pairs[$0] }
            streams[stream].sessions[session].paths[index].selected =
                session == 0 ? pair?.id : pair?.id ?? stillHeld(known.paths[index], in: known)
            if session == 0, pair == nil { recheck(component, in: stream) }
        }
        guard session == 0 else { return }
        announce(stream)
    }

    /// A peer that nominates several pairs means the best of them, or has lost the others.
    private func bestNominated(_ component: UInt8, in session: Session) -> Int? {
        let nominated = session.pairs.indices.filter {
            session.pairs[$0].component == component && session.pairs[$0].isNominated
        }
        func rank(_ index: Int) -> (Int, UInt64) {
            let pair = session.pairs[index]
            let isSilent = pair.liveness?.consent.isSilent ?? true
            return (isSilent ? 0 : 1, pair.candidates.priority(as: role))
        }
        return nominated.max { rank($0) < rank($1) }
    }

    /// A previous session keeps the path it had, nominated or not, while it has consent.
    private func stillHeld(_ path: Session.Path, in session: Session) -> Int? {
        guard let id = path.selected, let index = session.index(ofPair: id),
            session.pairs[index].isSucceeded
        else { return nil }
        return id
    }

    /// Pairs that were valid once, and were dropped for the nominated one that has gone since.
    private mutating func recheck(_ component: UInt8, in stream: Int) {
        for index in streams[stream].sessions[0].pairs.indices
        where streams[stream].sessions[0].pairs[index].isSucceeded
            && streams[stream].sessions[0].pairs[index].component == component
            && streams[stream].sessions[0].pairs[index].liveness == nil
        {
            streams[stream].sessions[0].pairs[index].state = .waiting
        }
    }

    private mutating func announce(_ stream: Int) {
        for index in streams[stream].sessions[0].paths.indices {
            let path = streams[stream].sessions[0].paths[index]
            let pair = streams[stream].sessions[0].selectedPair(path.component)?.published
            guard pair != path.announced else { continue }
            streams[stream].sessions[0].paths[index].announced = pair
            guard let pair else { continue }
            let component = ICEComponent(
                stream: streams[stream].number,
                component: path.component
            )
            outputs.append(.selected(component, pair))
        }
    }
}

/// How many pairs of a component stay beside the one that was agreed on.
private let maximumOthers = 8
