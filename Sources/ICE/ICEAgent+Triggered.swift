import STUN
import Wire

extension ICEAgent {
    /// Makes use of a request that was answered (RFC 8445 §7.3.1.3–7.3.1.5).
    mutating func use(_ check: IncomingCheck, stream: Int, session: Int, at now: Instant) {
        guard session > 0 || streams[stream].sessions[0].remote != nil else {
            return remember(check, of: stream)
        }
        guard let path = path(of: check, stream: stream, session: session) else { return }
        if configuration.isLite { return follow(check, on: path, at: now) }
        self[path].counters.requestsReceived += 1
        self[path].counters.responsesSent += 1
        self[path].liveness?.consent.heard(at: now)
        let isRepeated = self[path].lastRequest == check.id
        self[path].lastRequest = check.id
        trigger(path, nomination: check.nomination, isRepeated: isRepeated, at: now)
    }

    /// RFC 8445 §7.3.1.4: a pair that the peer checks is checked by us at once.
    private mutating func trigger(
        _ path: PairPath,
        nomination: UInt32?,
        isRepeated: Bool,
        at now: Instant
    ) {
        let nomination = role == .controlled ? nomination : nil
        switch self[path].state {
        case .succeeded where nomination == nil || self[path].isLive:
            // Before pairs are let go for the nominated one, and paths mean others.
            if !isRepeated { askBack(on: path, at: now) }
            if let nomination { nominate(path, number: nomination, at: now) }
        // RFC 7675 §5.1: what was valid long ago has no consent, and a request gives none.
        case .frozen, .waiting, .connecting, .inProgress, .succeeded, .failed:
            // The previous session keeps what it has and looks for nothing new.
            guard path.session == 0, !self[path].hasLostConsent else { return }
            if let nomination { self[path].nomination = .requested(nomination) }
            // Where requests pass and answers do not, each side would trigger the other for ever.
            guard !isRepeated, !self[path].isFreshlyTriggered else { return }
            sendCheck(on: path, isTriggered: true, at: now)
        }
    }

    /// The peer's checks arrive and answers to ours do not: perhaps only by chance, so we ask again.
    ///
    /// At most once each ``ICEConfiguration/suspicionTimeout``: where only requests pass, each side
    /// would trigger the other for ever.
    private mutating func askBack(on path: PairPath, at now: Instant) {
        guard let liveness = self[path].liveness,
            liveness.isDoubtful || liveness.consent.isUnanswered
        else { return }
        let last = liveness.outstanding.last?.at ?? Instant(nanoseconds: .min)
        guard last.advanced(by: configuration.suspicionTimeout) <= now else { return }
        sendConsentCheck(on: path, at: now)
    }

    /// A check that came before the other side's credentials did; used as soon as they come.
    private mutating func remember(_ check: IncomingCheck, of stream: Int) {
        let limit = configuration.maximumEarlyChecks
        if !streams[stream].sessions[0].earlyChecks.keep(check, limit: limit) {
            counters.droppedAtLimits += 1
        }
    }

    /// A check for credentials that the peer has answered, which its answer has not told us yet.
    mutating func rememberForRestart(_ check: IncomingCheck, of stream: Int) {
        let limit = configuration.maximumEarlyChecks
        guard streams[stream].offered?.earlyChecks.keep(check, limit: limit) == false else {
            return
        }
        counters.droppedAtLimits += 1
    }

    /// The pair a request belongs to, formed if it is new and there is room.
    private mutating func path(
        of check: IncomingCheck,
        stream: Int,
        session: Int
    ) -> PairPath? {
        let known = streams[stream].sessions[session]
        if let pair = known.index(of: check.ends, check.component) {
            return PairPath(stream: stream, session: session, pair: pair)
        }
        guard session == 0, let remote = remoteCandidate(of: check, in: stream),
            let local = streams[stream].localCandidate(
                at: check.ends.local,
                over: check.ends.transport
            ),
            let candidates = CandidatePair(matching: local, remote),
            let pair = insert(candidates, in: stream, .triggered)
        else { return nil }
        return PairPath(stream: stream, session: 0, pair: pair)
    }

