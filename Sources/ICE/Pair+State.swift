import Wire

extension Pair {
    /// What was agreed on; a further nomination that is on its way takes nothing back.
    var agreed: Agreed? {
        switch nomination {
        case .nominated(let agreed): agreed
        case .inProgress(_, _, let agreed): agreed
        case .none, .requested: nil
        }
    }

    /// Which of several nominations this pair has; nil if it has none.
    var nominationNumber: UInt32? { agreed?.number }

    var isNominated: Bool { agreed != nil }

    /// Expects no answer to a nomination any more: what was agreed on before holds.
    mutating func endNomination() {
        guard case .inProgress(_, _, let agreed) = nomination else { return }
        nomination = agreed.map { .nominated($0) } ?? .none
    }

    /// Nominated, or about to be as soon as our own check succeeds.
    var isChosenByPeer: Bool {
        switch nomination {
        case .nominated, .requested: true
        case .inProgress(_, _, let agreed): agreed != nil
        case .none: false
        }
    }

    /// Whether our check that nominates this pair is on its way.
    var isBeingNominated: Bool {
        switch nomination {
        case .inProgress: true
        case .none, .requested, .nominated: false
        }
    }

    var isSucceeded: Bool {
        switch state {
        case .succeeded: true
        case .frozen, .waiting, .connecting, .inProgress, .failed: false
        }
    }

    /// Whether the pair is valid, and asked again and again whether it still is.
    var isLive: Bool { isSucceeded && liveness != nil }

    var isWaiting: Bool {
        switch state {
        case .waiting: true
        case .frozen, .connecting, .inProgress, .succeeded, .failed: false
        }
    }

    var isFrozen: Bool {
        switch state {
        case .frozen: true
        case .waiting, .connecting, .inProgress, .succeeded, .failed: false
        }
    }

    var isConnecting: Bool {
        switch state {
        case .connecting: true
        case .frozen, .waiting, .inProgress, .succeeded, .failed: false
        }
    }

    var isFailed: Bool {
        switch state {
        case .failed: true
        case .frozen, .waiting, .connecting, .inProgress, .succeeded: false
        }
    }

    /// Whether a check of this pair is on its way or about to be.
    var isActive: Bool {
        switch state {
        case .waiting, .connecting, .inProgress: true
        case .frozen, .succeeded, .failed: false
        }
    }

    /// Whether this pair may still become valid without help.
    var isHopeful: Bool { isActive || isFrozen }

    /// RFC 7675 §5.1: a path that lost consent is not used again with the same credentials.
    var hasLostConsent: Bool {
        switch state {
        case .failed(let reason): reason == .consentExpired
        case .frozen, .waiting, .connecting, .inProgress, .succeeded: false
        }
    }

    /// Whether a check that the peer has triggered is on its way, and was not repeated yet.
    var isFreshlyTriggered: Bool {
        switch state {
        case .inProgress(let check): check.isFreshlyTriggered
        case .connecting: true
        case .frozen, .waiting, .succeeded, .failed: false
        }
    }
}
