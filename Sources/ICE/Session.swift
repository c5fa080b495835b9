import STUN
import Wire

/// One generation of a stream: the credentials of both sides and what was found with them.
///
/// An ICE restart begins another one (RFC 8445 §9).
struct Session: Sendable {
    var local: LocalSide
    var remote: RemoteSide?
    var remoteCandidates: [Candidate] = []
    var pairs: [Pair] = []
    var pairing = Pairing()
    var earlyChecks: [IncomingCheck] = []
    var paths: [Path]
    var patience = Patience.notStarted
    var marks: Marks = []
    /// How often we have nominated, where that can be done more than once.
    var nominations: UInt32 = 0

    init(_ local: LocalSide, components: Int) {
        self.local = local
        paths = (1...components).map { Path(component: UInt8($0)) }
    }

    /// What has happened to a session and is not to happen twice.
    struct Marks: OptionSet {
        let rawValue: UInt8
        /// The first ordinary check has left; it need not wait for its turn.
        static let started = Marks(rawValue: 1)
        /// The peer has said that no candidates follow.
        static let remoteEnded = Marks(rawValue: 2)
        /// The remote side has restarted, and our new credentials are still to come.
        static let awaitsLocalRestart = Marks(rawValue: 4)
        /// A selected path was lost, and may not be used again with these credentials.
        static let lostConsent = Marks(rawValue: 8)
        /// The owner knows that a restart would bring back a path.
        static let advisedOfLoss = Marks(rawValue: 16)
        /// The owner knows that a restart would bring a better path.
        static let advisedOfBetter = Marks(rawValue: 32)
        /// An address of ours that pairs used has gone, which only we know of.
        static let lostAddress = Marks(rawValue: 64)
        /// The owner knows that a NAT has changed its mind.
        static let advisedOfAddress = Marks(rawValue: 128)
    }

    /// What is to be formed, and what is not to be formed again.
    struct Pairing {
        /// Whether pairs may be wanted that were not.
        var isDue = false
        /// Those that have failed and made room for others.
        var spent: Set<CandidatePair.Name> = []
    }

    /// How long to go on when no pair is left that could succeed (RFC 8863 §4).
    enum Patience: Sendable {
        case notStarted
        case waiting(until: Instant)
        case over
    }

    /// What is used, or may soon be used, for one component.
    struct Path: Sendable {
        let component: UInt8
        var selected: Int?
        /// Whether there has been a path, so that its absence is a loss.
        var hasWorked = false
        /// When to stop waiting for a pair that is better than the best valid one, or to move to it.
        var nominationDue: Instant?
    }

    /// Our credentials, ready to check requests.
    struct LocalSide: Sendable {
        let credentials: ICECredentials
        let key: STUNKey
        let fragment: [UInt8]

        init(_ credentials: ICECredentials) {
            self.credentials = credentials
            key = STUNKey(password: credentials.password)
            fragment = [UInt8](credentials.usernameFragment.utf8)
        }

        /// Whether `username` begins with our fragment and a colon (RFC 8445 §7.2.2).
        func isNamed(by username: Span<UInt8>) -> Bool {
            username.count > fragment.count && username[fragment.count] == UInt8(ascii: ":")
                && username.extracting(0..<fragment.count).hasSameBytes(as: fragment.span)
        }
    }

    /// The other side's credentials, ready to sign requests.
    struct RemoteSide: Sendable {
        let credentials: ICECredentials
        let key: STUNKey
        let fragment: [UInt8]
        let isLite: Bool
        let pacing: Duration?
        /// Whether both sides can nominate more than once.
        let renominates: Bool
    }
}

/// An authenticated request, as far as it matters after it was answered.
struct IncomingCheck: Sendable {
    var ends: Ends
    var component: UInt8
    var priority: UInt32
    /// Nil if it nominates nothing.
    var nomination: UInt32?
    var id: STUNTransactionID
}

extension Session {
    /// The user name of our requests: theirs, then ours (RFC 8445 §7.2.2).
    var username: [UInt8]? {
        remote.map { $0.fragment + [UInt8(ascii: ":")] + local.fragment }
    }

