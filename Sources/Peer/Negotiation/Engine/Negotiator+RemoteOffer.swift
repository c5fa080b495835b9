import SDP

// Offers of the peer's (RFC 9429 §5.8, §5.10).
extension Negotiator {
    mutating func setRemoteOffer(
        _ offer: RemoteDescription
    ) throws(PeerError) -> NegotiationOutcome {
        var outcome = NegotiationOutcome()
        let base: Checkpoint
        switch signaling {
        case .stable: base = checkpoint
        case .remoteOffer(_, let before):
            // Another offer instead of the first; transceivers that it brings, too, stay.
            restore(before, keepingPeers: true)
            base = before
        case .closed: throw .invalidState(.closed)
        // One that collides with ours comes behind a rollback (W3C WebRTC §4.4.2).
        case .localOffer, .localPranswer, .remotePranswer:
            throw .invalidState(.signaling(state))
        }
        try requireContinuation(by: offer)
        try adopt(offer)
        progress.offer = nil
        progress.answer = nil
        signaling = .remoteOffer(offer, base: base)
        tellTransports(&outcome)
        return outcome
    }

    /// RFC 3264 §8: sections stay where they are, and are what they were.
    private func requireContinuation(by offer: RemoteDescription) throws(PeerError) {
        guard offer.sections.count >= slots.count else {
            throw .invalidAccess(.description(.sections))
        }
        for (slot, section) in zip(slots, offer.sections) where !slot.isFree {
            guard slot.form.kind == section.form.kind,
                !section.namesMid || slot.mid == section.mid
            else { throw .invalidAccess(.description(.sections)) }
        }
    }

    private mutating func adopt(_ offer: RemoteDescription) throws(PeerError) {
        let review = OfferReview(offer, rules, dataIndex: data.place?.index)
        slots.reserveCapacity(offer.sections.count)
        var waiting = waitingTransceivers()
        for section in offer.sections {
            let index = section.index
            if index == slots.count || slots[index].isFree {
                let slot = SectionSlot(mid: section.mid, owner: .nobody, form: section.form)
                if index == slots.count { slots.append(slot) } else { slots[index] = slot }
            }
            slots[index].isAcceptable = review.isAcceptable[index]
            slots[index].form = section.form
            try adopt(section, &waiting)
        }
        guard Set(slots.lazy.map(\.mid)).count == slots.count else {
            throw .invalidAccess(.description(.names))
        }
        // Those that an earlier offer brought, which was replaced before it was answered.
        transceivers.removeAll { $0.origin == .peer && $0.negotiated.place == nil }
        try layTransports(offer)
    }

    /// Transceivers that sections of an offer may take.
    private struct Waiting {
        /// Of tracks that were added before, the oldest at the end.
        var tracks: [MediaKind: [TransceiverID]] = [:]
        /// Those of an offer that was replaced, by the mid they had there.
        var orphans: [String: TransceiverID] = [:]
    }

    private func waitingTransceivers() -> Waiting {
        var waiting = Waiting()
        for index in transceivers.indices.reversed() {
            let id = transceivers[index].id
            if transceivers[index].isFree {
                waiting.tracks[transceivers[index].kind, default: []].append(id)
            }
            guard transceivers[index].origin == .peer,
                transceivers[index].negotiated.place == nil,
                let mid = transceivers[index].draft.mid
            else { continue }
            waiting.orphans[mid] = id
        }
        return waiting
    }

    private mutating func adopt(
        _ section: RemoteSection,
        _ waiting: inout Waiting
    ) throws(PeerError) {
        let index = section.index
        let place = Transceiver.Place(index: index, mid: slots[index].mid)
        switch section.content {
        case .media(let kind):
            guard !section.isRejected else { return end(slots[index].owner) }
            learn(section.media, of: kind)
            if slots[index].owner == .nobody {
                guard slots[index].isAcceptable else { return }
                let id = transceiver(for: section, kind, &waiting)
                slots[index].owner = .transceiver(id)
            }
            guard case .transceiver(let id) = slots[index].owner else { return }
            transceivers.change(id) {
                $0.negotiated.place = place
                $0.negotiated.remote = section.media
            }
            propose(section, to: id)
            announce(section, of: id)
        case .data:
            guard slots[index].isAcceptable, data.place == nil || data.place == place else {
                return
            }
            slots[index].owner = .data
            data.place = place
        case .unknown: break
        }
    }

    /// RFC 9429 §5.10: a track that was added before takes the section, else one is made for it.
    private mutating func transceiver(
        for section: RemoteSection,
        _ kind: MediaKind,
        _ waiting: inout Waiting
    ) -> TransceiverID {
        if section.direction.receives, let free = waiting.tracks[kind]?.popLast() { return free }
        if let known = waiting.orphans.removeValue(forKey: section.mid),
            transceivers[known]?.kind == kind
        {
            return known
        }
        let id = make(kind, TransceiverOptions(direction: .receiveOnly), origin: .peer)
        transceivers.change(id) { $0.draft.mid = section.mid }
        return id
    }

    /// The peer rejects a section, or has stopped it.
    mutating func end(_ owner: SectionSlot.Owner) {
        switch owner {
        case .transceiver(let id): transceivers.change(id) { $0.end() }
        case .data, .nobody: break
        }
    }

    /// W3C WebRTC §4.4.1.5: a server that asks for simulcast decides on the encodings.
    private mutating func propose(_ section: RemoteSection, to id: TransceiverID) {
        guard let wanted = section.media.simulcast?.received, wanted.count > 1,
            let transceiver = transceivers[id], transceiver.origin != .addTransceiver,
            transceiver.negotiated.currentDirection == nil,
            transceiver.sender.encodings.count == 1, transceiver.sender.encodings[0].rid == nil
        else { return }
        let most = rules.table[transceiver.kind].capability.sentEncodings
        let rids = wanted.prefix(most).compactMap { $0.first?.rid }
        guard rids.count > 1 else { return }
        let encodings = rids.enumerated().map { index, rid in
            EncodingParameters(
                rid: rid,
                scaleResolutionDownBy: EncodingParameters.defaultScale(index, of: rids.count)
            )
        }
        transceivers.change(id) { $0.sender.propose(encodings) }
    }

    /// The peer sends on a section, or will: the program is told each time that begins.
    ///
    /// W3C WebRTC §4.4.1.5: [[FiredDirection]] follows what descriptions say, whatever the program wishes
    /// at that moment; if our answer does not receive, it takes the track back.
    mutating func announce(_ section: RemoteSection, of id: TransceiverID) {
        guard let transceiver = transceivers[id] else { return }
        let isHeld = transceiver.negotiated.isAnnounced
        let begins = transceiver.life == .running && slots[section.index].isAcceptable
        transceivers.change(id) {
            $0.negotiated.isAnnounced = section.direction.sends && (isHeld || begins)
        }
    }
}
