import SDP

/// Which sections both descriptions accept, and the transports they ride on.
struct AcceptedSections {
    private(set) var isAccepted: [Bool]
    private(set) var isGrouped: [Bool]
    private(set) var transports: [Int?]
    /// The section whose lines speak for each transport on the peer's side.
    private(set) var speakers: [Int: Int] = [:]

    init(_ pair: Agreement, _ negotiator: Negotiator) throws(PeerError) {
        let count = pair.local.sections.count
        isGrouped = [Bool](repeating: false, count: count)
        transports = pair.local.sections.map(\.transport)
        isAccepted = []
        isAccepted.reserveCapacity(count)
        for (ours, theirs) in zip(pair.local.sections, pair.remote.sections) {
            var isUsable = !ours.isRejected && !theirs.isRejected
            if isUsable, pair.weOffered, case .media(_, let media) = ours.content {
                let isMuxed = negotiator.mux(of: theirs.index, in: pair.remote) != .none
                // RFC 9429 §5.11: an answer must agree to what is required.
                guard isMuxed || negotiator.rules.muxPolicy == .negotiate else {
                    throw .invalidAccess(.description(.rtcpMux))
                }
                isUsable = negotiator.agreedCodecs(media, answered: theirs.media).hasMedia
            }
            isAccepted.append(isUsable)
        }
        layGroups(pair)
        layOthers(pair)
    }

    /// RFC 9143 §7.3: the first accepted section of the answer's group gives it its transport.
    private mutating func layGroups(_ pair: Agreement) {
        for members in pair.remote.groups {
            let accepted = members.filter { isAccepted[$0] && pair.local.sections[$0].isGrouped }
            guard let tagged = accepted.first else { continue }
            let transport =
                pair.local.sections[tagged].transport
                ?? pair.local.sections.lazy.filter(\.isGrouped).compactMap(\.transport).first
            for index in accepted {
                isGrouped[index] = true
                if pair.weOffered { transports[index] = transport }
            }
            if let transport = transports[tagged], speakers[transport] == nil {
                speakers[transport] = tagged
            }
        }
    }

    private mutating func layOthers(_ pair: Agreement) {
        for index in isAccepted.indices where isAccepted[index] && !isGrouped[index] {
            // RFC 9143 §6: a section that asked to be bundled and was not has no transport.
            guard let transport = transports[index], speakers[transport] == nil else {
                isAccepted[index] = false
                continue
            }
            speakers[transport] = index
        }
    }
}
