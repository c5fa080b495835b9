import DTLS
import ICE
import SDP

// Both descriptions are known: what they agree on.
extension Negotiator {
    /// The peer's answer to our offer.
    mutating func setRemoteAnswer(
        _ answer: RemoteDescription,
        isFinal: Bool
    ) throws(PeerError) -> NegotiationOutcome {
        switch signaling {
        case .localOffer(let offer, let base), .remotePranswer(let offer, _, let base):
            try requireMatch(of: answer, with: offer)
            let pair = Agreement(local: offer, remote: answer, weOffered: true)
            return try agree(pair, base: base, isFinal: isFinal)
        case .closed: throw .invalidState(.closed)
        case .stable, .remoteOffer, .localPranswer: throw .invalidState(.signaling(state))
        }
    }

    /// RFC 3264 §6: an answer has the sections of the offer, under the names they have there.
    private func requireMatch(
        of answer: RemoteDescription,
        with offer: LocalDescription
    ) throws(PeerError) {
        guard answer.sections.count == offer.sections.count else {
            throw .invalidAccess(.description(.sections))
        }
        for (section, ours) in zip(answer.sections, offer.sections) {
            guard section.form.kind == ours.form.kind,
                !section.namesMid || section.mid == ours.mid
            else { throw .invalidAccess(.description(.sections)) }
        }
        // RFC 9143 §7.3.1: an answer groups nothing that the offer does not.
        for members in answer.groups {
            for index in members where !offer.sections[index].isGrouped {
                throw .invalidAccess(.description(.group))
            }
        }
    }

    /// Two descriptions belong together; a provisional pair keeps what was before.
    mutating func agree(
        _ pair: Agreement,
        base: Checkpoint,
        isFinal: Bool
    ) throws(PeerError) -> NegotiationOutcome {
        var outcome = NegotiationOutcome()
        let accepted = try AcceptedSections(pair, self)
        try agreeTransports(pair, accepted)
        for section in pair.remote.sections {
            settle(section, pair, accepted, isFinal: isFinal)
        }
        if !progress.hasICERole {
            let isControlling = pair.weOffered || pair.remote.isLite
            outcome.role = isControlling ? .controlling : .controlled
            progress.hasICERole = isFinal
        }
        if isFinal {
            signaling = .stable
            current = pair
            finish(pair, &outcome)
        } else if pair.weOffered {
            signaling = .remotePranswer(offer: pair.local, answer: pair.remote, base: base)
        } else {
            signaling = .localPranswer(offer: pair.remote, answer: pair.local, base: base)
        }
        tellSections(pair, &outcome)
        tellTransports(&outcome)
        return outcome
    }

    // MARK: Sections

    private mutating func settle(
        _ section: RemoteSection,
        _ pair: Agreement,
        _ accepted: AcceptedSections,
        isFinal: Bool
    ) {
        let index = section.index
        let ours = pair.local.sections[index]
        guard accepted.isAccepted[index] else {
            return reject(ours, section, at: index, isFinal: isFinal)
        }
        slots[index].isAgreed = isFinal || slots[index].isAgreed
        slots[index].isGrouped = accepted.isGrouped[index]
        slots[index].transport = accepted.transports[index]
        slots[index].form = ours.form
        slots[index].isAcceptable = true
        switch ours.content {
        case .media(let id, let media):
            agree(media, section, weOffered: pair.weOffered, isFinal: isFinal, id)
            if pair.weOffered {
                announce(section, of: id)
            } else if !media.direction.receives {
                transceivers.change(id) { $0.negotiated.isAnnounced = false }
            }
        case .data:
            if case .data(let format) = section.content { data.remote = format }
            data.isAgreed = true
        case .rejected: break
        }
    }

    private mutating func reject(
        _ ours: LocalDescription.Section,
        _ section: RemoteSection,
        at index: Int,
        isFinal: Bool
    ) {
        guard isFinal else { return }
        end(slots[index].owner)
        if slots[index].owner == .data {
            // Otherwise the section would be offered and rejected in turns without end.
            data = DataSection(wish: data.wish == .none ? .none : .rejected)
        }
        slots[index] = SectionSlot(mid: slots[index].mid, owner: .nobody, form: slots[index].form)
        // What only we do not accept the peer takes for accepted: our next offer rejects it, and only
        // then may another section have the place (RFC 9429 §5.2.2).
        slots[index].isAgreed = ours.isRejected || section.isRejected
    }

    private mutating func agree(
        _ media: LocalMedia,
        _ section: RemoteSection,
        weOffered: Bool,
        isFinal: Bool,
        _ id: TransceiverID
    ) {
        let codecs = weOffered ? agreedCodecs(media, answered: section.media) : media.codecs
        if weOffered, let kind = transceivers[id]?.kind { learn(section.media, of: kind) }
        let uris = Set(section.media.extensions.map(\.uri))
        transceivers.change(id) { transceiver in
            let direction = media.direction.intersection(section.direction.reversed)
            transceiver.negotiated.currentDirection = direction
            transceiver.negotiated.remote = section.media
            transceiver.negotiated.codecs = codecs
            transceiver.negotiated.extensions =
                weOffered ? media.extensions.filter { uris.contains($0.uri) } : media.extensions
            transceiver.negotiated.preferences = media.preferences
            if direction.sends { transceiver.sender.hasSent = true }
            transceiver.sender.openTransaction = nil
            // What does not flow is not narrowed either: a section that rests has nothing to say of
            // the encodings that go on when it wakes (W3C WebRTC §4.4.1.5).
            if direction.sends, !weOffered || !media.sent.isEmpty {
                transceiver.sender.agree(
                    on: section.media.simulcast?.received,
                    isFinal: isFinal
                )
            }
        }
    }

    // MARK: The end of a round

    private mutating func finish(_ pair: Agreement, _ outcome: inout NegotiationOutcome) {
        for index in transceivers.indices {
            // RFC 9429 §4.2.1: nothing has to be told of what no description ever held.
            if transceivers[index].life == .stopping,
                transceivers[index].negotiated.place == nil
            {
                transceivers[index].end()
            }
            transceivers[index].draft = Transceiver.Draft()
            transceivers[index].sender.settledEncodings = nil
        }
        data.draft = Transceiver.Draft()
        transceivers.removeAll { $0.life == .stopped }
        progress.offer = nil
        progress.answer = nil
        let used = usedTransports
        transports.keepOnly(used)
        forgetReplaced()
    }

    /// W3C WebRTC §4.4.1.5: a restart is done once none of the marked credentials is in use.
    private mutating func forgetReplaced() {
        guard !progress.fragmentsToReplace.isEmpty else { return }
        let used = transports.ids.compactMap {
            transports[$0]?.credentials.used?.usernameFragment
        }
        if progress.fragmentsToReplace.isDisjoint(with: used) {
            progress.fragmentsToReplace = []
        }
    }
}
