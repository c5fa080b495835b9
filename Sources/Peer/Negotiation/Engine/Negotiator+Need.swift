import SDP

// Whether a new offer has something to say (W3C WebRTC §4.7.3).
extension Negotiator {
    /// The algorithm to update the negotiation-needed flag: whether the program must be told now.
    mutating func updateNegotiationNeeded() -> Bool {
        guard case .stable = signaling else { return false }
        guard needsNegotiation else {
            progress.isNegotiationNeeded = false
            return false
        }
        guard !progress.isNegotiationNeeded else { return false }
        progress.isNegotiationNeeded = true
        return true
    }

    /// The algorithm to check if negotiation is needed.
    var needsNegotiation: Bool {
        if !progress.fragmentsToReplace.isEmpty { return true }
        if data.wish == .wanted && !data.isAgreed && rules.table.data != nil { return true }
        // W3C: a section that has ended on our side alone is news to the peer.
        if slots.contains(where: \.awaitsRejection) { return true }
        return transceivers.list.contains { isNews($0) }
    }

    private func isNews(_ transceiver: Transceiver) -> Bool {
        if transceiver.life == .stopping { return true }
        guard let place = transceiver.negotiated.place, let current,
            current.local.sections.indices.contains(place.index),
            current.local.sections[place.index].mid == place.mid
        else { return transceiver.life == .running }
        let local = current.local.sections[place.index]
        let remote = current.remote.sections[place.index]
        if transceiver.life == .stopped { return !local.isRejected && !remote.isRejected }
        guard case .media(_, let media) = local.content else { return false }
        if transceiver.direction.sends,
            !media.announces || media.streamIDs != transceiver.sender.streamIDs
        {
            return true
        }
        return current.weOffered
            ? media.direction != transceiver.direction
                && remote.direction.reversed != transceiver.direction
            : media.direction
                != transceiver.direction.intersection(remote.direction.reversed)
    }
}
