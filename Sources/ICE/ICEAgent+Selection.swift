import Wire

extension ICEAgent {
    /// Chooses the paths for data: the nominated pair, before that the best valid one, so that
    /// media need not wait for the nomination; and another valid one if that does not answer.
    mutating func select(in stream: Int, session: Int, at now: Instant) {
        for index in streams[stream].sessions[session].paths.indices {
            let known = streams[stream].sessions[session]
            let path = known.paths[index]
            guard session == 0 else {
                let held =
                    bestNominated(path.component, in: known).map { known.pairs[$0].id }
                    ?? stillHeld(path, in: known)
                streams[stream].sessions[session].paths[index].selected = held
                continue
            }
            let choice = choice(for: path, in: known)
            streams[stream].sessions[0].paths[index].selected = choice.map { known.pairs[$0].id }
            if choice == nil {
                recheck(path.component, in: stream, evenFailed: false)
            } else {
                streams[stream].sessions[0].paths[index].hasWorked = true
                keepBackups(for: streams[stream].sessions[0].paths[index], in: stream, at: now)
            }
        }
    }

    private func choice(for path: Session.Path, in session: Session) -> Int? {
        // A lite agent takes what the peer has nominated, and nothing before (RFC 8445 §8.2).
        let valid = configuration.isLite ? nil : bestValid(path.component, in: session)
        guard let preferred = bestNominated(path.component, in: session) ?? valid else {
            return nil
        }
        let current = path.selected.flatMap(session.index(ofPair:)).flatMap {
            $0 != preferred && session.pairs[$0].isLive ? $0 : nil
        }
        guard let doubt = session.pairs[preferred].liveness?.doubtfulSince else {
            // What has come back must last before data returns to it; the peer may say so earlier.
            guard !session.renominates, let current,
                session.pairs[current].liveness?.isDoubtful == false,
                session.pairs[preferred].liveness?.recoveredAt != nil,
                clock < trustworthy(session.pairs[preferred])
            else { return preferred }
            return current
        }
        if let current, session.pairs[current].liveness?.isDoubtful == false { return current }
        return provenSince(doubt, instead: preferred, in: session) ?? preferred
    }

    /// When a pair has worked for long enough to move a call to it.
    func trustworthy(_ pair: Pair) -> Instant {
        guard let liveness = pair.liveness else { return clock }
        // What has broken once may do so again.
        return liveness.recoveredAt?.advanced(by: configuration.betterPathDelay * 3)
            ?? liveness.since.advanced(by: configuration.betterPathDelay)
    }

    /// The best pair that has answered what was asked after `doubt` began.
    private func provenSince(
        _ doubt: Instant,
        instead preferred: Int,
        in session: Session
    ) -> Int? {
        let proven = session.pairs.indices.filter { index in
            guard index != preferred,
                session.pairs[index].component == session.pairs[preferred].component,
                session.pairs[index].isSucceeded, let liveness = session.pairs[index].liveness
            else { return false }
            return !liveness.isDoubtful && liveness.answeredAt > doubt
        }
        return proven.max { isBetter(session.pairs[$1], than: session.pairs[$0]) }
    }

    /// The newest nomination; of several without numbers the best that answers, and of equals the last.
    ///
    /// A peer that nominates several pairs means the best of them, or has lost the others: behind a
    /// NAT that gives it another port it comes from a candidate of the same priority.
    func bestNominated(_ component: UInt8, in session: Session) -> Int? {
        var best: (index: Int, rank: (UInt32, Int, UInt64, Instant))?
        for index in session.pairs.indices where session.pairs[index].component == component {
            guard let agreed = session.pairs[index].agreed else { continue }
            let isSilent = session.pairs[index].liveness?.consent.isSilent ?? true
            let priority = session.pairs[index].candidates.priority(as: role)
            let rank = (agreed.number, isSilent ? 0 : 1, priority, agreed.since)
            if best.map({ rank > $0.rank }) ?? true { best = (index, rank) }
        }
        return best?.index
    }

    /// The valid pair of the highest priority.
    func bestValid(_ component: UInt8, in session: Session) -> Int? {
        var best: (index: Int, rank: (Int, UInt64))?
        for index in session.pairs.indices
        where session.pairs[index].component == component && session.pairs[index].isLive {
            let isDoubtful = session.pairs[index].liveness?.isDoubtful ?? true
            let priority = session.pairs[index].candidates.priority(as: role)
            let rank = (isDoubtful ? 0 : 1, priority)
            if best.map({ rank > $0.rank }) ?? true { best = (index, rank) }
        }
        return best?.index
    }

    /// A previous session keeps the path it had, nominated or not, while it has consent.
    private func stillHeld(_ path: Session.Path, in session: Session) -> Int? {
        guard let id = path.selected, let index = session.index(ofPair: id),
            session.pairs[index].isSucceeded
        else { return nil }
        return id
    }

    /// Tells the owner which path data of each component takes, if that has changed.
    mutating func announce(_ stream: Int, at now: Instant) {
        for component in 1...UInt8(streams[stream].components) {
            let name = ICEComponent(stream: streams[stream].number, component: component)
            let place = streams[stream].selectedPlace(component)
            let path = place.map { PairPath(stream: stream, session: $0.session, pair: $0.pair) }
            let news = path.map { Stream.Announced(pair: self[$0].id, path: self[$0].published) }
            guard news != streams[stream].announced[component] else { continue }
            streams[stream].announced[component] = news
            guard let path, let news else {
                note(.pathLost(name))
                outputs.append(.pathLost(name))
                continue
            }
            self[path].counters.lastSelected = now
            note(.selected(name, pair: news.pair))
            outputs.append(.selected(name, news.path))
        }
    }
}
