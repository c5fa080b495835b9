import SDP

// What encodings may be, as W3C WebRTC §5.1 and RFC 8851 §10 say.
extension EncodingParameters {
    /// Encodings that addTransceiver may use: checked, completed, and cut to what can be sent.
    static func validated(
        _ encodings: [EncodingParameters],
        kind: MediaKind,
        atMost most: Int
    ) throws(PeerError) -> [EncodingParameters] {
        try requireRIDs(of: encodings)
        var kept: [EncodingParameters] = []
        for var encoding in encodings {
            try encoding.requireRanges(kind: kind)
            kept.append(encoding)
        }
        kept = Array(kept.prefix(kind == .audio ? 1 : max(most, 1)))
        if kind == .video && !kept.isEmpty {
            let areScalesStated = kept.contains { $0.scaleResolutionDownBy != nil }
            for index in kept.indices where kept[index].scaleResolutionDownBy == nil {
                kept[index].scaleResolutionDownBy =
                    areScalesStated ? 1 : defaultScale(index, of: kept.count)
            }
        }
        // With one encoding there is nothing to tell apart.
        if kept.count == 1 { kept[0].rid = nil }
        return kept
    }

    /// Each layer half of the next, the last one whole.
    static func defaultScale(_ index: Int, of count: Int) -> Double {
        Double(1 << min(max(count - index - 1, 0), 30))
    }

    /// All have a rid, or none; each of the grammar, and no two the same.
    private static func requireRIDs(of encodings: [EncodingParameters]) throws(PeerError) {
        let rids = encodings.compactMap(\.rid)
        for rid in rids {
            let isWellFormed = rid.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: false
                }
            }
            guard (1...255).contains(rid.utf8.count), isWellFormed else { throw .type(.rid) }
        }
        guard encodings.count < 2 || rids.count == encodings.count,
            Set(rids).count == rids.count
        else { throw .type(.ridSet) }
    }

    /// Numbers within what W3C allows; those that audio does not have are dropped.
    mutating func requireRanges(kind: MediaKind) throws(PeerError) {
        if kind == .audio {
            scaleResolutionDownBy = nil
            maxFramerate = nil
        }
        // Written so that a value that is no number is refused, too.
        if let scale = scaleResolutionDownBy, !(scale >= 1 && scale.isFinite) {
            throw .range(.scaleResolutionDownBy)
        }
        if let rate = maxFramerate, !(rate >= 0 && rate.isFinite) {
            throw .range(.maximumFramerate)
        }
        if let rate = maxBitrate, rate < 0 { throw .range(.maximumBitrate) }
    }
}

extension Transceiver.Sender {
    /// The peer's offer asks for these encodings.
    mutating func propose(_ wanted: [EncodingParameters]) {
        settledEncodings = settledEncodings ?? encodings
        encodings = wanted
    }

    /// The answer takes some of the encodings we offered, or none but the first; `~` pauses one.
    ///
    /// A provisional answer decides nothing: the next one is about all that were offered again.
    mutating func agree(on received: [[SimulcastAttribute.Alternative]]?, isFinal: Bool) {
        if let offered = settledEncodings, offered.count > encodings.count {
            encodings = offered.map { before in
                encodings.first { $0.rid == before.rid && $0.rid != nil } ?? before
            }
        }
        if !isFinal { settledEncodings = settledEncodings ?? encodings }
        guard encodings.count > 1 else { return }
        let wanted = Dictionary(
            (received ?? []).joined().map { ($0.rid, $0.isPaused) },
            uniquingKeysWith: { first, _ in first }
        )
        let kept = encodings.filter { $0.rid.map { wanted[$0] != nil } == true }
        guard !kept.isEmpty else {
            // The one that stays keeps its name: a sender without is one that may be given encodings.
            encodings = Array(encodings.prefix(1))
            return
        }
        encodings = kept
        for index in encodings.indices {
            guard let rid = encodings[index].rid, let isPaused = wanted[rid] else { continue }
            if isPaused {
                encodings[index].active = false
                pausedByPeer.insert(rid)
            } else if pausedByPeer.remove(rid) != nil {
                // What the program has paused itself stays so.
                encodings[index].active = true
            }
        }
    }

    /// W3C WebRTC §4.4.1.5, rollback: encodings are what they were before the peer's offer; what the
    /// program has asked for stays.
    mutating func restoreEncodings() {
        encodings = settledEncodings ?? encodings
        settledEncodings = nil
    }
}
