import STUN
import Wire

extension ICEAgent {
    /// An authenticated answer, and what it answers.
    struct Answer {
        enum Subject {
            case check(Check)
            case nomination(Check, UInt32)
            /// A check that a triggered one has replaced.
            case retired(SentCheck)
            case consent(SentCheck)
        }

        enum Verdict {
            case success(mapped: SocketAddress)
            case refused(STUNErrorCode)
        }

        var path: PairPath
        var subject: Subject
        var verdict: Verdict
        var arrival: Ends
    }

    /// Finds the request that a response answers; nil for forgeries, repetitions and strays.
    mutating func match(
        _ message: STUNPacket,
        _ packet: Span<UInt8>,
        _ arrival: Ends
    ) -> Answer? {
        // RFC 8489 §9.1.4: an answer that is not signed as the request was is as good as none.
        guard let (path, subject) = request(with: message.transactionID),
            let key = streams[path.stream].sessions[path.session].remote?.key,
            message.isAuthentic(under: key, in: packet)
        else {
            counters.unauthenticatedPackets += 1
            return nil
        }
        guard let verdict = message.verdict(in: packet) else { return nil }
        return Answer(path: path, subject: subject, verdict: verdict, arrival: arrival)
    }

    private func request(with id: STUNTransactionID) -> (PairPath, Answer.Subject)? {
        for stream in streams.indices {
            for session in streams[stream].sessions.indices {
                for pair in streams[stream].sessions[session].pairs.indices {
                    let known = streams[stream].sessions[session].pairs[pair].subject(of: id)
                    guard let known else { continue }
                    return (PairPath(stream: stream, session: session, pair: pair), known)
                }
            }
        }
        return nil
    }

    mutating func accept(_ answer: Answer, at now: Instant) {
        let path = answer.path
        self[path].counters.responsesReceived += 1
        guard self[path].candidates.connects(answer.arrival) else {
            return acceptFromElsewhere(answer)
        }
        switch answer.verdict {
        case .success(let mapped): succeed(answer, mapped: mapped, at: now)
        case .refused(let error): refused(answer, error, at: now)
        }
    }

    /// RFC 8445 §7.2.5.2.1: an answer from elsewhere means that the path does not work both ways.
    private mutating func acceptFromElsewhere(_ answer: Answer) {
        switch answer.subject {
        case .check: fail(answer.path, .asymmetricPath)
        // The pair has already worked both ways, or another check will tell: a copy of an answer,
        // sent by somebody else, must not take a path away.
        case .nomination, .retired, .consent: break
        }
    }

    // MARK: Success

    private mutating func succeed(_ answer: Answer, mapped: SocketAddress, at now: Instant) {
        let path = answer.path
        switch answer.subject {
        case .check(let check):
            validate(path, mapped: mapped, sent: check.sent, at: now)
        case .retired(let sent):
            self[path].retired.removeAll { $0.id == sent.id }
            guard !self[path].isSucceeded else {
                return self[path].measured(sent.roundTripTime(at: now))
            }
            // The check that replaced this one may still be answered, and need not be repeated.
            self[path].retire()
            validate(path, mapped: mapped, sent: sent, at: now)
        case .nomination(let check, let number):
            renewConsent(on: path, sent: check.sent, at: now)
            self[path].endNomination()
            nominate(path, number: number, at: now)
        case .consent(let sent):
            renewConsent(on: path, sent: sent, at: now)
            notice(mapped, on: path, at: now)
        }
    }

    /// A NAT that has forgotten us gives us another address, which the peer sees as a new candidate:
    /// the same path is nominated again, so that it knows where we are.
    private mutating func notice(_ mapped: SocketAddress, on path: PairPath, at now: Instant) {
        guard mapped != self[path].published.local.address else { return }
        self[path].mapped = localCandidate(seenAs: mapped, on: path)
        // Candidates that were told the peer when the mapping was another are of no use any more.
        adviseRestart(of: path.stream, .addressChanged)
        guard role == .controlling, self[path].isNominated else { return }
        sendNomination(on: path, at: now)
    }

