import Wire

extension ICEAgent {
    /// Both sides have agreed on a pair (RFC 8445 §8.1.1), by this nomination of several.
    mutating func nominate(_ path: PairPath, number: UInt32, at now: Instant) {
        // Some peers say USE-CANDIDATE in every check; and an old check may be late.
        if let known = self[path].nominationNumber, known >= number { return }
        guard number >= newestNomination(of: self[path].component, in: path) else { return }
        self[path].nomination = .nominated(Pair.Agreed(number: number, since: now))
        note(.pairNominated(pair: self[path].id))
        if self[path].liveness == nil { revive(path, at: now) }
        leaveOlder(than: number, for: path)
        doubtOther(than: path, at: now)
        conclude(self[path].component, on: self[path].id, in: path)
        // Candidates that came when a better path was in use may be worth a pair now.
        if number > 1, path.session == 0 { pairUp(path.stream) }
    }

    /// Who nominates another pair may have lost the one in use: whether that still works must be known
    /// sooner than in 5 s.
    private mutating func doubtOther(than path: PairPath, at now: Instant) {
        let session = streams[path.stream].sessions[path.session]
        guard role == .controlled, !configuration.isLite,
            let used = session.selectedIndex(self[path].component), used != path.pair,
            session.pairs[used].isLive
        else { return }
        let other = PairPath(stream: path.stream, session: path.session, pair: used)
        sendConsentCheck(on: other, at: now)
    }

    private func newestNomination(of component: UInt8, in path: PairPath) -> UInt32 {
        let session = streams[path.stream].sessions[path.session]
        guard session.renominates else { return 0 }
        let numbers = session.pairs.lazy.filter { $0.component == component }
            .compactMap(\.nominationNumber)
        return numbers.max() ?? 0
    }

    /// A check has proven that the pair works: the peer's for a lite agent, otherwise our own, which
    /// has just been answered.
    private mutating func revive(_ path: PairPath, at now: Instant) {
        self[path].liveness = Liveness(
            consent: Consent(
                configuration: configuration,
                manner: configuration.isLite ? .listening : .asking,
                at: now,
                entropy: entropy.split()
            ),
            at: now
        )
    }

    /// Where nominations have numbers the newest counts; where not, the best of all does.
    ///
    /// Our own that are on their way to other pairs have become pointless.
    private mutating func leaveOlder(than number: UInt32, for path: PairPath) {
        let session = streams[path.stream].sessions[path.session]
        for index in session.pairs.indices
        where index != path.pair && session.pairs[index].component == self[path].component {
            let other = PairPath(stream: path.stream, session: path.session, pair: index)
            self[other].endNomination()
            if let known = self[other].nominationNumber, known < number {
                self[other].nomination = .none
            }
        }
    }

    /// Nominates what is ready to be (RFC 8445 §8.1.1), as the controlling side.
    mutating func nominateReady(in stream: Int, at now: Instant) {
        for index in streams[stream].sessions[0].paths.indices {
            let due = role == .controlling ? nominationDue(at: index, in: stream, at: now) : nil
            streams[stream].sessions[0].paths[index].nominationDue = due
        }
    }

    /// Nominates now, or says when to look again.
    private mutating func nominationDue(
        at index: Int,
        in stream: Int,
        at now: Instant
    ) -> Instant? {
        let session = streams[stream].sessions[0]
        let path = session.paths[index]
        // What is only said again holds up nothing when data has left it.
        let underWay = session.pairs.firstIndex {
            $0.component == path.component && $0.isBeingNominated
                && (!$0.isNominated || $0.id == path.selected)
        }
        if let underWay { return overtaking(underWay, of: path, in: stream, at: now) }
        if let agreed = bestNominated(path.component, in: session) {
            return renomination(of: path, insteadOf: agreed, in: stream, at: now)
        }
        guard let best = bestValid(path.component, in: session) else { return nil }
        let due = path.nominationDue ?? now.advanced(by: configuration.nominationDelay)
        guard due <= now || !hasBetterHope(than: best, in: session) else { return due }
        sendNomination(on: PairPath(stream: stream, session: 0, pair: best), at: now)
        return nil
    }

