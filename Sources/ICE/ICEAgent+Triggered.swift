import STUN
import Wire

extension ICEAgent {
    /// Makes use of a request that was answered (RFC 8445 §7.3.1.3–7.3.1.5).
    mutating func use(_ check: IncomingCheck, stream: Int, session: Int, at now: Instant) {
        guard session > 0 || streams[stream].sessions[0].remote != nil else {
            return remember(check, of: stream)
        }
        guard let path = path(of: check, stream: stream, session: session) else { return }
        self[path].counters.requestsReceived += 1
        self[path].counters.responsesSent += 1
        self[path].liveness?.consent.heard(at: now)
        let isRepeated = self[path].lastRequest == check.id
        self[path].lastRequest = check.id
        trigger(path, isNominating: check.isNominating, isRepeated: isRepeated, at: now)
    }

    /// RFC 8445 §7.3.1.4: a pair that the peer checks is checked by us at once.
    private mutating func trigger(
        _ path: PairPath,
        isNominating: Bool,
        isRepeated: Bool,
        at now: Instant
    ) {
        let mayNominate = isNominating && role == .controlled
        switch self[path].state {
        case .succeeded:
            if mayNominate { nominate(path, at: now) }
        case .frozen, .waiting, .inProgress, .failed:
            // The previous session keeps what it has and looks for nothing new.
            guard path.session == 0, !self[path].hasLostConsent else { return }
            if mayNominate { self[path].nomination = .requested }
            // Where requests pass and answers do not, each side would trigger the other for ever.
            guard !isRepeated, !self[path].isFreshlyTriggered else { return }
            sendCheck(on: path, isTriggered: true, at: now)
        }
    }

    /// A check that came before the other side's credentials did; used as soon as they come.
    private mutating func remember(_ check: IncomingCheck, of stream: Int) {
        let known = streams[stream].sessions[0].earlyChecks
        if let index = known.firstIndex(where: {
            $0.source == check.source && $0.local == check.local
        }) {
            var newest = check
            newest.isNominating = check.isNominating || known[index].isNominating
            streams[stream].sessions[0].earlyChecks[index] = newest
        } else if known.count < configuration.maximumEarlyChecks {
            streams[stream].sessions[0].earlyChecks.append(check)
        } else {
            counters.droppedAtLimits += 1
        }
    }

    /// The pair a request belongs to, formed if it is new and there is room.
    private mutating func path(
        of check: IncomingCheck,
        stream: Int,
        session: Int
    ) -> PairPath? {
        let known = streams[stream].sessions[session]
        if let pair = known.index(of: check.local, check.source, check.component) {
            return PairPath(stream: stream, session: session, pair: pair)
        }
        guard session == 0, let remote = remoteCandidate(of: check, in: stream),
            let local = streams[stream].localCandidates.first(where: { $0.base == check.local }),
            let candidates = CandidatePair(matching: local, remote),
            let pair = insert(candidates, in: stream)
        else { return nil }
        return PairPath(stream: stream, session: 0, pair: pair)
    }

    /// The candidate at a request's source, peer-reflexive if nobody has signalled it
    /// (RFC 8445 §7.3.1.3).
    private mutating func remoteCandidate(of check: IncomingCheck, in stream: Int) -> Candidate? {
        let known = streams[stream].sessions[0].remoteCandidates
        if var candidate = known.first(where: {
            $0.component == check.component && $0.address.isSame(as: check.source)
        }) {
            candidate.address = check.source
            return candidate
        }
        let candidate = Candidate(
            foundation: Candidate.foundation(of: .peerReflexive, check.source.address),
            component: check.component,
            priority: check.priority,
            address: check.source,
            kind: .peerReflexive
        )
        guard candidate.isUsableRemote, known.count < configuration.maximumRemoteCandidates else {
            counters.droppedAtLimits += 1
            return nil
        }
        streams[stream].sessions[0].remoteCandidates.append(candidate)
        return candidate
    }
}
