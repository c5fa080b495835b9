import SDP

// Which formats and header extensions a section of ours names.
extension Negotiator {
    mutating func offeredMedia(of transceiver: Transceiver, in slot: SectionSlot) -> LocalMedia {
        let capability = rules.table[transceiver.kind].capability
        var media = LocalMedia(
            direction: transceiver.direction,
            announces: transceiver.direction.sends,
            codecs: offeredCodecs(of: transceiver),
            preferences: transceiver.preferences,
            extensions: offeredExtensions(of: transceiver, isAgreed: slot.isAgreed),
            streamIDs: transceiver.sender.streamIDs,
            hasReducedSizeRTCP: capability.hasReducedSizeRTCP
        )
        if media.direction.sends, transceiver.sender.encodings.count > 1 {
            media.sent = transceiver.sender.encodings.compactMap { encoding in
                encoding.rid.map { .init($0, isPaused: !encoding.active) }
            }
        }
        if slot.isAgreed, let place = transceiver.negotiated.place, media.direction.receives,
            let current, current.local.sections.indices.contains(place.index),
            case .media(_, let agreed) = current.local.sections[place.index].content
        {
            media.received = agreed.received
        }
        return media
    }

    /// RFC 9429 §5.2.2: what was agreed keeps its place and payload type; the rest follows.
    private mutating func offeredCodecs(of transceiver: Transceiver) -> [SectionCodec] {
        let wanted = transceiver.preferences ?? rules.table[transceiver.kind].entries
        let agreed = transceiver.negotiated.codecs
        var types: [FormatKey: UInt8] = [:]
        var repeats: [UInt8: UInt8] = [:]
        for codec in agreed {
            if let repeated = codec.repeats {
                repeats[repeated] = codec.payloadType
            } else {
                types[codec.key] = codec.payloadType
            }
        }
        var order = wanted
        // The order of what was agreed is kept unless there are preferences, or were then.
        if !agreed.isEmpty, transceiver.preferences == nil,
            transceiver.negotiated.preferences == nil
        {
            let places = Dictionary(
                wanted.enumerated().map { ($1.key, $0) },
                uniquingKeysWith: { first, _ in first }
            )
            let first = agreed.compactMap { codec in
                codec.repeats == nil ? places[codec.key].map { wanted[$0] } : nil
            }
            order = first + wanted.filter { types[$0.key] == nil }
        }
        var codecs: [SectionCodec] = []
        codecs.reserveCapacity(2 * order.count)
        for entry in order where entry.purpose != .retransmission {
            guard let type = types[entry.key] ?? numbers.payloadType(of: entry) else { continue }
            codecs.append(SectionCodec(entry, payloadType: type))
        }
        guard let rtx = wanted.first(where: { $0.purpose == .retransmission }) else {
            return codecs
        }
        // After all others have their numbers: those of retransmissions matter to nobody.
        var repairs: [SectionCodec] = []
        for codec in codecs where codec.purpose == .media {
            guard
                let type = repeats[codec.payloadType]
                    ?? numbers.payloadType(repeating: codec.payloadType)
            else { continue }
            var repair = SectionCodec(rtx, payloadType: type)
            repair.repeats = codec.payloadType
            repairs.append(repair)
        }
        codecs.insertBehindMedia(repairs)
        return codecs
    }

    /// RFC 9429 §5.2.2: later offers have the extensions of the last answer, no others.
    private mutating func offeredExtensions(
        of transceiver: Transceiver,
        isAgreed: Bool
    ) -> [SectionExtension] {
        if isAgreed, transceiver.negotiated.remote != nil {
            return transceiver.negotiated.extensions
        }
        let capability = rules.table[transceiver.kind].capability
        return capability.headerExtensions.compactMap { extensionCapability in
            numbers.id(of: extensionCapability).map {
                SectionExtension(id: $0, uri: extensionCapability.uri)
            }
        }
    }

    // MARK: Answers

