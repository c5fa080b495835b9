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
    private enum Doubt {
        case none
        /// Something is on its way; if no answer comes until then, all valid pairs are asked.
        case due(Instant?, since: Instant, unanswered: Int)
        /// Nothing can be done but to wait for the next regular check.
        case resigned(since: Instant)
    }

    init(consent: Consent, at now: Instant) {
        self.consent = consent
        since = now
        answeredAt = now
    }

    /// Since when checks have been unanswered, if they are so many that it is hardly chance.
    var doubtfulSince: Instant? {
        switch doubt {
        case .none: nil
        case .due(_, let since, let unanswered): unanswered >= allowance ? since : nil
        case .resigned(let since): since
        }
    }

    /// Whether checks are unanswered for longer than they should be.
    var isDoubtful: Bool { doubtfulSince != nil || consent.isSilent }

    var deadline: Instant? {
        switch doubt {
        case .none, .resigned: consent.deadline
        case .due(let end, _, _): sooner(consent.deadline, end)
        }
    }

    /// A check has left; it should be answered within `wait`.
    mutating func asked(at now: Instant, answerWithin wait: Duration) {
        let wait = max(wait, .milliseconds(1))
        switch doubt {
        case .none: doubt = .due(now.advanced(by: wait), since: now, unanswered: 0)
        case .due(_, let since, let unanswered):
            // When all are silent there is no hurry any more.
            let end = now.advanced(by: unanswered < allowance ? wait : wait * 4)
            doubt = .due(end, since: since, unanswered: unanswered)
        case .resigned: break
        }
    }

    /// An answer came.
    mutating func answered(at now: Instant) {
        if isDoubtful { recoveredAt = now }
        answeredAt = now
        doubt = .none
        consent.renew(at: now)
    }

    /// Whether an answer is overdue, so that this pair and others should be asked.
    mutating func expireDoubt(at now: Instant) -> Bool {
        guard case .due(let end?, let since, let unanswered) = doubt, end <= now else {
            return false
        }
        doubt = .due(nil, since: since, unanswered: unanswered + 1)
        return true
    }

    /// Nobody else can be asked: what is unanswered stays so until the next regular check.
    mutating func resign() {
        guard case .due(_, let since, _) = doubt else { return }
        doubt = .resigned(since: since)
    }
}

/// So many checks in a row may be lost by chance before data moves to another path.
private let allowance = 3
