import SDP

/// Which sections of an offer we could take, by RFC 9429 §5.3.1.
struct OfferReview {
    private(set) var isAcceptable: [Bool]

    init(_ offer: RemoteDescription, _ rules: Negotiator.Rules, dataIndex: Int?) {
        var muxedGroups = Set<Int>()
        for section in offer.sections where section.mux != .none {
            if let group = offer.group(of: section.index) { muxedGroups.insert(group) }
        }
        var dataIndex = dataIndex
        isAcceptable = offer.sections.map { section in
            guard !section.isRejected, section.index < rules.maximumSections else { return false }
            let group = offer.group(of: section.index)
            if section.isBundleOnly && group == nil { return false }
            switch section.content {
            case .media(let kind):
                let isMuxed = section.mux != .none || group.map { muxedGroups.contains($0) } == true
                guard isMuxed || rules.muxPolicy == .negotiate else { return false }
                let table = rules.table[kind]
                return section.media.codecs.contains {
                    $0.purpose == .media && table.entry(for: $0.key) != nil
                }
            case .data:
                guard rules.table.data != nil, dataIndex == nil || dataIndex == section.index else {
                    return false
                }
                dataIndex = section.index
                return true
            case .unknown: return false
            }
        }
        apply(rules.bundlePolicy, offer)
        limit(to: rules.maximumTransports, offer)
    }

    /// Sections that would need more transports than a session may have.
    private mutating func limit(to most: Int, _ offer: RemoteDescription) {
        var count = 0
        var isRoomFor: [Int: Bool] = [:]
        for section in offer.sections where isAcceptable[section.index] {
            let group = offer.group(of: section.index)
            if let group, let isRoom = isRoomFor[group] {
                isAcceptable[section.index] = isRoom
                continue
            }
            count += 1
            isAcceptable[section.index] = count <= most
            if let group { isRoomFor[group] = count <= most }
        }
    }

    /// Sections that would need a transport which the policy does not want.
    private mutating func apply(_ policy: BundlePolicy, _ offer: RemoteDescription) {
        var firsts: [String: Int] = [:]
        for section in offer.sections where isAcceptable[section.index] {
            let name: String
            switch policy {
            case .maxCompat: continue
            case .balanced: name = section.form.kind
            case .maxBundle: name = ""
            }
            guard let first = firsts[name] else {
                firsts[name] = section.index
                continue
            }
            let group = offer.group(of: section.index)
            isAcceptable[section.index] = group != nil && group == offer.group(of: first)
        }
    }
}
