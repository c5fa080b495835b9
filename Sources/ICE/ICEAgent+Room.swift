import Wire

// Who stays when there are too many pairs (RFC 8445 §6.1.2.5).
extension ICEAgent {
    /// Pairs that share the room: each stream has some, and those of relays, whose priority is the
    /// lowest of all though they work where nothing else does, have some of their own.
    fileprivate struct Group: Hashable {
        var stream: Int
        var isRelayed: Bool
    }

    /// Lets a pair go for `newcomer`, if that is worth it and there is no room otherwise.
    mutating func makeRoom(
        for newcomer: CandidatePair,
        in stream: Int,
        _ reason: PairReason
    ) -> Bool {
        let sizes = groupSizes()
        guard sizes.values.reduce(0, +) >= configuration.maximumPairs else { return true }
        guard
            let place = spentPair(for: reason)
                ?? hopefulPair(for: newcomer, in: stream, reason, sizes)
        else { return false }
        drop(place)
        return true
    }

    private mutating func drop(_ path: PairPath) {
        let pair = self[path]
        note(.pairDropped(pair: pair.id, .limitReached))
        // Not to be tried again, or the failed ones would take turns for ever.
        if pair.isFailed { remember(spent: pair.candidates.name, in: path.stream) }
        streams[path.stream].sessions[0].pairs.remove(at: path.pair)
    }

    private mutating func remember(spent name: CandidatePair.Name, in stream: Int) {
        guard streams[stream].sessions[0].pairing.spent.count < configuration.maximumPairs else {
            return
        }
        streams[stream].sessions[0].pairing.spent.insert(name)
    }

    /// A failed pair, the worst; what has lost consent must be remembered (RFC 7675 §5.1).
    ///
    /// RFC 8445 §19.5.1: replacing them must come to an end, or a peer with many candidates could
    /// have us check for ever.
    private func spentPair(for reason: PairReason) -> PairPath? {
        worst { pair, place in
            let spent = streams[place].sessions[0].pairing.spent.count
            return switch reason {
            case .triggered: pair.isFailed && !pair.hasLostConsent
            case .ordinary:
                pair.isFailed && !pair.hasLostConsent && pair.restsUntil == nil
                    && spent < configuration.maximumPairs
            }
        }
    }

    /// A pair that could still succeed, and has less claim to its place.
    private func hopefulPair(
        for newcomer: CandidatePair,
        in stream: Int,
        _ reason: PairReason,
        _ sizes: [Group: Int]
    ) -> PairPath? {
        switch reason {
        case .triggered:
            // The peer is there, which is more than is known of others.
            return worst { pair, _ in pair.isIdle } ?? worst { pair, _ in pair.isUnheard }
        case .ordinary: break
        }
        let own = Group(stream: stream, isRelayed: newcomer.isRelayed)
        func isTooLarge(_ group: Group) -> Bool { sizes[group] ?? 0 > share(of: group) }
        guard sizes[own] ?? 0 < share(of: own) else {
            let priority = newcomer.priority(as: role)
            return worst { pair, place in
                pair.isIdle && Group(pair, of: place) == own
                    && pair.candidates.priority(as: role) < priority
            }
        }
        return worst { pair, place in pair.isIdle && isTooLarge(Group(pair, of: place)) }
            ?? worst { pair, place in pair.isUnheard && isTooLarge(Group(pair, of: place)) }
    }

    /// How many pairs of a group nobody else can displace.
    private func share(of group: Group) -> Int {
        let relayed = configuration.maximumPairs / 4
        let room = group.isRelayed ? relayed : configuration.maximumPairs - relayed
        return max(room / max(streams.count, 1), 1)
    }

    private func groupSizes() -> [Group: Int] {
        var sizes: [Group: Int] = [:]
        for stream in streams.indices {
            for pair in streams[stream].sessions[0].pairs {
                sizes[Group(pair, of: stream), default: 0] += 1
            }
        }
        return sizes
    }

    /// The pair of the lowest priority among those that may go.
    private func worst(_ mayGo: (Pair, Int) -> Bool) -> PairPath? {
        var lowest: (path: PairPath, priority: UInt64)?
        for stream in streams.indices {
            let pairs = streams[stream].sessions[0].pairs
            for index in pairs.indices where mayGo(pairs[index], stream) {
                let priority = pairs[index].candidates.priority(as: role)
                if lowest.map({ priority < $0.priority }) ?? true {
                    lowest = (PairPath(stream: stream, session: 0, pair: index), priority)
                }
            }
        }
        return lowest?.path
    }
}

extension ICEAgent.Group {
    fileprivate init(_ pair: Pair, of stream: Int) {
        self.init(stream: stream, isRelayed: pair.candidates.isRelayed)
    }
}

/// Why a pair is formed.
enum PairReason {
    /// Both candidates are known (RFC 8445 §6.1.2.2).
    case ordinary
    /// An authenticated check has come along it (RFC 8445 §7.3.1.4).
    case triggered
}

extension Pair {
    /// Whether no check of it was sent yet, or none since it was thawed.
    fileprivate var isIdle: Bool { (isWaiting || isFrozen) && !isChosenByPeer }

    /// Whether our checks are under way and the peer has sent none.
    fileprivate var isUnheard: Bool {
        isActive && !isChosenByPeer && counters.requestsReceived == 0
    }
}

extension CandidatePair {
    fileprivate var isRelayed: Bool { local.kind == .relayed || remote.kind == .relayed }
}
