extension SDPDescription {
    /// What this description says differently from an older one, in the order of this one.
    ///
    /// Facts are compared, not lines: a fingerprint of the session holds for every section, codecs
    /// are the same when names and parameters are, and the order of attributes does not count.
    ///
    /// Kinds of facts that are ignored are not compared, nor are attributes of the given names that
    /// nothing else looks at. At most a thousand differences are listed, and of a thousand codecs
    /// that changed in some way it is said how; of more, only that formats changed.
    public func differences(
        from older: SDPDescription,
        ignoring ignored: Set<SDPDifference.Kind> = [],
        attributes: Set<String> = []
    ) -> [SDPDifference] {
        var collector = DifferenceCollector(ignoring: ignored, attributes: attributes)
        collector.compareSessions(older, self)
        let facts = SharedFacts.Pair(old: SharedFacts(older), new: SharedFacts(self))
        for index in 0..<max(media.count, older.media.count) where !collector.isFull {
            collector.compareSections(at: index, older, self, facts)
        }
        return collector.differences
    }
}

extension DifferenceCollector {
    fileprivate mutating func compareSessions(_ old: SDPDescription, _ new: SDPDescription) {
        place = .session
        compare(.version, String(old.version), String(new.version))
        compare(.origin, old.origin.line, new.origin.line)
        compare(.sessionName, old.name, new.name)
        compareAll(.information, old.contactLines, new.contactLines)
        compareAll(.times, old.timeLines, new.timeLines)
        compareAll(.bandwidth, old.bandwidths.map(\.line), new.bandwidths.map(\.line))
        compareGroups(old.groups, new.groups)
        compareAttributes(old.attributes, new.attributes, except: sessionNames)
        compareAll(.line, old.extraLines.map(\.text), new.extraLines.map(\.text))
        if old.media.isEmpty, new.media.isEmpty {
            compare(.address, old.connection?.text, new.connection?.text)
        }
    }

    private mutating func compareGroups(_ old: [GroupAttribute], _ new: [GroupAttribute]) {
        // Nobody has so many that one must tell them apart.
        guard old.count + new.count <= 64 else {
            return compareAll(.group, old.map(\.value), new.map(\.value))
        }
        let before = Dictionary(grouping: old, by: \.semantics)
        let after = Dictionary(grouping: new, by: \.semantics)
        for semantics in Set(before.keys).union(after.keys).sorted() {
            let texts = [before, after].map { ($0[semantics] ?? []).map(\.value) }
            if texts[0].count <= 1, texts[1].count <= 1 {
                compare(.group, texts[0].first, texts[1].first)
            } else {
                compareAll(.group, texts[0], texts[1])
            }
        }
    }

    fileprivate mutating func compareSections(
        at index: Int,
        _ old: SDPDescription,
        _ new: SDPDescription,
        _ facts: SharedFacts.Pair
    ) {
        let before = old.media.indices.contains(index) ? old.media[index] : nil
        let after = new.media.indices.contains(index) ? new.media[index] : nil
        place = .media(
            index: index,
            kind: (after ?? before)?.kind ?? "",
            mid: (after ?? before)?.mid
        )
        guard let before, let after else {
            compare(.section, before?.title, after?.title)
            return
        }
        switch (before.isRejected, after.isRejected) {
        case (false, true): note(.section, .rejected)
        case (true, false):
            let isSame = before.kind == after.kind && before.mid == after.mid
            note(.section, isSame ? .accepted : .recycled(from: before.title, to: after.title))
        // What a section that nobody uses says about media means nothing.
        case (true, true):
            compare(.mediaKind, before.kind, after.kind)
            compare(.mid, before.mid, after.mid)
        case (false, false):
            compareMedia(before, after)
            guard !facts.areEqual || !before.saysTheSameOfTransport(as: after) else { return }
            compareInherited(facts.old.facts(of: before), facts.new.facts(of: after))
        }
    }
}

extension MediaDescription {
    /// Kind and mid in a few words.
    fileprivate var title: String { kind + (mid.map { " (mid \($0))" } ?? "") }

    /// Whether nothing is changed that the session or a bundle could say as well.
    fileprivate func saysTheSameOfTransport(as other: MediaDescription) -> Bool {
        connections == other.connections && attributes == other.attributes
    }
}

extension SDPDescription {
    fileprivate var contactLines: [String] {
        [information.map { "i=\($0)" }, contact.uri.map { "u=\($0)" }].compactMap(\.self)
            + contact.emails.map { "e=\($0)" } + contact.phones.map { "p=\($0)" }
    }

    fileprivate var timeLines: [String] {
        times.map { time in
            "\(time.start) \(time.stop)"
                + time.repeats.map { " r=\($0)" }.joined()
                + (time.zones.map { " z=\($0)" } ?? "")
        }
    }
}

extension SDPDescription.Origin {
    fileprivate var line: String { "\(username) \(sessionID) \(sessionVersion) \(address.text)" }
}

extension BandwidthLimit {
    var line: String { "\(kind):\(value)" }
}

/// Attributes of the session that hold for sections, or are compared by themselves.
private let sessionNames: Set<String> = [
    "group", "fingerprint", "setup", "ice-ufrag", "ice-pwd", "ice-options", "ice-lite", "extmap",
]
