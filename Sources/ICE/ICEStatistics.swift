public import Wire

/// What an agent has done so far, for people who look for the reason of a failure.
public struct ICEStatistics: Hashable, Sendable {
    /// One pair and how its checks went.
    public struct Pair: Hashable, Sendable {
        /// Where a pair stands (RFC 8445 §6.1.2.6).
        public enum State: String, Hashable, Sendable {
            case frozen, waiting, inProgress, succeeded, failed
        }

        /// What ``ICEEvent`` calls the pair.
        public var id: Int
        public var component: ICEComponent
        public var pair: CandidatePair
        public var state: State
        public var isNominated: Bool
        public var isSelected: Bool
        /// Whether it is kept alive for the case that the selected pair fails.
        public var isBackup: Bool
        /// Smoothed; nil until a check was answered.
        public var roundTripTime: Duration?
        /// That of the newest answer.
        public var currentRoundTripTime: Duration?
        /// The sum of all that were measured.
        public var totalRoundTripTime: Duration
        /// How many were measured.
        public var roundTripTimeMeasurements: Int
        public var requestsSent: Int
        /// Those of ``requestsSent`` that asked for consent.
        public var consentRequestsSent: Int
        public var responsesReceived: Int
        public var requestsReceived: Int
        public var responsesSent: Int
        /// When data was last moved to this pair.
        public var lastSelected: Instant?
        /// Why the pair failed, if it did.
        public var failure: ICECheckFailure?
    }

    /// All pairs, in the order they were formed.
    public var pairs: [Pair] = []
    /// Datagrams that were no STUN message, or none for an ICE agent.
    public var malformedPackets = 0
    /// Requests and responses that were forged, repeated or for somebody else.
    public var unauthenticatedPackets = 0
    /// Candidates, pairs and early checks dropped because a limit was reached.
    public var droppedAtLimits = 0
    /// Role conflicts met.
    public var roleConflicts = 0
    /// The newest events, oldest first.
    public var events: [ICEEvent] = []
    /// How many events were forgotten for newer ones.
    public var forgottenEvents = 0
    /// The newest candidates that were of no use, oldest first.
    public var ignoredCandidates: [ICEIgnoredCandidate] = []
    /// How many candidates were of no use.
    public var ignoredCandidateCount = 0
}

/// Why a pair failed.
public enum ICECheckFailure: Hashable, Sendable {
    /// No answer to any of a check's requests.
    case timedOut
    /// The answer came from another address than the check was sent to (RFC 8445 §7.2.5.2.1).
    case asymmetricPath
    /// The peer refused, with this error code.
    case refused(code: Int)
    /// Consent was not renewed in time (RFC 7675 §5.1).
    case consentExpired
    /// The TCP connection could not be opened.
    case connectionFailed
    /// The TCP connection was closed after it had been open.
    case connectionClosed
    /// The server of our relay lets no packets to the peer pass, with this error code if it answered.
    case relayRefused(code: Int?)
}

extension ICEAgent {
    /// What the agent has done so far.
    public var statistics: ICEStatistics {
        var statistics = ICEStatistics()
        statistics.pairs = allPaths.map(statistics(of:))
        statistics.malformedPackets = counters.malformedPackets
        statistics.unauthenticatedPackets = counters.unauthenticatedPackets
        statistics.droppedAtLimits = counters.droppedAtLimits
        statistics.roleConflicts = counters.roleConflicts
        statistics.events = counters.events.elements
        statistics.forgottenEvents = counters.forgottenEvents
        statistics.ignoredCandidates = counters.ignored.elements
        statistics.ignoredCandidateCount = counters.ignoredCount
        return statistics
    }

    private func statistics(of path: PairPath) -> ICEStatistics.Pair {
        let pair = self[path]
        let (state, failure) = pair.state.summary
        let selected = streams[path.stream].selectedPair(pair.component)
        return ICEStatistics.Pair(
            id: pair.id,
            component: component(at: path),
            pair: pair.published,
            state: state,
            isNominated: pair.isNominated,
            isSelected: selected?.id == pair.id,
            isBackup: pair.liveness?.consent.manner == .standingBy,
            roundTripTime: pair.roundTripTime,
            currentRoundTripTime: pair.counters.newestRoundTripTime,
            totalRoundTripTime: pair.counters.totalRoundTripTime,
            roundTripTimeMeasurements: pair.counters.roundTripTimes,
            requestsSent: pair.counters.requestsSent,
            consentRequestsSent: pair.counters.consentRequestsSent,
            responsesReceived: pair.counters.responsesReceived,
            requestsReceived: pair.counters.requestsReceived,
            responsesSent: pair.counters.responsesSent,
            lastSelected: pair.counters.lastSelected,
            failure: failure
        )
    }
}

extension Pair.State {
    fileprivate var summary: (ICEStatistics.Pair.State, ICECheckFailure?) {
        switch self {
        case .frozen: (.frozen, nil)
        case .waiting: (.waiting, nil)
        case .connecting, .inProgress: (.inProgress, nil)
        case .succeeded: (.succeeded, nil)
        case .failed(let reason): (.failed, reason)
        }
    }
}
