/// Many crossings of one pair, and what came of them.
package struct Survey: Hashable, Sendable {
    package let one: Access
    package let other: Access
    package private(set) var seeds = 0
    /// How many have ended on a direct path, and on a relayed one.
    package private(set) var direct = 0
    package private(set) var relayed = 0
    /// Seeds that have ended in any other way than the best one, by themselves.
    package private(set) var wrong: [UInt64] = []
    private var firstPaths: [Duration] = []
    private var lastPaths: [Duration] = []

    /// Crosses once for each seed.
    package init(
        _ one: Access,
        _ other: Access,
        loss: Double,
        seeds: Range<UInt64>
    ) throws {
        (self.one, self.other) = (one, other)
        for seed in seeds {
            add(try Self.crossing(one, other, loss: loss, seed: seed).run(), seed)
        }
        firstPaths.sort()
        lastPaths.sort()
    }

    /// The crossing of one seed, as surveyed.
    package static func crossing(
        _ one: Access,
        _ other: Access,
        loss: Double,
        seed: UInt64
    ) throws -> Crossing {
        // Neighbouring seeds would share the entropy of a peer.
        try Crossing(one, other, loss: loss, seed: seed &* 0x9E37_79B9)
    }

    private mutating func add(_ passage: Crossing.Passage, _ seed: UInt64) {
        seeds += 1
        switch passage.way {
        case .direct: direct += 1
        case .relayed: relayed += 1
        case nil: break
        }
        let isRight =
            passage.way == Access.bestWay(one, other) && passage.restarts == 0
            && passage.refused == 0
        if !isRight { wrong.append(seed) }
        if let time = passage.firstPath { firstPaths.append(time) }
        if let time = passage.lastPath { lastPaths.append(time) }
    }

    /// Median and longest time until both ends had a path at all.
    package var firstPath: (median: Duration, slowest: Duration)? { Self.spread(of: firstPaths) }

    /// Median and longest time until both ends had the path that they kept.
    package var lastPath: (median: Duration, slowest: Duration)? { Self.spread(of: lastPaths) }

    private static func spread(of sorted: [Duration]) -> (median: Duration, slowest: Duration)? {
        guard let slowest = sorted.last else { return nil }
        return (sorted[sorted.count / 2], slowest)
    }
}

// MARK: - As a table

extension Survey {
    /// The names of what ``row`` says.
    package static let header = line(
        ["caller", "answerer", "seeds", "direct", "relayed", "wrong"]
            + ["first path", "slowest", "final path", "slowest"]
    )

    /// One line of a table, times in milliseconds.
    package var row: String {
        let times = [firstPath?.median, firstPath?.slowest, lastPath?.median, lastPath?.slowest]
        return Self.line(
            [one.rawValue, other.rawValue]
                + [seeds, direct, relayed, wrong.count].map { "\($0)" }
                + times.map { $0.map { "\(Int(($0 / .milliseconds(1)).rounded())) ms" } ?? "none" }
        )
    }

    private static func line(_ cells: [String]) -> String {
        let widths = [18, 18, 6, 7, 8, 6, 11, 9, 11, 9]
        return zip(cells, widths).enumerated().map { index, cell in
            let space = String(repeating: " ", count: max(1, cell.1 - cell.0.count))
            return index < 2 ? cell.0 + space : space + cell.0
        }.joined()
    }
}
