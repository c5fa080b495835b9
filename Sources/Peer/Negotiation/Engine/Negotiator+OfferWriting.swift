import SDP

// What an offer says (RFC 9429 §5.2.1, §5.2.2; RFC 9143 §7.2).
extension Negotiator {
    /// How far the transports of an offer are given out.
    private struct Layout {
        /// The transport of an agreed group that new sections join.
        var joined: Int?
        /// Groups whose first section has spoken for them.
        var spoken: Set<Int> = []
        /// Groups in which a section of RTP has said rtcp-mux.
        var muxed: Set<Int> = []
        var kinds: Set<String> = []
        /// Transports that sections name or ride on.
        var transports: Set<Int> = []
        var hasInitialGroup = false
    }

    /// Where one section of an offer rides.
    private struct Ride {
        var transport: Int?
        var isGrouped: Bool
        var speaks: Bool
        /// It depends on the answer bundling it.
        var isBundleOnly = false
        /// An agreement has decided it.
        var isOld = false
    }

    mutating func writeOffer(_ planned: [SectionSlot]) -> LocalDescription {
        let writer = SectionWriter(identity: identity, renominates: rules.renominates)
        var description = writer.emptyDescription()
        description.media.reserveCapacity(planned.count)
        if rules.table.mixesExtensions { description.append("extmap-allow-mixed") }
        var layout = Layout()
        layout.joined = planned.first { $0.isAgreed && $0.isGrouped && isLive($0.owner) }?.transport
        var sections: [LocalDescription.Section] = []
        sections.reserveCapacity(planned.count)
        for slot in planned {
            let (section, media) = writeOffered(slot, writer, &layout)
            sections.append(section)
            description.media.append(media)
        }
        addGroups(to: &description, sections)
        return LocalDescription(
            kind: .offer,
            sections: sections,
            description: description,
            text: description.write()
        )
    }

    private mutating func writeOffered(
        _ slot: SectionSlot,
        _ writer: SectionWriter,
        _ layout: inout Layout
    ) -> (LocalDescription.Section, MediaDescription) {
        var section = LocalDescription.Section(
            content: .rejected(nil),
            mid: slot.mid,
            isGrouped: false,
            form: slot.form
        )
        switch slot.owner {
        case .nobody: return (section, writer.rejection(slot.form, mid: slot.mid))
        case .data:
            section.content = .data
        case .transceiver(let id):
            guard let transceiver = transceivers[id], transceiver.life == .running else {
                section.content = .rejected(id)
                return (section, writer.rejection(slot.form, mid: slot.mid))
            }
            let media = offeredMedia(of: transceiver, in: slot)
            section.content = .media(id, media)
            section.form.formats = media.codecs.map { String($0.payloadType) }
        }
        let ride = ride(of: slot, &layout)
        section.transport = ride.transport
        if let transport = ride.transport { layout.transports.insert(transport) }
        section.isGrouped = ride.isGrouped
        var written = write(section, writer, transport: transportLines(section, ride, &layout))
        if ride.isBundleOnly {
            written.port = 0
            written.append("bundle-only")
        }
        return (section, written)
    }

    private func write(
        _ section: LocalDescription.Section,
        _ writer: SectionWriter,
        transport: SectionWriter.Transport?
    ) -> MediaDescription {
        switch section.content {
        case .media(let id, let media):
            guard let transceiver = transceivers[id] else { break }
            return writer.media(
                media,
                of: transceiver,
                form: section.form,
                mid: section.mid,
                transport: transport,
                limit: rules.table[transceiver.kind].capability.maximumPacketTime
            )
        case .data:
            guard let data = rules.table.data else { break }
            return writer.data(
                data,
                form: section.form,
                isLegacy: self.data.remote?.isLegacy ?? false,
                mid: section.mid,
                transport: transport
            )
        case .rejected: break
        }
        return writer.rejection(section.form, mid: section.mid)
    }

    // MARK: Transports

