import STUN
import Wire

/// A pair of a checklist, and everything that is known about it (RFC 8445 §6.1.2).
struct Pair: Sendable {
    /// RFC 8445 §6.1.2.6.
    enum State: Sendable {
        case frozen
        case waiting
        /// The TCP connection for the check is being opened (RFC 6544 §7.1).
        case connecting(until: Instant)
        case inProgress(Check)
        case succeeded
        case failed(ICECheckFailure)
    }

    /// How far this pair is from being the one (RFC 8445 §8.1).
    ///
    /// Where both sides can nominate anew, nominations have numbers, and the highest counts; else
    /// all are 0.
    enum Nomination: Sendable {
        case none
        /// USE-CANDIDATE arrived, and our own check has not succeeded yet.
        case requested(UInt32)
        /// Our check with USE-CANDIDATE is on its way; what was agreed on before holds until then.
        case inProgress(Check, UInt32, agreed: Agreed?)
        case nominated(Agreed)
    }

    /// The nomination that both sides have agreed on.
    struct Agreed {
        var number: UInt32
        /// When it was first heard of.
        var since: Instant
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

    /// When a pair that has worked before is to be tried again.
    var restsUntil: Instant?

    struct Counters: Sendable {
        var requestsSent = 0
        var consentRequestsSent = 0
        var responsesReceived = 0
        var requestsReceived = 0
        var responsesSent = 0
        var roleConflicts = 0
        var newestRoundTripTime: Duration?
        var totalRoundTripTime = Duration.zero
        var roundTripTimes = 0
        var lastSelected: Instant?
        /// When data that was proven to be the peer's first came along it.
        var firstData: Instant?
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

    var deadline: Instant? {
        var earliest = liveness?.deadline
        switch state {
        case .connecting(let end): earliest = sooner(earliest, end)
        case .inProgress(let check): earliest = sooner(earliest, check.deadline)
        case .failed: earliest = sooner(earliest, restsUntil)
        case .frozen, .waiting, .succeeded: break
        }
        if case .inProgress(let check, _, _) = nomination {
            earliest = sooner(earliest, check.schedule.deadline)
        }
        return earliest
    }

    /// Smooths the round trip as RFC 6298 §2.3 does.
    mutating func measured(_ sample: Duration?) {
        guard let sample else { return }
        roundTripTime = roundTripTime.map { ($0 * 7 + sample) / 8 } ?? sample
        counters.newestRoundTripTime = sample
        counters.totalRoundTripTime += sample
        counters.roundTripTimes += 1
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