    /// The pair works both ways (RFC 8445 §7.2.5.3).
    private mutating func validate(
        _ path: PairPath,
        mapped: SocketAddress,
        sent: SentCheck,
        at now: Instant
    ) {
        guard !self[path].hasLostConsent else { return }
        self[path].state = .succeeded
        self[path].measured(sent.roundTripTime(at: now))
        note(.pairSucceeded(pair: self[path].id, roundTripTime: sent.roundTripTime(at: now)))
        self[path].mapped = localCandidate(seenAs: mapped, on: path)
        self[path].liveness = Liveness(
            consent: Consent(configuration: configuration, at: now, entropy: entropy.split()),
            at: now
        )
        unfreeze(self[path].foundation)
        if case .requested(let number) = self[path].nomination, role == .controlled {
            self[path].nomination = .none
            nominate(path, number: number, at: now)
        }
    }

    private mutating func renewConsent(on path: PairPath, sent: SentCheck, at now: Instant) {
        self[path].measured(sent.roundTripTime(at: now))
        self[path].liveness?.answered(at: now)
        // Answers to older checks tell nothing that this one has not.
        self[path].liveness?.outstanding.removeAll { $0.at <= sent.at }
    }

    /// The candidate that the peer sees us as; nil if it is the pair's own (RFC 8445 §7.2.5.3.1).
    private func localCandidate(seenAs mapped: SocketAddress, on path: PairPath) -> Candidate? {
        let local = self[path].candidates.local
        guard mapped != local.address else { return nil }
        let known = streams[path.stream].localCandidates.first {
            $0.component == local.component && $0.address == mapped && $0.base == local.base
                && $0.transport == local.transport
        }
        return known
            ?? Candidate(
                foundation: Candidate.foundation(
                    of: .peerReflexive,
                    local.base.address,
                    over: local.transportProtocol
                ),
                component: local.component,
                transport: local.transport,
                priority: local.peerReflexivePriority,
                address: mapped,
                kind: .peerReflexive,
                relatedAddress: local.base
            )
    }

    // MARK: Refusal

    private mutating func refused(_ answer: Answer, _ error: STUNErrorCode, at now: Instant) {
        let path = answer.path
        switch answer.subject {
        case .check(let check):
            guard error == .roleConflict else {
                return fail(path, .refused(code: error.rawValue))
            }
            guard settleConflict(on: path, role: check.role) else { return }
            // RFC 8445 §7.2.5.1: the same pair again, at once, in the new role.
            sendCheck(on: path, isTriggered: true, at: now)
        case .nomination(let check, _):
            self[path].endNomination()
            guard error == .roleConflict else {
                // To say again what was agreed on can do no harm: the path goes on.
                if !self[path].isNominated { fail(path, .refused(code: error.rawValue)) }
                return
            }
            _ = settleConflict(on: path, role: check.role)
        case .retired(let sent):
            self[path].retired.removeAll { $0.id == sent.id }
        // RFC 7675 §5.1: only a success renews consent, and nothing but time revokes it.
        case .consent: break
        }
    }

    /// Changes our role, unless that has happened; false when peers never come to an end of it.
    private mutating func settleConflict(on path: PairPath, role: ICERole) -> Bool {
        counters.roleConflicts += 1
        self[path].counters.roleConflicts += 1
        guard self[path].counters.roleConflicts <= maximumConflicts else {
            fail(path, .refused(code: STUNErrorCode.roleConflict.rawValue))
            return false
        }
        if self.role == role { take(role.opposite) }
        return true
    }
}

extension Pair {
    /// Which of this pair's requests `id` belongs to.
    fileprivate func subject(of id: STUNTransactionID) -> ICEAgent.Answer.Subject? {
        if case .inProgress(let check) = state, check.id == id { return .check(check) }
        if case .inProgress(let check, let number, _) = nomination, check.id == id {
            return .nomination(check, number)
        }
        if let sent = retired.first(where: { $0.id == id }) { return .retired(sent) }
        let sent = liveness?.outstanding.first { $0.id == id }
        return sent.map { .consent($0) }
    }
}

extension STUNPacket {
    /// What an authenticated response says; nil if it lacks what its class needs.
    fileprivate func verdict(in bytes: Span<UInt8>) -> ICEAgent.Answer.Verdict? {
        switch messageClass {
        case .success:
            // RFC 8489 §6.3.3: a success that cannot be understood is a failure.
            guard unknownRequiredAttributes(in: bytes).isEmpty else {
                return .refused(.unknownAttribute)
            }
            return mappedAddress(in: bytes).map { .success(mapped: $0) }
        case .error: return errorCode(in: bytes).map { .refused($0) }
        case .request, .indication: return nil
        }
    }
}

/// After so many conflicts on one pair the peer does not mean well.
private let maximumConflicts = 4