    private mutating func ride(of slot: SectionSlot, _ layout: inout Layout) -> Ride {
        if slot.isAgreed, let transport = slot.transport {
            // RFC 9429 §5.2.2: what the last answer did not bundle stays by itself.
            guard slot.isGrouped else {
                return Ride(transport: transport, isGrouped: false, speaks: true, isOld: true)
            }
            let isFirst = layout.spoken.insert(transport).inserted
            return Ride(transport: transport, isGrouped: true, speaks: isFirst, isOld: true)
        }
        if let joined = layout.joined {
            let isFirst = layout.spoken.insert(joined).inserted
            return Ride(transport: joined, isGrouped: true, speaks: isFirst)
        }
        let isFirst = !layout.hasInitialGroup
        layout.hasInitialGroup = true
        let isFirstOfKind = layout.kinds.insert(slot.form.kind).inserted
        let hasOwn =
            switch rules.bundlePolicy {
            case .balanced: isFirstOfKind
            case .maxCompat: layout.transports.count < rules.maximumTransports
            case .maxBundle: isFirst
            }
        guard hasOwn || isFirst else {
            return Ride(transport: nil, isGrouped: true, speaks: false, isBundleOnly: true)
        }
        return Ride(transport: ownTransport(of: slot.owner), isGrouped: true, speaks: true)
    }

    /// The transport that a section gets for itself, the same one until an agreement decides.
    private mutating func ownTransport(of owner: SectionSlot.Owner) -> Int? {
        switch owner {
        case .transceiver(let id):
            if let known = transceivers[id]?.draft.transport, transports[known] != nil {
                return known
            }
            let made = transports.make(components: rules.components, entropy: &entropy)
            transceivers.change(id) { $0.draft.transport = made }
            return made
        case .data:
            if let known = data.draft.transport, transports[known] != nil { return known }
            let made = transports.make(components: 1, entropy: &entropy)
            data.draft.transport = made
            return made
        case .nobody: return nil
        }
    }

    /// What the section says of its transport; RFC 8842 §5.5: an offer leaves the role open.
    private func transportLines(
        _ section: LocalDescription.Section,
        _ ride: Ride,
        _ layout: inout Layout
    ) -> SectionWriter.Transport? {
        var lines = SectionWriter.Transport()
        if ride.speaks, let id = ride.transport, let transport = transports[id] {
            lines.association = SectionWriter.Association(
                credentials: transport.credentials.latest,
                setup: .actpass,
                tlsID: transport.tlsID
            )
        }
        switch section.content {
        case .media(_, let media):
            let group = layout.joined == nil && !ride.isOld ? newGroup : ride.transport ?? newGroup
            let isFirst = layout.muxed.insert(group).inserted
            guard isFirst || lines.association != nil else { return nil }
            lines.mux = rules.muxPolicy == .require ? .only : .offered
            lines.namesRTCPPort = rules.muxPolicy == .negotiate && lines.association != nil
            lines.hasReducedSizeRTCP = media.hasReducedSizeRTCP
        case .data, .rejected: break
        }
        return lines.association == nil && lines.mux == .none ? nil : lines
    }

    // MARK: Groups

    /// RFC 9143 §7.2: a group for each transport that is shared, and one for what is new.
    private func addGroups(
        to description: inout SDPDescription,
        _ sections: [LocalDescription.Section]
    ) {
        let joined = slots.first { $0.isAgreed && $0.isGrouped && isLive($0.owner) }?.transport
        var order: [Int] = []
        var members: [Int: [String]] = [:]
        for (index, section) in sections.enumerated() where section.isGrouped {
            let isOld =
                index < slots.count && slots[index].isAgreed
                && slots[index].mid == section.mid && slots[index].isGrouped
            let group = isOld ? (section.transport ?? newGroup) : (joined ?? newGroup)
            if members[group] == nil { order.append(group) }
            members[group, default: []].append(section.mid)
        }
        var groups = order.compactMap { group in
            members[group].map { GroupAttribute(semantics: GroupAttribute.bundle, mids: $0) }
        }
        if rules.table.groupsStreams { groups += streamGroups(sections) }
        description.attributes.insert(contentsOf: groups.map(\.attribute), at: 0)
    }

    /// RFC 9429 §5.2.1: what is sent in one stream is played in step.
    private func streamGroups(_ sections: [LocalDescription.Section]) -> [GroupAttribute] {
        var order: [String] = []
        var members: [String: [String]] = [:]
        for section in sections {
            guard case .media(_, let media) = section.content, media.direction.sends,
                let stream = media.streamIDs.first
            else { continue }
            if members[stream] == nil { order.append(stream) }
            members[stream, default: []].append(section.mid)
        }
        return order.compactMap { stream in
            guard let mids = members[stream], mids.count > 1 else { return nil }
            return GroupAttribute(semantics: GroupAttribute.lipSynchronization, mids: mids)
        }
    }
}

/// Stands for the group of sections that no agreement has given a transport.
private let newGroup = -1
