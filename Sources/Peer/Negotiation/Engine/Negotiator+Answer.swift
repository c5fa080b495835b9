import DTLS
import SDP

// Answers of ours (RFC 9429 §5.3): never a line about what the offer has and we do not support.
extension Negotiator {
    /// An answer to the waiting offer, with the candidates that are there already.
    mutating func createAnswer(with gathering: Gathering) throws(PeerError) -> SessionDescription {
        let offer: RemoteDescription
        switch signaling {
        case .remoteOffer(let waiting, _), .localPranswer(let waiting, _, _): offer = waiting
        case .closed: throw .invalidState(.closed)
        case .stable, .localOffer, .remotePranswer: throw .invalidState(.signaling(state))
        }
        identity.raiseVersion()
        var answer = writeAnswer(to: offer)
        if !gathering.streams.isEmpty { answer.text = text(of: answer, with: gathering).sdp }
        progress.answer = answer
        return SessionDescription(.answer, sdp: answer.text)
    }

    /// An answer of ours takes effect.
    mutating func setLocalAnswer(
        _ text: String,
        isFinal: Bool
    ) throws(PeerError) -> NegotiationOutcome {
        switch signaling {
        case .remoteOffer(let offer, let base), .localPranswer(let offer, _, let base):
            guard var answer = progress.answer, answer.text == text else {
                throw .invalidModification(.description)
            }
            answer.kind = isFinal ? .answer : .pranswer
            let pair = Agreement(local: answer, remote: offer, weOffered: false)
            return try agree(pair, base: base, isFinal: isFinal)
        case .closed: throw .invalidState(.closed)
        case .stable, .localOffer, .remotePranswer: throw .invalidState(.signaling(state))
        }
    }

    private func writeAnswer(to offer: RemoteDescription) -> LocalDescription {
        let writer = SectionWriter(identity: identity, renominates: rules.renominates)
        var description = writer.emptyDescription()
        // RFC 9429 §5.3.1: an answer has the options that the offer has, and no others.
        description.iceOptions.removeAll { !offer.iceOptions.contains($0) }
        description.media.reserveCapacity(offer.sections.count)
        // RFC 8285 §6: an answer agrees to it where the offer says it, for all or for a section.
        if rules.table.mixesExtensions && offer.mixesExtensions {
            description.append("extmap-allow-mixed")
        }
        var sections = offer.sections.map { plan($0, grouped: offer.group(of: $0.index) != nil) }
        let speakers = Speakers(sections, offer)
        for section in offer.sections {
            let index = section.index
            sections[index].form = form(of: sections[index], answering: section)
            let lines = transportLines(sections[index], offer, index, speakers)
            var media = write(sections[index], section, writer, lines)
            if rules.table.mixesExtensions, section.media.mixesExtensions, !media.isRejected {
                media.append("extmap-allow-mixed")
            }
            description.media.append(media)
        }
        addGroups(to: &description, sections, offer)
        return LocalDescription(
            kind: .answer,
            sections: sections,
            description: description,
            text: description.write()
        )
    }

    private func plan(_ section: RemoteSection, grouped: Bool) -> LocalDescription.Section {
        let slot = slots[section.index]
        var planned = LocalDescription.Section(
            content: .rejected(nil),
            mid: slot.mid,
            isGrouped: false,
            form: section.form
        )
        switch slot.owner {
        case .nobody: return planned
        case .data:
            guard slot.isAcceptable, !section.isRejected else { return planned }
            planned.content = .data
        case .transceiver(let id):
            planned.content = .rejected(id)
            guard slot.isAcceptable, let transceiver = transceivers[id],
                transceiver.life == .running
            else { return planned }
            let media = answeredMedia(to: section, of: transceiver)
            guard !media.codecs.isEmpty else { return planned }
            planned.content = .media(id, media)
        }
        planned.transport = slot.transport
        planned.isGrouped = grouped
        return planned
    }

