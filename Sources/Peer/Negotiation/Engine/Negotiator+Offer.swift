import ICE
import SDP

// Offers of ours (RFC 9429 §5.2).
extension Negotiator {
    /// An offer of everything, with the candidates that are there already (RFC 9429 §5.2.2).
    mutating func createOffer(with gathering: Gathering) throws(PeerError) -> SessionDescription {
        switch signaling {
        case .stable, .localOffer: break
        case .closed: throw .invalidState(.closed)
        case .remoteOffer, .localPranswer, .remotePranswer:
            throw .invalidState(.signaling(state))
        }
        identity.raiseVersion()
        replaceCredentials()
        var planned = slots
        placeNewSections(in: &planned)
        var offer = writeOffer(planned)
        if !gathering.streams.isEmpty { offer.text = text(of: offer, with: gathering).sdp }
        progress.offer = offer
        return SessionDescription(.offer, sdp: offer.text)
    }

    /// An offer of ours takes effect.
    mutating func setLocalOffer(_ text: String) throws(PeerError) -> NegotiationOutcome {
        let base: Checkpoint
        switch signaling {
        case .stable: base = checkpoint
        case .localOffer(_, let first): base = first
        case .closed: throw .invalidState(.closed)
        case .remoteOffer, .localPranswer, .remotePranswer:
            throw .invalidState(.signaling(state))
        }
        guard let offer = progress.offer, offer.text == text else {
            throw .invalidModification(.description)
        }
        associate(offer)
        signaling = .localOffer(offer, base: base)
        var outcome = NegotiationOutcome()
        if !progress.hasICERole { outcome.role = .controlling }
        tellTransports(&outcome)
        return outcome
    }

    /// W3C WebRTC §4.4.2, restartIce: credentials that were marked are replaced by this offer.
    private mutating func replaceCredentials() {
        for id in transports.ids {
            guard var transport = transports[id] else { continue }
            let used = transport.credentials.used?.usernameFragment
            let isMarked = used.map { progress.fragmentsToReplace.contains($0) } ?? false
            transport.prepare(restarting: isMarked, entropy: &entropy)
            transports[id] = transport
        }
    }

    /// Gives each new transceiver a position and a mid nobody uses (RFC 9429 §5.2.1, §5.2.2).
    private mutating func placeNewSections(in planned: inout [SectionSlot]) {
        let waiting = transceivers.indices.filter {
            transceivers[$0].negotiated.place == nil && transceivers[$0].life == .running
        }
        let needsData = data.wish == .wanted && data.place == nil && rules.table.data != nil
        guard !waiting.isEmpty || needsData else { return }
        var taken = Set(planned.map(\.mid))
        var free = planned.indices.filter { planned[$0].isFree }[...]
        func put(_ slot: SectionSlot) {
            if let index = free.popFirst() { planned[index] = slot } else { planned.append(slot) }
        }
        for index in waiting {
            let mid = mid(drafted: transceivers[index].draft.mid, &taken)
            transceivers[index].draft.mid = mid
            let kind = transceivers[index].kind.rawValue
            put(
                SectionSlot(
                    mid: mid,
                    owner: .transceiver(transceivers[index].id),
                    form: SectionForm(kind: kind, protocolName: rtpProfile, formats: [])
                )
            )
        }
        if needsData {
            let mid = mid(drafted: data.draft.mid, &taken)
            data.draft.mid = mid
            put(SectionSlot(mid: mid, owner: .data, form: dataForm))
        }
    }

    private mutating func mid(drafted: String?, _ taken: inout Set<String>) -> String {
        if let drafted, taken.insert(drafted).inserted { return drafted }
        let mid = numbers.mid(notIn: taken)
        taken.insert(mid)
        return mid
    }

    /// The sections of an offer get their transceivers, and its transports their credentials.
    private mutating func associate(_ offer: LocalDescription) {
        for (index, section) in offer.sections.enumerated() {
            let place = Transceiver.Place(index: index, mid: section.mid)
            var slot =
                index < slots.count && slots[index].mid == section.mid
                ? slots[index]
                : SectionSlot(mid: section.mid, owner: .nobody, form: section.form)
            slot.form = section.form
            switch section.content {
            case .media(let id, _):
                slot.owner = .transceiver(id)
                transceivers.change(id) { $0.negotiated.place = place }
            case .data:
                slot.owner = .data
                data.place = place
            case .rejected: break
            }
            if !section.isRejected {
                if let transport = section.transport,
                    let fragment = offer.description.media[index].iceUfrag
                {
                    transports.change(transport) { $0.take(fragment) }
                }
                if !slot.isAgreed { slot.transport = section.transport }
            }
            if index < slots.count { slots[index] = slot } else { slots.append(slot) }
        }
    }
}

/// RFC 8834 §4.2: what our own sections say, whatever the transport will be.
let rtpProfile = "UDP/TLS/RTP/SAVPF"
/// RFC 8841 §4.
let dataForm = SectionForm(
    kind: "application",
    protocolName: "UDP/DTLS/SCTP",
    formats: ["webrtc-datachannel"]
)
