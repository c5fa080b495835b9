import Wire

// A call that has a path still looks for others: one that is better, and a few for bad times.
extension ICEAgent {
    /// Whether a pair of a component that has its path would still be of use.
    func isWanted(_ candidates: CandidatePair, in stream: Int) -> Bool {
        let session = streams[stream].sessions[0]
        let component = candidates.local.component
        guard let agreed = bestNominated(component, in: session),
            !(session.pairs[agreed].liveness?.isDoubtful ?? true)
        else { return true }
        if candidates.priority(as: role) > session.pairs[agreed].candidates.priority(as: role) {
            return true
        }
        let others = session.pairs.indices.filter {
            $0 != agreed && session.pairs[$0].component == component
                && (session.pairs[$0].isLive || session.pairs[$0].isHopeful)
        }
        return others.count < configuration.maximumBackups
    }

    /// RFC 8445 §8.1.2: the other pairs of a component are not needed any more, but for a few: those
    /// that would be better, those to fall back on, and some to tell what has happened.
    mutating func conclude(_ component: UInt8, on chosen: Int, in path: PairPath) {
        let pairs = streams[path.stream].sessions[path.session].pairs
        guard let agreed = pairs.first(where: { $0.id == chosen }) else { return }
        let others = pairs.filter {
            // What has lost consent must be remembered, or it would be tried again.
            $0.component == component && !$0.isChosenByPeer && !$0.hasLostConsent
        }
        let hopeful = others.filter(\.isHopeful).sorted(by: isPreferred(besides: agreed))
        let better = hopeful.prefix { isBetter($0, than: agreed) }
        let live = others.count(where: \.isLive)
        let kept = max(better.count, configuration.maximumBackups - live, 0)
        var dropped = hopeful.dropFirst(kept).map(\.id)
        let rest = others.filter { !dropped.contains($0.id) }.sorted {
            usefulness($0) > usefulness($1)
        }
        dropped += rest.dropFirst(maximumOthers).map(\.id)
        guard !dropped.isEmpty else { return }
        for id in dropped { note(.pairDropped(pair: id, .notNeeded)) }
        // Filtered, not removed: the array of a hundred pairs would be kept for one.
        streams[path.stream].sessions[path.session].pairs = pairs.filter {
            !dropped.contains($0.id)
        }
    }

    private func usefulness(_ pair: Pair) -> (Int, UInt64) {
        let rank = pair.isLive ? 3 : pair.isHopeful ? 2 : pair.isSucceeded ? 1 : 0
        return (rank, pair.candidates.priority(as: role))
    }

    /// Keeps consent for the selected pair and for a few others, for these at a lower rate.
    mutating func keepBackups(for path: Session.Path, in stream: Int, at now: Instant) {
        let pairs = streams[stream].sessions[0].pairs
        guard let selected = path.selected,
            let current = pairs.first(where: { $0.id == selected }),
            bestNominated(path.component, in: streams[stream].sessions[0]) != nil
        else { return }
        let standby = pairs.filter {
            $0.id != selected && $0.component == path.component && $0.isLive && !$0.isChosenByPeer
                && !$0.isBeingNominated
        }
        if !standby.isEmpty {
            let ranked = standby.sorted(by: isPreferred(besides: current))
            for (rank, pair) in ranked.enumerated() {
                guard let index = streams[stream].sessions[0].index(ofPair: pair.id) else {
                    continue
                }
                let place = PairPath(stream: stream, session: 0, pair: index)
                if rank < configuration.maximumBackups {
                    setManner(.standingBy, of: place, at: now)
                } else {
                    self[place].liveness = nil
                    self[place].retired = []
                }
            }
        }
        guard let index = streams[stream].sessions[0].index(ofPair: selected) else { return }
        setManner(.asking, of: PairPath(stream: stream, session: 0, pair: index), at: now)
    }

    private mutating func setManner(_ manner: Consent.Manner, of path: PairPath, at now: Instant) {
        guard !configuration.isLite, self[path].liveness?.consent.manner != manner,
            self[path].liveness?.consent.change(to: manner, at: now) ?? false
        else { return }
        // A path that stood by must prove itself before data relies on it for long.
        if manner == .asking { sendConsentCheck(on: path, at: now) }
    }

    /// Better pairs first, then those that have least in common with the one in use.
    private func isPreferred(besides current: Pair) -> (Pair, Pair) -> Bool {
        func rank(_ pair: Pair) -> (Int, Int, Int, UInt64) {
            let (mine, theirs) = (pair.candidates, current.candidates)
            return (
                isBetter(pair, than: current) ? 1 : 0,
                mine.local.base.address != theirs.local.base.address ? 1 : 0,
                mine.remote.address.address != theirs.remote.address.address ? 1 : 0,
                mine.priority(as: role)
            )
        }
        return { rank($0) > rank($1) }
    }

    func isBetter(_ pair: Pair, than other: Pair) -> Bool {
        pair.candidates.priority(as: role) > other.candidates.priority(as: role)
    }

    /// The selected pair does not answer and nothing else works: tries whatever might.
    mutating func lookAround(for component: ICEComponent) {
        guard !configuration.isLite, let stream = index(of: component.stream) else { return }
        let hasOther = streams[stream].sessions[0].pairs.contains {
            $0.component == component.component && $0.isLive
                && !($0.liveness?.isDoubtful ?? true)
        }
        guard !hasOther else { return }
        recheck(component.component, in: stream, evenFailed: true)
        // Not now: whoever called holds places of pairs, which new ones would move.
        streams[stream].sessions[0].pairing.isDue = true
    }

    /// Pairs that were valid once and have been let go; if wanted also those that never answered, as
    /// the network may have changed since.
    mutating func recheck(_ component: UInt8, in stream: Int, evenFailed: Bool) {
        guard !configuration.isLite else { return }
        for index in streams[stream].sessions[0].pairs.indices
        where streams[stream].sessions[0].pairs[index].mayBeRechecked(evenFailed: evenFailed)
            && streams[stream].sessions[0].pairs[index].component == component
        {
            streams[stream].sessions[0].pairs[index].state = .waiting
        }
    }
}

extension Pair {
    fileprivate func mayBeRechecked(evenFailed: Bool) -> Bool {
        guard !candidates.local.transport.isPassive else { return false }
        return switch state {
        case .succeeded: liveness == nil
        case .failed(.timedOut), .failed(.connectionFailed), .failed(.connectionClosed): evenFailed
        case .failed(.asymmetricPath), .failed(.refused), .failed(.consentExpired),
            .failed(.relayRefused):
            false
        case .frozen, .waiting, .connecting, .inProgress: false
        }
    }
}

/// How many pairs of a component stay beside the one that was agreed on.
private let maximumOthers = 8