    /// A better path need not wait for the answer to a nomination, which may have got lost many times:
    /// of nominations with numbers the newest counts.
    private mutating func overtaking(
        _ underWay: Int,
        of path: Session.Path,
        in stream: Int,
        at now: Instant
    ) -> Instant? {
        let session = streams[stream].sessions[0]
        guard session.renominates, let best = bestValid(path.component, in: session),
            isBetter(session.pairs[best], than: session.pairs[underWay]),
            session.pairs[best].liveness?.isDoubtful == false
        else { return nil }
        let due = trustworthy(session.pairs[best])
        guard due <= now else { return due }
        streams[stream].sessions[0].pairs[underWay].endNomination()
        sendNomination(on: PairPath(stream: stream, session: 0, pair: best), at: now)
        return nil
    }

    private func hasBetterHope(than best: Int, in session: Session) -> Bool {
        session.pairs.contains {
            $0.component == session.pairs[best].component && $0.isHopeful
                && isBetter($0, than: session.pairs[best])
        }
    }

    /// Moves the call to another pair than the one agreed on: because that one does not work, or a
    /// better one has for a while.
    private mutating func renomination(
        of path: Session.Path,
        insteadOf agreed: Int,
        in stream: Int,
        at now: Instant
    ) -> Instant? {
        let session = streams[stream].sessions[0]
        if let selected = path.selected.flatMap(session.index(ofPair:)), selected != agreed {
            return propose(selected, insteadOf: agreed, .pathLost, in: stream, at: now)
        }
        guard let best = bestValid(path.component, in: session),
            isBetter(session.pairs[best], than: session.pairs[agreed]),
            session.pairs[best].liveness?.isDoubtful == false
        else { return nil }
        let due = trustworthy(session.pairs[best])
        guard due <= now else { return due }
        return propose(best, insteadOf: agreed, .betterPath, in: stream, at: now)
    }

    private mutating func propose(
        _ pair: Int,
        insteadOf agreed: Int,
        _ reason: ICERestartReason,
        in stream: Int,
        at now: Instant
    ) -> Instant? {
        let session = streams[stream].sessions[0]
        let place = PairPath(stream: stream, session: 0, pair: pair)
        if session.renominates {
            sendNomination(on: place, at: now)
            return nil
        }
        // A restart costs more than a detour of a few hops less is worth.
        let isMuchBetter =
            session.pairs[agreed].candidates.isDetour && !session.pairs[pair].candidates.isDetour
        // One that waits for its answer brings as much as another would.
        guard streams[stream].offered == nil else { return nil }
        if reason == .pathLost || isMuchBetter { adviseRestart(of: stream, reason) }
        return nil
    }
}

// MARK: - Restarts that would help

extension ICEAgent {
    /// Tells the owner once that new credentials would help.
    mutating func adviseRestart(of stream: Int, _ reason: ICERestartReason) {
        let mark: Session.Marks =
            switch reason {
            case .pathLost: .advisedOfLoss
            case .betterPath: .advisedOfBetter
            case .addressChanged: .advisedOfAddress
            }
        guard streams[stream].sessions[0].marks.insert(mark).inserted else { return }
        let number = streams[stream].number
        note(.restartAdvised(stream: number, reason))
        outputs.append(.restartAdvised(stream: number, reason))
    }

    /// A path is lost and nothing has replaced it.
    ///
    /// The controlling side speaks first, so that both do not restart at once, or the side that has
    /// lost its address.
    mutating func adviseRestarts() {
        for stream in streams.indices {
            let hasWorked = streams[stream].sessions[0].paths.contains(where: \.hasWorked)
            guard hasWorked, streams[stream].sessions[0].remote != nil,
                streams[stream].offered == nil
            else { continue }
            switch state(of: streams[stream]) {
            case .failed: adviseRestart(of: stream, .pathLost)
            case .disconnected
            where role == .controlling || streams[stream].sessions[0].marks.contains(.lostAddress):
                adviseRestart(of: stream, .pathLost)
            case .new, .checking, .connected, .completed, .disconnected, .closed: break
            }
        }
    }
}