    private func answeredMedia(
        to section: RemoteSection,
        of transceiver: Transceiver
    ) -> LocalMedia {
        let capability = rules.table[transceiver.kind].capability
        var media = LocalMedia(
            direction: transceiver.direction.intersection(section.direction.reversed),
            announces: transceiver.direction.sends,
            codecs: answeredCodecs(to: section.media, of: transceiver),
            preferences: transceiver.preferences,
            extensions: answeredExtensions(to: section.media, of: transceiver.kind),
            streamIDs: transceiver.sender.streamIDs
        )
        media.hasReducedSizeRTCP =
            capability.hasReducedSizeRTCP && section.media.hasReducedSizeRTCP
        guard let simulcast = section.media.simulcast else { return media }
        if media.direction.sends {
            media.sent = transceiver.sender.encodings.compactMap { encoding in
                guard let rid = encoding.rid,
                    let wanted = simulcast.received.joined().first(where: { $0.rid == rid })
                else { return nil }
                return .init(rid, isPaused: wanted.isPaused || !encoding.active)
            }
        }
        if media.direction.receives {
            let described = Set(section.media.rids.filter(\.isSent).map(\.id))
            media.received = simulcast.sent.compactMap(\.first)
                .filter { described.contains($0.rid) }
                .prefix(capability.receivedEncodings).map { .init($0.rid) }
        }
        return media
    }

    /// The m= line repeats the offer's profile, whatever it is (RFC 9429 §5.1.2).
    private func form(
        of planned: LocalDescription.Section,
        answering section: RemoteSection
    ) -> SectionForm {
        var form = section.form
        if case .media(_, let media) = planned.content {
            form.formats = media.codecs.map { String($0.payloadType) }
        }
        return form
    }

    // MARK: Transports

    /// The sections of an answer that speak for their transports.
    private struct Speakers {
        /// RFC 9143 §7.3: the first accepted of a group, in the group's order, and all by themselves.
        private(set) var transport = Set<Int>()
        /// Of RTCP, the first of them that is of RTP.
        private(set) var control = Set<Int>()

        init(_ sections: [LocalDescription.Section], _ offer: RemoteDescription) {
            let alone = sections.indices.filter { offer.group(of: $0) == nil }.map { [$0] }
            for members in offer.groups + alone {
                let accepted = members.filter { !sections[$0].isRejected }
                if let first = accepted.first { transport.insert(first) }
                if let first = accepted.first(where: { sections[$0].isMedia }) {
                    control.insert(first)
                }
            }
        }
    }

    private func transportLines(
        _ section: LocalDescription.Section,
        _ offer: RemoteDescription,
        _ index: Int,
        _ speakers: Speakers
    ) -> SectionWriter.Transport? {
        guard let id = section.transport, let transport = transports[id], !section.isRejected else {
            return nil
        }
        var lines = SectionWriter.Transport()
        if speakers.transport.contains(index) {
            let offered = offer.transport(of: index)
            lines.association = SectionWriter.Association(
                credentials: transport.credentials.latest,
                setup: setup(answering: offered, of: transport),
                tlsID: offered.tlsID == nil ? nil : transport.tlsID
            )
        }
        if case .media(_, let media) = section.content, speakers.control.contains(index) {
            // RFC 8858 §4.3: what only multiplexes is answered like what may.
            lines.mux = mux(of: index, in: offer) == .none ? .none : .offered
            lines.namesRTCPPort = lines.mux == .none
            lines.hasReducedSizeRTCP = media.hasReducedSizeRTCP
        }
        return lines.association == nil && lines.mux == .none ? nil : lines
    }

    /// RFC 5761 §5.1.1, RFC 8858 §4.3: what the offer says of it, for the section or its group.
    func mux(of index: Int, in description: RemoteDescription) -> RemoteSection.Multiplexing {
        let own = description.sections[index].mux
        guard own == .none, let group = description.group(of: index) else { return own }
        return description.groups[group].lazy.map { description.sections[$0].mux }
            .first { $0 != .none } ?? .none
    }

