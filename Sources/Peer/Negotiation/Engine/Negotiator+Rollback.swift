// Back to the last agreement (RFC 9429 §4.1.10.2).
extension Negotiator {
    /// W3C WebRTC §4.4.1.5: only an offer can be taken back, ours or the peer's.
    mutating func rollBack() throws(PeerError) -> NegotiationOutcome {
        let base: Checkpoint
        switch signaling {
        case .localOffer(_, let before), .remoteOffer(_, let before): base = before
        case .closed: throw .invalidState(.closed)
        case .stable, .localPranswer, .remotePranswer: throw .invalidState(.signaling(state))
        }
        var outcome = NegotiationOutcome()
        restore(base, keepingPeers: false)
        signaling = .stable
        progress.offer = nil
        progress.answer = nil
        transports.keepOnly(usedTransports)
        tellTransports(&outcome)
        return outcome
    }

    /// Takes back what descriptions decided since `base`; wishes of the program stay.
    ///
    /// Transceivers that the offer brought go, unless another offer follows that may bring them, too.
    mutating func restore(_ base: Checkpoint, keepingPeers: Bool) {
        for index in transceivers.indices {
            let id = transceivers[index].id
            let mid = transceivers[index].negotiated.place?.mid
            transceivers[index].draft = Transceiver.Draft()
            transceivers[index].sender.restoreEncodings()
            if let before = base.transceivers[id] {
                transceivers[index].negotiated = before.negotiated
            } else {
                let isKept = keepingPeers && transceivers[index].origin == .peer
                transceivers[index].negotiated = Transceiver.Negotiated()
                transceivers[index].draft.mid = isKept ? mid : nil
            }
        }
        if !keepingPeers {
            transceivers.removeAll { $0.origin == .peer && $0.negotiated.place == nil }
        }
        slots = base.slots
        transports.restore(base.transports)
        let wish = data.wish
        data = base.data
        data.wish = wish
        data.draft = Transceiver.Draft()
    }
}
