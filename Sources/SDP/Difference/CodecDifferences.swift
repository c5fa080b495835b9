// Codecs are the same when their names and parameters are, whatever their numbers.
extension DifferenceCollector {
    mutating func compareCodecs(_ old: CodecTable, _ new: CodecTable) {
        let pairs = CodecPairs(old.codecs, new.codecs)
        for index in pairs.onlyOld { note(.codec, .removed(old.codecs[index].text)) }
        for index in pairs.onlyNew { note(.codec, .added(new.codecs[index].text)) }
        let before = pairs.common.map { old.codecs[$0.old] }
        let after = pairs.common.map { new.codecs[$0.new] }
        for (before, after) in zip(before, after) where !isFull {
            compare(
                .payloadType,
                String(before.payloadType),
                String(after.payloadType),
                of: after.label
            )
            compareParameters(before, after)
            compareAll(
                .feedback,
                old.feedback(of: before.payloadType),
                new.feedback(of: after.payloadType),
                of: after.name
            )
        }
        let sorted = pairs.common.sorted { $0.new < $1.new }
        guard sorted.map(\.old) != pairs.common.map(\.old) else { return }
        let order = sorted.map { new.codecs[$0.new].name }
        note(.codecOrder, .reordered(from: before.map(\.name), to: order))
    }

    private mutating func compareParameters(_ old: Codec, _ new: Codec) {
        guard old.parameters != new.parameters else { return }
        for name in Set(old.parameters.keys).union(new.parameters.keys).sorted() {
            compare(
                .formatParameter,
                old.parameters[name].map { $0.isEmpty ? name : "\(name)=\($0)" },
                new.parameters[name].map { $0.isEmpty ? name : "\(name)=\($0)" },
                of: new.name
            )
        }
    }
}

/// Which codec of an older section is which of a newer one.
private struct CodecPairs {
    /// Pairs of indices, in the order of the older section.
    private(set) var common: [(old: Int, new: Int)] = []
    private(set) var onlyOld: [Int]
    private(set) var onlyNew: [Int]

    init(_ old: [Codec], _ new: [Codec]) {
        onlyOld = Array(old.indices)
        onlyNew = Array(new.indices)
        // First what is the same in all but its number, then what kept its name and number, and
        // last what kept at least its name.
        match(old, new) { "\($0.key) \($0.payloadType)" }
        match(old, new, by: \.key)
        match(old, new) { $0.name.lowercased() }
        match(old, new) { $0.label.lowercased() }
        common.sort { $0.old < $1.old }
    }

    private mutating func match(_ old: [Codec], _ new: [Codec], by key: (Codec) -> String) {
        guard !onlyOld.isEmpty, !onlyNew.isEmpty else { return }
        var places: [String: [Int]] = [:]
        for index in onlyNew.reversed() { places[key(new[index]), default: []].append(index) }
        var taken: Set<Int> = []
        onlyOld = onlyOld.filter { index in
            guard let place = places[key(old[index])]?.popLast() else { return true }
            common.append((index, place))
            taken.insert(place)
            return false
        }
        onlyNew.removeAll { taken.contains($0) }
    }
}