    /// RFC 8842 §5.3: active where the offer lets us choose, and the role we have on later ones.
    ///
    /// RFC 4145 §4.1: an offer without a role is active, so that its first answer is passive.
    private func setup(
        answering offered: RemoteTransport,
        of transport: LocalTransport
    ) -> SetupRole {
        let isKept = transport.dtls.map { !$0.isReplaced(by: offered) } ?? false
        let role = isKept ? transport.dtls?.role : nil
        return switch (offered.setup, role) {
        case (.active, _): .passive
        case (.passive, _): .active
        case (.actpass, .server?), (.holdconn, .server?), (nil, .server?), (nil, nil): .passive
        case (.actpass, _), (.holdconn, _), (nil, .client?): .active
        }
    }

    // MARK: Lines

    private func write(
        _ planned: LocalDescription.Section,
        _ section: RemoteSection,
        _ writer: SectionWriter,
        _ transport: SectionWriter.Transport?
    ) -> MediaDescription {
        let mid = section.namesMid ? planned.mid : nil
        switch planned.content {
        case .media(let id, let media):
            guard let transceiver = transceivers[id] else { break }
            return writer.media(
                media,
                of: transceiver,
                form: planned.form,
                mid: mid,
                transport: transport,
                limit: rules.table[transceiver.kind].capability.maximumPacketTime
            )
        case .data:
            guard let data = rules.table.data, case .data(let format) = section.content else {
                break
            }
            return writer.data(
                data,
                form: planned.form,
                isLegacy: format.isLegacy,
                mid: mid,
                transport: transport
            )
        case .rejected: break
        }
        return writer.rejection(planned.form, mid: mid)
    }

    /// Each group of the offer with what of it was accepted.
    private func addGroups(
        to description: inout SDPDescription,
        _ sections: [LocalDescription.Section],
        _ offer: RemoteDescription
    ) {
        var groups: [GroupAttribute] = []
        for members in offer.groups {
            let mids = members.filter { !sections[$0].isRejected }.map { sections[$0].mid }
            guard !mids.isEmpty else { continue }
            groups.append(GroupAttribute(semantics: GroupAttribute.bundle, mids: mids))
        }
        if rules.table.groupsStreams {
            let streams = ownStreams(sections)
            for stream in offer.streams {
                let mids = playedInStep(stream, streams)
                guard mids.count > 1 else { continue }
                groups.append(
                    GroupAttribute(semantics: GroupAttribute.lipSynchronization, mids: mids)
                )
            }
        }
        description.attributes.insert(contentsOf: groups.map(\.attribute), at: 0)
    }

    /// The streams of ours that each accepted section of media belongs to, by mid.
    ///
    /// Empty for what the peer's offer has brought: it leaves the choice to the peer.
    private func ownStreams(_ sections: [LocalDescription.Section]) -> [String: [String]] {
        var streams: [String: [String]] = [:]
        for section in sections {
            guard case .media(let id, let media) = section.content else { continue }
            streams[section.mid] = transceivers[id]?.origin == .peer ? [] : media.streamIDs
        }
        return streams
    }

    /// RFC 9429 §5.3.1: of an offered group, what shares a stream of ours or is in none.
    private func playedInStep(_ group: [String], _ streams: [String: [String]]) -> [String] {
        let members = group.removingDuplicates().filter { streams[$0] != nil }
        var counts: [String: Int] = [:]
        var common: String?
        for stream in members.flatMap({ streams[$0] ?? [] }) {
            counts[stream, default: 0] += 1
            if counts[stream, default: 0] > common.map({ counts[$0, default: 0] }) ?? 0 {
                common = stream
            }
        }
        return members.filter { mid in
            let own = streams[mid] ?? []
            return own.isEmpty || common.map { own.contains($0) } ?? false
        }
    }
}
