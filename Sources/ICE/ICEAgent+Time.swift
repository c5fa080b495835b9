import STUN
import Wire

extension ICEAgent {
    /// Runs everything that is due.
    mutating func expire(at now: Instant) {
        var silent: [ICEComponent] = []
        for path in allPaths {
            expireConnecting(on: path, at: now)
            expireCheck(on: path, at: now)
            expireNomination(on: path, at: now)
            if expireConsent(on: path, at: now) { silent.append(component(at: path)) }
            expireDoubt(on: path, at: now)
            expireRest(on: path, at: now)
        }
        // Behind the loop: this adds and removes pairs.
        for component in silent { lookAround(for: component) }
        for stream in streams.indices {
            if case .waiting(let end) = streams[stream].sessions[0].patience, end <= now {
                streams[stream].sessions[0].patience = .over
            }
        }
    }

    private mutating func expireConnecting(on path: PairPath, at now: Instant) {
        guard case .connecting(let end) = self[path].state, end <= now else { return }
        fail(path, .connectionFailed)
    }

    private mutating func expireCheck(on path: PairPath, at now: Instant) {
        guard case .inProgress(var check) = self[path].state, check.deadline <= now else { return }
        // Repetitions keep the pace, too, and let first checks go before: otherwise a hundred candidates
        // of one victim would bring it several packets each Ta.
        guard pacer.next <= now, !hasOrdinaryWork else {
            check.heldUntil = pacer.next > now ? pacer.next : now.advanced(by: pacing)
            self[path].state = .inProgress(check)
            return
        }
        switch check.schedule.expire(at: now) {
        case .notDue: break
        case .retransmit:
            self[path].state = .inProgress(check)
            pacer.next = now.advanced(by: pacing)
            transmit(check.request, on: path)
        case .giveUp: fail(path, .timedOut)
        }
    }

    private mutating func expireNomination(on path: PairPath, at now: Instant) {
        guard case .inProgress(var check, let number, let agreed) = self[path].nomination else {
            return
        }
        switch check.schedule.expire(at: now) {
        case .notDue: break
        case .retransmit:
            self[path].nomination = .inProgress(check, number, agreed: agreed)
            transmit(check.request, on: path)
        // The pair is valid while it has consent: it is nominated anew rather than given up.
        case .giveUp: self[path].endNomination()
        }
    }

    /// Says whether the pair in use has fallen silent.
    private mutating func expireConsent(on path: PairPath, at now: Instant) -> Bool {
        var hasFallenSilent = false
        self[path].liveness?.consent.advance(to: now)
        while let output = self[path].liveness?.consent.popOutput() {
            switch output {
            case .sendCheck: sendConsentCheck(on: path, at: now)
            case .fellSilent: hasFallenSilent = path.session == 0 && isSelected(path)
            case .expired: loseConsent(on: path)
            }
        }
        return hasFallenSilent
    }

    private mutating func expireDoubt(on path: PairPath, at now: Instant) {
        let isKnown = self[path].liveness?.isDoubtful ?? true
        guard self[path].liveness?.expireDoubt(at: now) ?? false else { return }
        let others = aliveOthers(than: path)
        guard isSelected(path), !others.isEmpty else {
            self[path].liveness?.resign()
            return
        }
        // Which of them still work? The one asked here may come back, too.
        if !isKnown, self[path].liveness?.isDoubtful ?? false {
            note(.pairDoubted(pair: self[path].id))
        }
        for other in [path] + others { sendConsentCheck(on: other, at: now) }
    }

    private mutating func loseConsent(on path: PairPath) {
        if isSelected(path) {
            streams[path.stream].sessions[path.session].marks.insert(.lostConsent)
        }
        // RFC 7675 §5.1: who sends no data needs no consent; what data has left, or never took, may be
        // tried again.
        fail(path, isSelected(path) ? .consentExpired : .timedOut)
    }

    /// A pair that has worked and is of use is tried again now and then: what broke may have healed.
    ///
    /// Only where the peer has answered before: nobody can have us send to others for ever.
    private mutating func expireRest(on path: PairPath, at now: Instant) {
        guard let end = self[path].restsUntil, end <= now else { return }
        self[path].restsUntil = nil
        let session = streams[path.stream].sessions[path.session]
        guard path.session == 0, self[path].isFailed, !self[path].hasLostConsent,
            session.paths.contains(where: {
                $0.component == self[path].component && $0.selected != nil
            }), isWanted(self[path].candidates, in: path.stream)
        else { return }
        self[path].state = .waiting
    }

    func isSelected(_ path: PairPath) -> Bool {
        let id = self[path].id
        return streams[path.stream].sessions[path.session].paths.contains { $0.selected == id }
    }

    /// The pairs that could take over from another.
    private func aliveOthers(than path: PairPath) -> [PairPath] {
        let pairs = streams[path.stream].sessions[path.session].pairs
        return pairs.indices.compactMap {
            $0 != path.pair && pairs[$0].isLive && pairs[$0].component == self[path].component
                ? PairPath(stream: path.stream, session: path.session, pair: $0) : nil
        }
    }

    /// The pair does not work, for now or for ever.
    mutating func fail(_ path: PairPath, _ reason: ICECheckFailure) {
        note(.pairFailed(pair: self[path].id, reason))
        self[path].fail(reason)
        guard reason == .timedOut, self[path].counters.responsesReceived > 0 else { return }
        self[path].restsUntil = clock.advanced(by: configuration.backupInterval * 3)
    }
}