    /// The candidate at a request's source, peer-reflexive if nobody has signalled it
    /// (RFC 8445 §7.3.1.3).
    private mutating func remoteCandidate(of check: IncomingCheck, in stream: Int) -> Candidate? {
        let known = streams[stream].sessions[0].remoteCandidates
        if var candidate = known.first(where: {
            $0.component == check.component
                && $0.isSource(check.ends.remote, over: check.ends.transport)
        }) {
            candidate.address = check.ends.remote
            return candidate
        }
        let candidate = Candidate(
            foundation: Candidate.foundation(
                of: .peerReflexive,
                check.ends.remote.address,
                over: check.ends.transport
            ),
            component: check.component,
            transport: remoteTransport(of: check.ends, in: stream),
            priority: check.priority,
            address: check.ends.remote,
            kind: .peerReflexive
        )
        guard candidate.isUsableRemote else {
            counters.droppedAtLimits += 1
            return nil
        }
        // Without room the pair alone remembers it.
        if hasRoomForRemote(in: stream) {
            streams[stream].sessions[0].remoteCandidates.append(candidate)
        }
        return candidate
    }

    /// Whoever connects to a passive candidate is active (RFC 6544 §7.2).
    private func remoteTransport(of ends: Ends, in stream: Int) -> CandidateTransport {
        switch streams[stream].localCandidate(at: ends.local, over: ends.transport)?.transport {
        case .tcp(let kind): .tcp(kind.counterpart)
        case .udp, nil: .udp
        }
    }
}

// MARK: - Being lite (RFC 8445 §2.5)

extension ICEAgent {
    /// RFC 8445 §7.3.2: an authentic check proves the path as far as a lite agent can tell.
    ///
    /// USE-CANDIDATE selects it. Each check renews consent, as nobody asks for it.
    private mutating func follow(_ check: IncomingCheck, on path: PairPath, at now: Instant) {
        self[path].counters.requestsReceived += 1
        self[path].counters.responsesSent += 1
        if !self[path].isSucceeded {
            self[path].state = .succeeded
            note(.pairSucceeded(pair: self[path].id, roundTripTime: nil))
        }
        self[path].liveness?.answered(at: now)
        if let nomination = check.nomination,
            self[path].nominationNumber.map({ nomination > $0 }) ?? true
        {
            self[path].nomination = .requested(nomination)
        }
        guard mayMove(to: path) else { return }
        nominateRequested(path, at: now)
    }

    /// Whether data may take a path from now on: while it takes another, and comes from there, it must
    /// come from the new place first.
    ///
    /// Nothing else shows that the peer is there: a check has a source that anybody can write into it,
    /// and a lite agent asks nobody (RFC 8445 §19.5.1). When the path before has lost consent, there
    /// is nothing to wait with.
    private func mayMove(to path: PairPath) -> Bool {
        let session = streams[path.stream].sessions[path.session]
        guard self[path].counters.firstData == nil,
            let current = session.selectedPair(self[path].component), current.id != self[path].id
        else { return true }
        return !current.isLive || current.counters.firstData == nil
    }

    private mutating func nominateRequested(_ path: PairPath, at now: Instant) {
        guard case .requested(let number) = self[path].nomination else { return }
        self[path].nomination = .none
        nominate(path, number: number, at: now)
    }

    /// Data that is the peer's came along a path: a lite agent may follow it there.
    mutating func follow(dataOn ends: Ends, at now: Instant) {
        guard configuration.isLite,
            let path = allPaths.first(where: {
                self[$0].candidates.connects(ends) && self[$0].isSucceeded
                    && self[$0].counters.firstData == nil
            })
        else { return }
        input(at: now) { agent, now in
            agent[path].counters.firstData = now
            agent.nominateRequested(path, at: now)
        }
    }
}

extension [IncomingCheck] {
    /// Keeps the newest check from each place; false where there are too many places.
    fileprivate mutating func keep(_ check: IncomingCheck, limit: Int) -> Bool {
        if let index = firstIndex(where: { $0.ends == check.ends }) {
            var newest = check
            newest.nomination = check.nomination ?? self[index].nomination
            self[index] = newest
            return true
        }
        guard count < limit else { return false }
        append(check)
        return true
    }
}
