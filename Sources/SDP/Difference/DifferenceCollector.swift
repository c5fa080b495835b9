/// Gathers the differences that are not ignored, for one place after the other.
struct DifferenceCollector {
    private let ignored: Set<SDPDifference.Kind>
    private let ignoredAttributes: Set<String>
    /// Where the next differences are.
    var place = SDPDifference.Place.session
    /// What has been found.
    private(set) var differences: [SDPDifference] = []

    init(ignoring ignored: Set<SDPDifference.Kind>, attributes: Set<String>) {
        self.ignored = ignored
        ignoredAttributes = attributes
    }

    /// How many codecs are still looked at one by one.
    var codecBudget = 1_000

    /// Whether nothing more is looked for.
    var isFull: Bool { differences.count >= differencesAtMost }

    /// Whether nobody asks about a kind.
    func ignores(_ kind: SDPDifference.Kind) -> Bool { ignored.contains(kind) }

    mutating func note(
        _ kind: SDPDifference.Kind,
        _ change: SDPDifference.Change,
        of subject: String? = nil
    ) {
        guard !ignores(kind), !isFull else { return }
        differences.append(SDPDifference(kind, change, of: subject, in: place))
    }

    /// Compares what is there at most once.
    mutating func compare(
        _ kind: SDPDifference.Kind,
        _ old: String?,
        _ new: String?,
        of subject: String? = nil
    ) {
        switch (old, new) {
        case (nil, nil): break
        case (nil, .some(let new)): note(kind, .added(new), of: subject)
        case (.some(let old), nil): note(kind, .removed(old), of: subject)
        case (.some(let old), .some(let new)):
            if old != new { note(kind, .changed(from: old, to: new), of: subject) }
        }
    }

    /// Compares what may be there many times, whatever the order.
    mutating func compareAll(
        _ kind: SDPDifference.Kind,
        _ old: [String],
        _ new: [String],
        of subject: String? = nil
    ) {
        guard !isFull, !ignores(kind), old != new else { return }
        let (removed, added) = changes(from: old, to: new)
        if removed.count == 1, added.count == 1, kindsThatChange.contains(kind) {
            return note(kind, .changed(from: removed[0], to: added[0]), of: subject)
        }
        for value in removed.prefix(differencesAtMost) { note(kind, .removed(value), of: subject) }
        for value in added.prefix(differencesAtMost) { note(kind, .added(value), of: subject) }
    }

    /// Compares the attributes that nothing else looks at.
    mutating func compareAttributes(
        _ old: [SDPAttribute],
        _ new: [SDPAttribute],
        except known: Set<String>
    ) {
        guard !isFull, !ignores(.attribute), old != new else { return }
        compareAll(.attribute, texts(of: old, except: known), texts(of: new, except: known))
    }

    private func texts(of attributes: [SDPAttribute], except known: Set<String>) -> [String] {
        attributes.compactMap { attribute in
            guard !known.contains(attribute.name), !ignoredAttributes.contains(attribute.name),
                MediaDirection(attribute) == nil
            else { return nil }
            return attribute.description
        }
    }
}

/// More than anybody reads.
private let differencesAtMost = 1_000

/// Lists that mostly have one element: one for another is a change, not a coming and going.
private let kindsThatChange: Set<SDPDifference.Kind> = [
    .address, .bandwidth, .times, .fingerprint, .rid, .stream, .group,
]

/// The elements that one list has and the other has not, each as often as it is missing there.
private func changes(from old: [String], to new: [String]) -> (removed: [String], added: [String]) {
    var counts: [String: Int] = [:]
    counts.reserveCapacity(old.count)
    for element in old { counts[element, default: 0] += 1 }
    var matched = 0
    let added = new.filter { element in
        guard let count = counts[element], count > 0 else { return true }
        counts[element] = count - 1
        matched += 1
        return false
    }
    guard matched < old.count else { return ([], added) }
    // Of several equal ones the last are those that are missing.
    var removed: [String] = []
    for element in old.reversed() {
        guard let count = counts[element], count > 0 else { continue }
        counts[element] = count - 1
        removed.append(element)
    }
    return (removed.reversed(), added)
}
