import STUN
import Wire

/// Whether a valid pair still is valid, as far as answers tell.
struct Liveness: Sendable {
    var consent: Consent
    /// Consent checks whose answer would still be believed.
    var outstanding: [SentCheck] = []
    /// When the pair became valid.
    let since: Instant
    /// When the newest answer came.
    var answeredAt: Instant
    /// When the pair was last trusted again after it had been in doubt.
    var recoveredAt: Instant?
    private var doubt = Doubt.none

    /// What an unanswered check leads to.
    private enum Doubt: Sendable {
        case none
        /// A check is on its way; if nothing comes until then, the pair is in doubt.
        case due(Instant, sent: Instant)
        /// Unanswered for too long; other pairs that answer something sent later are better.
        case inDoubt(since: Instant, nextProbe: Instant?)
    }

    init(consent: Consent, at now: Instant) {
        self.consent = consent
        since = now
        answeredAt = now
    }

    /// Since when a check has been unanswered, if that is longer than it should be.
    var doubtfulSince: Instant? {
        switch doubt {
        case .none, .due: nil
        case .inDoubt(let since, _): since
        }
    }

    /// Whether a check is unanswered for longer than it should be.
    var isDoubtful: Bool { doubtfulSince != nil || consent.isSilent }

    var deadline: Instant? {
        switch doubt {
        case .none: consent.deadline
        case .due(let end, _): sooner(consent.deadline, end)
        case .inDoubt(_, let probe): sooner(consent.deadline, probe)
        }
    }

    /// A check has left; it should be answered within `wait`.
    mutating func asked(at now: Instant, answerWithin wait: Duration) {
        guard case .none = doubt else { return }
        doubt = .due(now.advanced(by: wait), sent: now)
    }

    /// An answer came.
    mutating func answered(at now: Instant) {
        if isDoubtful { recoveredAt = now }
        answeredAt = now
        doubt = .none
        consent.renew(at: now)
    }

    /// Whether the time has come to doubt, or to ask again and all others with it.
    mutating func expireDoubt(at now: Instant) -> Bool {
        switch doubt {
        case .due(let end, let sent) where end <= now:
            doubt = .inDoubt(since: sent, nextProbe: now.advanced(by: probeInterval))
            return true
        case .inDoubt(let since, let probe?) where probe <= now:
            doubt = .inDoubt(since: since, nextProbe: now.advanced(by: probeInterval))
            return true
        case .none, .due, .inDoubt: return false
        }
    }

    /// Nothing can be done about the doubt but to wait for the next regular check.
    mutating func stopProbing() {
        guard case .inDoubt(let since, _) = doubt else { return }
        doubt = .inDoubt(since: since, nextProbe: nil)
    }
}

/// How often all valid pairs are asked while the selected one does not answer.
private let probeInterval = Duration.seconds(1)