    /// What of an offered section we take, under the peer's payload types (RFC 9429 §5.3.1).
    func answeredCodecs(to offered: RemoteMedia, of transceiver: Transceiver) -> [SectionCodec] {
        let table = rules.table[transceiver.kind]
        var ranks: [FormatKey: Int]?
        if let preferences = transceiver.preferences {
            ranks = Dictionary(
                preferences.enumerated().map { ($1.key, $0) },
                uniquingKeysWith: { first, _ in first }
            )
        }
        var seen = Set<FormatKey>()
        var taken: [(rank: Int, codec: SectionCodec)] = []
        for remote in offered.codecs where remote.purpose != .retransmission {
            guard let entry = table.entry(for: remote.key), seen.insert(remote.key).inserted else {
                continue
            }
            if let ranks, ranks[remote.key] == nil { continue }
            var codec = SectionCodec(entry, payloadType: remote.payloadType)
            codec.codec.feedback = codec.codec.feedback.filter { remote.feedback.contains($0) }
            if let level = remote.pictureLevel {
                codec.codec.parameters = level.answered(by: codec.codec.parameters)
            }
            taken.append((ranks?[remote.key] ?? taken.count, codec))
        }
        taken.sort { $0.rank < $1.rank }
        let codecs = taken.map(\.codec)
        guard codecs.hasMedia else { return [] }
        var answered = codecs.filter { $0.isOfUse(among: codecs) }
        answered.insertBehindMedia(
            answered.flatMap { answeredRepeats(of: $0, in: offered, table, ranks) }
        )
        return answered
    }

    /// Retransmission of a format that we take, if the offer and our table have it.
    private func answeredRepeats(
        of codec: SectionCodec,
        in offered: RemoteMedia,
        _ table: CapabilityTable.Kind,
        _ ranks: [FormatKey: Int]?
    ) -> [SectionCodec] {
        guard codec.purpose == .media,
            let remote = offered.codecs.first(where: { $0.repeats == codec.payloadType }),
            let entry = table.entry(for: remote.key)
        else { return [] }
        if let ranks, ranks[entry.key] == nil { return [] }
        var rtx = SectionCodec(entry, payloadType: remote.payloadType)
        rtx.repeats = codec.payloadType
        return [rtx]
    }

    func answeredExtensions(to offered: RemoteMedia, of kind: MediaKind) -> [SectionExtension] {
        offered.extensions.compactMap { offered in
            guard rules.table[kind].has(extension: offered.uri) else { return nil }
            return SectionExtension(
                id: offered.id,
                uri: offered.uri,
                direction: offered.direction?.reversed
            )
        }
    }

    /// What an answer takes of our offer: its order, our meaning.
    func agreedCodecs(_ offered: LocalMedia, answered: RemoteMedia) -> [SectionCodec] {
        var byType: [UInt8: SectionCodec] = [:]
        var byKey: [FormatKey: SectionCodec] = [:]
        for codec in offered.codecs {
            byType[codec.payloadType] = codec
            if codec.repeats == nil { byKey[codec.key] = codec }
        }
        var seen = Set<UInt8>()
        return answered.codecs.compactMap { remote in
            var found = byType[remote.payloadType].flatMap { $0.key == remote.key ? $0 : nil }
            // RFC 3264 §6.1: an answer may name another payload type for what it receives.
            if found == nil, remote.purpose != .retransmission {
                found = byKey[remote.key]
                found?.sendPayloadType = remote.payloadType
            }
            guard let codec = found, seen.insert(codec.payloadType).inserted else { return nil }
            return codec
        }
    }

    /// The peer's numbers mean the same from now on, in whatever section.
    mutating func learn(_ media: RemoteMedia, of kind: MediaKind) {
        let table = rules.table[kind]
        for codec in media.codecs {
            if codec.purpose == .retransmission {
                numbers.learn(codec.payloadType, repeating: codec.repeats ?? 0)
            } else {
                let isOurs = table.entry(for: codec.key) != nil
                numbers.learn(codec.payloadType, for: isOurs ? codec.key : nil)
            }
        }
        for map in media.extensions {
            numbers.learn(map.id, for: map.uri, isOurs: table.has(extension: map.uri))
        }
    }
}

extension SectionCodec {
    /// Redundancy without what it repeats is of no use.
    fileprivate func isOfUse(among codecs: [SectionCodec]) -> Bool {
        guard purpose == .redundancy, codec.channels != nil else { return true }
        return codecs.contains {
            $0.purpose == .media && $0.codec.clockRate == codec.clockRate
        }
    }
}

extension [SectionCodec] {
    /// Retransmissions stand behind all that they may repeat, as in RFC 9429 §7.
    fileprivate mutating func insertBehindMedia(_ repairs: [SectionCodec]) {
        let last = lastIndex { $0.purpose == .media } ?? endIndex - 1
        insert(contentsOf: repairs, at: last + 1)
    }
}