    /// Whether both sides can nominate more than once.
    var renominates: Bool { remote?.renominates ?? false }

    /// Whether `username` names this session: our fragment, and theirs behind the colon.
    func isNamed(by username: Span<UInt8>, exactly: Bool) -> Bool {
        guard local.isNamed(by: username) else { return false }
        guard exactly else { return true }
        guard let theirs = remote?.fragment else { return false }
        return username.extracting(local.fragment.count + 1..<username.count)
            .hasSameBytes(as: theirs.span)
    }

    func index(ofPair id: Int) -> Int? { pairs.firstIndex { $0.id == id } }

    func index(of ends: Ends, _ component: UInt8) -> Int? {
        pairs.firstIndex { $0.component == component && $0.candidates.connects(ends) }
    }

    /// The pair that carries `component` now.
    func selectedPair(_ component: UInt8) -> Pair? {
        selectedIndex(component).map { pairs[$0] }
    }

    /// Where the pair lies that carries `component` now.
    func selectedIndex(_ component: UInt8) -> Int? {
        paths.first { $0.component == component }?.selected.flatMap(index(ofPair:))
    }

    var isSelectedWhole: Bool { paths.allSatisfy { $0.selected != nil } }

    var isConcluded: Bool { paths.allSatisfy { selectedPair($0.component)?.isNominated ?? false } }

    /// Whether nothing is left to try and nothing more is hoped for.
    var isExhausted: Bool {
        switch patience {
        case .over: remote != nil && !pairs.contains(where: \.isHopeful)
        case .notStarted, .waiting: false
        }
    }

    var deadline: Instant? {
        var earliest: Instant?
        for index in pairs.indices { earliest = sooner(earliest, pairs[index].deadline) }
        for index in paths.indices { earliest = sooner(earliest, paths[index].nominationDue) }
        if case .waiting(let end) = patience { earliest = sooner(earliest, end) }
        return earliest
    }

    /// What stays of a session when another one begins: the paths in use, and consent to use them.
    var remainder: Session {
        var kept = self
        kept.pairs = pairs.filter { pair in paths.contains { $0.selected == pair.id } }
        kept.remoteCandidates = []
        kept.earlyChecks = []
        kept.patience = .over
        for index in kept.paths.indices { kept.paths[index].nominationDue = nil }
        return kept
    }
}

/// A stream of the agent: its local candidates, and the session in force before the one that ends.
struct Stream: Sendable {
    let number: Int
    var localCandidates: [Candidate] = []
    var hasLocalEnded = false
    /// The current session, then perhaps the previous one, whose path is used until the new one has
    /// its own.
    var sessions: [Session]
    /// A restart of ours that waits for the peer's answer.
    var offered: OfferedRestart?
    /// Whether there has been another session before these, so that the stream is not new.
    var hasRestarted = false
    var components: Int
    /// The paths the owner was told of, by component.
    var announced: [UInt8: Announced] = [:]

    /// What the owner knows of a path: a pair of a new session is news, wherever it leads.
    struct Announced: Hashable {
        var pair: Int
        var path: CandidatePair
    }

    init(number: Int, components: Int, credentials: ICECredentials) {
        self.number = number
        self.components = components
        sessions = [Session(Session.LocalSide(credentials), components: components)]
    }

    /// The pair that carries `component`, of the newest session that has one.
    func selectedPair(_ component: UInt8) -> Pair? {
        selectedPlace(component).map { sessions[$0.session].pairs[$0.pair] }
    }

    /// Where that pair lies.
    func selectedPlace(_ component: UInt8) -> (session: Int, pair: Int)? {
        for index in sessions.indices {
            if let pair = sessions[index].selectedIndex(component) { return (index, pair) }
        }
        return nil
    }

    /// Whether `component` has had a path, in this session or the one before.
    func hasWorked(_ component: UInt8) -> Bool {
        sessions.contains { session in
            session.paths.contains { $0.component == component && $0.hasWorked }
        }
    }

    /// The first candidate that packets arriving on `local` belong to.
    func localCandidate(at local: SocketAddress, over transport: TransportProtocol) -> Candidate? {
        localCandidates.first { $0.base == local && $0.transportProtocol == transport }
    }
}
