public import Wire

/// One line of an agent's story: what happened to its pairs, and when.
public struct ICEEvent: Hashable, Sendable {
    /// When it happened.
    public var at: Instant
    /// What happened.
    public var kind: Kind

    /// What happened; pairs go by the number that ``ICEStatistics/Pair/id`` has.
    public enum Kind: Hashable, Sendable {
        /// A pair was formed, from our base to the peer's address.
        case pairFormed(pair: Int, from: SocketAddress, to: SocketAddress)
        /// The first check of a pair has left.
        case checkStarted(pair: Int)
        /// A check was answered: the pair works both ways.
        case pairSucceeded(pair: Int, roundTripTime: Duration?)
        case pairFailed(pair: Int, ICECheckFailure)
        /// The pair is not wanted any more.
        case pairDropped(pair: Int, DropReason)
        /// A check does not get its answer: other valid pairs are asked whether they work.
        case pairDoubted(pair: Int)
        /// Both sides have agreed on the pair.
        case pairNominated(pair: Int)
        /// Data of the component takes this pair.
        case selected(ICEComponent, pair: Int)
        /// Data of the component has no path any more.
        case pathLost(ICEComponent)
        case stateChanged(ICEConnectionState)
        case roleChanged(ICERole)
        /// New credentials, ours or the peer's: everything is looked for anew.
        case restarted(stream: Int, byPeer: Bool)
        case localAddressRemoved(SocketAddress)
        case restartAdvised(stream: Int, ICERestartReason)
    }

    /// Why a pair is not wanted any more.
    public enum DropReason: Hashable, Sendable {
        /// There were too many, and this one had the lowest priority (RFC 8445 §6.1.2.5).
        case limitReached
        /// Another one was nominated (RFC 8445 §8.1.2).
        case notNeeded
        /// Its local address has gone.
        case localAddressRemoved
    }
}

/// Why new credentials would help (RFC 8445 §9).
public enum ICERestartReason: Hashable, Sendable {
    /// The path that both sides agreed on does not work any more.
    case pathLost
    /// A much better path works, and the peer cannot be told without a restart.
    case betterPath
    /// A NAT gives us another address than before: candidates that the peer was told of lead nowhere.
    ///
    /// New ones are of more use than new credentials, as the path itself goes on.
    case addressChanged
}

/// A candidate that the agent made no use of.
public struct ICEIgnoredCandidate: Hashable, Sendable {
    public var candidate: Candidate
    /// Whether the peer signalled it; otherwise it was one of ours.
    public var isRemote: Bool
    public var reason: Reason

    /// Why a candidate is of no use.
    public enum Reason: String, Hashable, Sendable {
        /// The same was known already.
        case duplicate
        /// Its stream has no such component.
        case unknownComponent
        /// Nobody, or everybody, can be reached there.
        case unusableAddress
        /// There are too many already.
        case limitReached
        /// A lite agent has host candidates only (RFC 8445 §5.2).
        case notForLite
    }
}

/// What an agent remembers for those who ask why.
struct Journal: Sendable {
    var pairs = 0
    var malformedPackets = 0
    var unauthenticatedPackets = 0
    var droppedAtLimits = 0
    var roleConflicts = 0
    private(set) var events = Queue<ICEEvent>()
    private(set) var forgottenEvents = 0
    private(set) var ignored = Queue<ICEIgnoredCandidate>()
    private(set) var ignoredCount = 0

    mutating func note(_ event: ICEEvent, limit: Int) {
        guard limit > 0 else { return forgottenEvents += 1 }
        if events.count >= limit {
            _ = events.popFirst()
            forgottenEvents += 1
        }
        events.append(event)
    }

    mutating func note(_ candidate: ICEIgnoredCandidate, limit: Int) {
        ignoredCount += 1
        guard limit > 0 else { return }
        if ignored.count >= limit { _ = ignored.popFirst() }
        ignored.append(candidate)
    }
}

extension ICEAgent {
    /// Writes a line of the story.
    mutating func note(_ kind: ICEEvent.Kind) {
        counters.note(ICEEvent(at: clock, kind: kind), limit: configuration.maximumEvents)
    }

    /// Remembers that a candidate was of no use.
    mutating func ignore(
        _ candidate: Candidate,
        isRemote: Bool,
        _ reason: ICEIgnoredCandidate.Reason
    ) {
        if reason == .limitReached { counters.droppedAtLimits += 1 }
        counters.note(
            ICEIgnoredCandidate(candidate: candidate, isRemote: isRemote, reason: reason),
            limit: configuration.maximumIgnoredCandidates
        )
    }
}
