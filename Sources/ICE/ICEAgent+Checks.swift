import STUN
import Wire

extension ICEAgent {
    /// Sends ordinary checks: the first of a checklist at once, then one each Ta
    /// (RFC 8445 §6.1.4.2).
    mutating func sendOrdinaryChecks(at now: Instant) {
        // RFC 8445 §2.5: a lite agent answers, and asks nothing.
        guard !configuration.isLite else { return }
        for stream in streams.indices { pairUpAgain(stream) }
        for stream in streams.indices
        where !streams[stream].sessions[0].marks.contains(.started) {
            guard let path = nextOrdinary(in: stream) else { continue }
            streams[stream].sessions[0].marks.insert(.started)
            sendOrdinary(path, at: now)
        }
        while pacer.next <= now, let path = nextOrdinary() { sendOrdinary(path, at: now) }
        for stream in streams.indices { thawIfIdle(stream) }
    }

    /// Whether an ordinary check waits for its turn.
    var hasOrdinaryWork: Bool {
        !configuration.isLite
            && streams.contains {
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
        thawIfIdle(stream)
        let session = streams[stream].sessions[0]
        guard session.remote != nil else { return nil }
        var best: (index: Int, priority: UInt64)?
        for index in session.pairs.indices where session.pairs[index].isWaiting {
            let priority = session.pairs[index].candidates.priority(as: role)
            if best.map({ priority > $0.priority }) ?? true { best = (index, priority) }
        }
        return best.map { PairPath(stream: stream, session: 0, pair: $0.index) }
    }

    /// Starts a check of a pair, whatever it was doing; a TCP connection comes first.
    mutating func sendCheck(on path: PairPath, isTriggered: Bool, at now: Instant) {
        self[path].retire()
        guard isConnected(path, at: now),
            let check = makeCheck(on: path, as: isTriggered ? .triggered : .ordinary, at: now)
        else { return }
        if self[path].counters.requestsSent == 0 { note(.checkStarted(pair: self[path].id)) }
        self[path].state = .inProgress(check)
        transmit(check.request, on: path)
    }

    /// Starts the check that nominates a valid pair (RFC 8445 §8.1.1).
    mutating func sendNomination(on path: PairPath, at now: Instant) {
        var number: UInt32 = 0
        if streams[path.stream].sessions[path.session].renominates {
            streams[path.stream].sessions[path.session].nominations &+= 1
            number = streams[path.stream].sessions[path.session].nominations
        }
        guard let check = makeCheck(on: path, as: .nominating(number), at: now) else { return }
        self[path].nomination = .inProgress(check, number, agreed: self[path].agreed)
        transmit(check.request, on: path)
    }

    /// Asks for consent, once: a request that gets lost is followed by the next (RFC 7675 §5.1).
    mutating func sendConsentCheck(on path: PairPath, at now: Instant) {
        guard let (id, request) = makeRequest(on: path, nomination: nil) else { return }
        if (self[path].liveness?.outstanding.count ?? 0) >= maximumOutstanding {
            self[path].liveness?.outstanding.removeFirst()
        }
        self[path].liveness?.outstanding.append(SentCheck(id: id, at: now))
        let wait = max(configuration.suspicionTimeout, (self[path].roundTripTime ?? .zero) * 4)
        self[path].liveness?.asked(at: now, answerWithin: wait)
        self[path].counters.consentRequestsSent += 1
        transmit(request, on: path)
    }

    private enum Purpose {
        case ordinary, triggered
        case nominating(UInt32)

        var nomination: UInt32? {
            switch self {
            case .ordinary, .triggered: nil
            case .nominating(let number): number
            }
        }

        var isTriggered: Bool {
            switch self {
            case .triggered: true
            case .ordinary, .nominating: false
            }
        }
    }

    private mutating func makeCheck(
        on path: PairPath,
        as purpose: Purpose,
        at now: Instant
    ) -> Check? {
        guard let (id, request) = makeRequest(on: path, nomination: purpose.nomination) else {
            return nil
        }
        return Check(
            id: id,
            request: request,
            role: role,
            isTriggered: purpose.isTriggered,
            sentAt: now,
            schedule: schedule(for: path, of: purpose, at: now)
        )
    }

    private func schedule(
        for path: PairPath,
        of purpose: Purpose,
        at now: Instant
    ) -> RetransmissionSchedule {
        switch self[path].candidates.local.transportProtocol {
        case .udp:
            let known = self[path].roundTripTime ?? usualRoundTrip(for: path, of: purpose)
            let rto = known.map { max(configuration.minimumRTO, $0 * 2) }
            return RetransmissionSchedule(
                initialRTO: rto ?? configuration.initialRTO,
                maximumRequests: configuration.maximumRequests,
                finalWaitMultiplier: configuration.finalWaitMultiplier,
                at: now
            )
        // RFC 8489 §6.2.2: TCP sends again what gets lost.
        case .tcp:
            return RetransmissionSchedule(
                initialRTO: configuration.tcpTimeout,
                maximumRequests: 1,
                finalWaitMultiplier: 1,
                at: now
            )
        }
    }

    /// A pair to nominate works, but if its check was repeated nobody knows how fast; its neighbours
    /// are a better guess than the first wait of those that may not work at all.
    private func usualRoundTrip(for path: PairPath, of purpose: Purpose) -> Duration? {
        guard purpose.nomination != nil else { return nil }
        return streams[path.stream].sessions[path.session].pairs.compactMap(\.roundTripTime).max()
    }

    private mutating func makeRequest(
        on path: PairPath,
        nomination: UInt32?
    ) -> (STUNTransactionID, [UInt8])? {
        let session = streams[path.stream].sessions[path.session]
        guard let remote = session.remote, let username = session.username else { return nil }
        let contents = CheckContents(
            username: username,
            priority: session.pairs[path.pair].candidates.local.peerReflexivePriority,
            role: role,
            tieBreaker: tieBreaker,
            nomination: nomination
        )
        let id = STUNTransactionID(using: &entropy)
        let request = contents.request(id: id, key: remote.key)
        return request.isEmpty ? nil : (id, request)
    }

    mutating func transmit(_ request: [UInt8], on path: PairPath) {
        self[path].counters.requestsSent += 1
        send(request, between: self[path].candidates.ends)
    }

    mutating func send(_ message: [UInt8], between ends: Ends) {
        outputs.append(
            .transmit(
                Datagram(
                    from: ends.local,
                    to: ends.remote,
                    over: ends.transport,
                    payload: message
                )
            )
        )
    }
}

/// RFC 8445 §14.2: Ta SHOULD default to 50 ms.
private let defaultPacing = Duration.milliseconds(50)
/// RFC 8445 §14.2: Ta MUST NOT be less than 5 ms.
private let minimumPacing = Duration.milliseconds(5)
/// Consent checks whose answer would still be believed: those of the last 30 s.
private let maximumOutstanding = 8
