import STUN
import Wire

extension ICEAgent {
    /// Sends ordinary checks: the first of a checklist at once, then one each Ta
    /// (RFC 8445 §6.1.4.2).
    mutating func sendOrdinaryChecks(at now: Instant) {
        for stream in streams.indices where !streams[stream].sessions[0].hasStarted {
            guard let path = nextOrdinary(in: stream) else { continue }
            streams[stream].sessions[0].hasStarted = true
            sendOrdinary(path, at: now)
        }
        while pacer.next <= now, let path = nextOrdinary() { sendOrdinary(path, at: now) }
        for stream in streams.indices { thaw(stream) }
    }

    /// Whether an ordinary check waits for its turn.
    var hasOrdinaryWork: Bool {
        streams.contains {
            $0.sessions[0].remote != nil && $0.sessions[0].pairs.contains(where: \.isWaiting)
        }
    }

    /// Ta: the slower of both sides' wishes (RFC 8445 §14.2, RFC 8839 §5.7).
    var pacing: Duration {
        // RFC 8839 §5.7: a peer that says nothing means the default.
        let wishes = streams.compactMap { stream in
            stream.sessions[0].remote.map { $0.pacing ?? defaultPacing }
        }
        return max(wishes.max() ?? .zero, configuration.pacing, minimumPacing)
    }

    private mutating func sendOrdinary(_ path: PairPath, at now: Instant) {
        sendCheck(on: path, isTriggered: false, at: now)
        pacer.next = now.advanced(by: pacing)
    }

    /// The checklists take turns.
    private mutating func nextOrdinary() -> PairPath? {
        for step in 0..<streams.count {
            let stream = (pacer.turn + step) % streams.count
            if let path = nextOrdinary(in: stream) {
                pacer.turn = (stream + 1) % streams.count
                return path
            }
        }
        return nil
    }

    /// The waiting pair of the highest priority.
    private mutating func nextOrdinary(in stream: Int) -> PairPath? {
        thaw(stream)
        let session = streams[stream].sessions[0]
        guard session.remote != nil else { return nil }
        var best: (index: Int, priority: UInt64)?
        for index in session.pairs.indices where session.pairs[index].isWaiting {
            let priority = session.pairs[index].candidates.priority(as: role)
            if best.map({ priority > $0.priority }) ?? true { best = (index, priority) }
        }
        return best.map { PairPath(stream: stream, session: 0, pair: $0.index) }
    }

    /// Starts a check of a pair, whatever it was doing.
    mutating func sendCheck(on path: PairPath, isTriggered: Bool, at now: Instant) {
        self[path].retire()
        guard let check = makeCheck(on: path, as: isTriggered ? .triggered : .ordinary, at: now)
        else { return }
        self[path].state = .inProgress(check)
        transmit(check.request, on: path)
    }

    /// Starts the check that nominates a valid pair (RFC 8445 §8.1.1).
    mutating func sendNomination(on path: PairPath, at now: Instant) {
        guard let check = makeCheck(on: path, as: .nominating, at: now) else { return }
        self[path].nomination = .inProgress(check)
        transmit(check.request, on: path)
    }

    /// Asks for consent, once: a request that gets lost is followed by the next (RFC 7675 §5.1).
    mutating func sendConsentCheck(on path: PairPath, at now: Instant) {
        guard let (id, request) = makeRequest(on: path, isNominating: false) else { return }
        if (self[path].liveness?.outstanding.count ?? 0) >= maximumOutstanding {
            self[path].liveness?.outstanding.removeFirst()
        }
        self[path].liveness?.outstanding.append(SentCheck(id: id, at: now))
        transmit(request, on: path)
    }

    private enum Purpose { case ordinary, triggered, nominating }

    private mutating func makeCheck(
        on path: PairPath,
        as purpose: Purpose,
        at now: Instant
    ) -> Check? {
        guard let (id, request) = makeRequest(on: path, isNominating: purpose == .nominating) else {
            return nil
        }
        let rto = self[path].roundTripTime.map { max(configuration.minimumRTO, $0 * 2) }
        return Check(
            id: id,
            request: request,
            role: role,
            isTriggered: purpose == .triggered,
            sentAt: now,
            schedule: RetransmissionSchedule(
                initialRTO: rto ?? configuration.initialRTO,
                maximumRequests: configuration.maximumRequests,
                finalWaitMultiplier: configuration.finalWaitMultiplier,
                at: now
            )
        )
    }

    private mutating func makeRequest(
        on path: PairPath,
        isNominating: Bool
    ) -> (STUNTransactionID, [UInt8])? {
        let session = streams[path.stream].sessions[path.session]
        guard let remote = session.remote, let username = session.username else { return nil }
        let contents = CheckContents(
            username: username,
            priority: session.pairs[path.pair].candidates.local.peerReflexivePriority,
            role: role,
            tieBreaker: tieBreaker,
            isNominating: isNominating
        )
        let id = STUNTransactionID(using: &entropy)
        let request = contents.request(id: id, key: remote.key)
        return request.isEmpty ? nil : (id, request)
    }

    mutating func transmit(_ request: [UInt8], on path: PairPath) {
        self[path].counters.requestsSent += 1
        let pair = self[path].candidates
        outputs.append(
            .transmit(
                Datagram(from: pair.local.base, to: pair.remote.address, payload: request)
            )
        )
    }
}

// MARK: - Time

extension ICEAgent {
    /// Runs everything that is due.
    mutating func expire(at now: Instant) {
        for path in allPaths {
            expireCheck(on: path, at: now)
            expireNomination(on: path, at: now)
            expireConsent(on: path, at: now)
        }
        for stream in streams.indices {
            if case .waiting(let end) = streams[stream].sessions[0].patience, end <= now {
                streams[stream].sessions[0].patience = .over
            }
        }
    }

    private mutating func expireCheck(on path: PairPath, at now: Instant) {
        guard case .inProgress(var check) = self[path].state else { return }
        switch check.schedule.expire(at: now) {
        case .notDue: break
        case .retransmit:
            self[path].state = .inProgress(check)
            transmit(check.request, on: path)
        case .giveUp: self[path].fail(.timedOut)
        }
    }

    private mutating func expireNomination(on path: PairPath, at now: Instant) {
        guard case .inProgress(var check) = self[path].nomination else { return }
        switch check.schedule.expire(at: now) {
        case .notDue: break
        case .retransmit:
            self[path].nomination = .inProgress(check)
            transmit(check.request, on: path)
        // The pair is valid while it has consent: it is nominated anew rather than given up.
        case .giveUp: self[path].nomination = .none
        }
    }

    private mutating func expireConsent(on path: PairPath, at now: Instant) {
        self[path].liveness?.consent.advance(to: now)
        while let output = self[path].liveness?.consent.popOutput() {
            switch output {
            case .sendCheck: sendConsentCheck(on: path, at: now)
            case .fellSilent: break
            case .expired: loseConsent(on: path)
            }
        }
    }

    private mutating func loseConsent(on path: PairPath) {
        let id = self[path].id
        let isSelected = streams[path.stream].sessions[path.session].paths.contains {
            $0.selected == id
        }
        if isSelected { streams[path.stream].sessions[path.session].hasLostConsent = true }
        self[path].fail(.consentExpired)
    }
}

/// RFC 8445 §14.2: Ta SHOULD default to 50 ms.
private let defaultPacing = Duration.milliseconds(50)
/// RFC 8445 §14.2: Ta MUST NOT be less than 5 ms.
private let minimumPacing = Duration.milliseconds(5)
/// Consent checks whose answer would still be believed: those of the last 30 s.
private let maximumOutstanding = 8
