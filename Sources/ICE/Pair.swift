import STUN
import Wire

/// A pair of a checklist, and everything that is known about it (RFC 8445 §6.1.2).
struct Pair: Sendable {
    /// RFC 8445 §6.1.2.6.
    enum State: Sendable {
        case frozen
        case waiting
        case inProgress(Check)
        case succeeded
        case failed(ICECheckFailure)
    }

    /// How far this pair is from being the one (RFC 8445 §8.1).
    enum Nomination: Sendable {
        case none
        /// USE-CANDIDATE arrived, and our own check has not succeeded yet.
        case requested
        /// Our check with USE-CANDIDATE is on its way.
        case inProgress(Check)
        case nominated
    }

    let id: Int
    var candidates: CandidatePair
    /// Equal for pairs that will probably work or fail together (RFC 8445 §6.1.2.6).
    let foundation: UInt64
    var state: State
    var nomination = Nomination.none
    /// Checks that were replaced by others; their answers still count (RFC 8445 §7.3.1.4).
    var retired: [SentCheck] = []
    /// The local candidate as the peer sees it, if that is not the one we send from.
    var mapped: Candidate?
    /// Consent while the pair is valid and wanted.
    var liveness: Liveness?
    var roundTripTime: Duration?
    var counters = Counters()
    /// The last request that arrived, so that its repetition causes no second check.
    var lastRequest: STUNTransactionID?

    struct Liveness: Sendable {
        var consent: Consent
        var outstanding: [SentCheck] = []
    }

    struct Counters: Sendable {
        var requestsSent = 0
        var responsesReceived = 0
        var requestsReceived = 0
        var responsesSent = 0
        var roleConflicts = 0
    }

    init(id: Int, candidates: CandidatePair, state: State) {
        self.id = id
        self.candidates = candidates
        self.state = state
        foundation = candidates.foundationHash
    }

    var component: UInt8 { candidates.local.component }

    /// What the owner is told: the local candidate is the one the peer sees.
    var published: CandidatePair {
        CandidatePair(local: mapped ?? candidates.local, remote: candidates.remote)
    }

    var isNominated: Bool {
        switch nomination {
        case .nominated: true
        case .none, .requested, .inProgress: false
        }
    }

    /// Nominated, or about to be as soon as our own check succeeds.
    var isChosenByPeer: Bool {
        switch nomination {
        case .nominated, .requested: true
        case .none, .inProgress: false
        }
    }

    var isNominating: Bool {
        switch nomination {
        case .nominated, .inProgress: true
        case .none, .requested: false
        }
    }

    var isSucceeded: Bool {
        switch state {
        case .succeeded: true
        case .frozen, .waiting, .inProgress, .failed: false
        }
    }

    var isWaiting: Bool {
        switch state {
        case .waiting: true
        case .frozen, .inProgress, .succeeded, .failed: false
        }
    }

    var isFrozen: Bool {
        switch state {
        case .frozen: true
        case .waiting, .inProgress, .succeeded, .failed: false
        }
    }

    /// Whether a check of this pair is on its way or about to be.
    var isActive: Bool {
        switch state {
        case .waiting, .inProgress: true
        case .frozen, .succeeded, .failed: false
        }
    }

    /// Whether this pair may still become valid without help.
    var isHopeful: Bool { isActive || isFrozen }

    /// RFC 7675 §5.1: a path that lost consent is not used again with the same credentials.
    var hasLostConsent: Bool {
        switch state {
        case .failed(let reason): reason == .consentExpired
        case .frozen, .waiting, .inProgress, .succeeded: false
        }
    }

    /// Whether a check that the peer has triggered is on its way, and was not repeated yet.
    var isFreshlyTriggered: Bool {
        switch state {
        case .inProgress(let check): check.isFreshlyTriggered
        case .frozen, .waiting, .succeeded, .failed: false
        }
    }

    var deadline: Instant? {
        var earliest = liveness?.consent.deadline
        if case .inProgress(let check) = state {
            earliest = sooner(earliest, check.schedule.deadline)
        }
        if case .inProgress(let check) = nomination {
            earliest = sooner(earliest, check.schedule.deadline)
        }
        return earliest
    }

    /// Smooths the round trip as RFC 6298 §2.3 does.
    mutating func measured(_ sample: Duration?) {
        guard let sample else { return }
        roundTripTime = roundTripTime.map { ($0 * 7 + sample) / 8 } ?? sample
    }

    /// Stops retransmitting; the answer may still come.
    mutating func retire() {
        guard case .inProgress(let check) = state else { return }
        if retired.count == maximumRetired { retired.removeFirst() }
        retired.append(check.sent)
        state = .waiting
    }

    mutating func fail(_ reason: ICECheckFailure) {
        state = .failed(reason)
        nomination = .none
        liveness = nil
        retired = []
    }
}

extension CandidatePair {
    /// Both foundations in one number, by FNV-1a: equal pairs of names give equal numbers.
    fileprivate var foundationHash: UInt64 {
        let bytes = [Array(local.foundation.utf8), [0], Array(remote.foundation.utf8)].joined()
        return bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x0000_0100_0000_01B3 }
    }
}

/// The earlier of two deadlines that may not exist.
func sooner(_ left: Instant?, _ right: Instant?) -> Instant? {
    guard let left else { return right }
    guard let right else { return left }
    return min(left, right)
}

/// How many replaced checks of a pair are remembered.
private let maximumRetired = 4
