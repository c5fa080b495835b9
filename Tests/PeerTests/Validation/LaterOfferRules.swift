import SDP

/// Rules about an offer and the descriptions that were agreed before it.
struct LaterOfferRules {
    let offer: DescriptionView
    let local: DescriptionView
    let remote: DescriptionView
    var report = RuleReport()

    init(offer: DescriptionView, local: DescriptionView, remote: DescriptionView) {
        self.offer = offer
        self.local = local
        self.remote = remote
    }

    mutating func check() {
        checkOrigin()
        report.require(offer.media.count >= local.media.count, .keptSections)
        let known = Set(local.media.compactMap(\.mid))
        for index in offer.media.indices {
            guard index < local.media.count, !wasRejected(index) else {
                checkNew(index, known)
                continue
            }
            checkKept(index)
        }
    }

    /// Whether a section was agreed to be rejected, so that its place may be taken by another.
    private func wasRejected(_ index: Int) -> Bool {
        local.media[index].isRejected
            || index < remote.media.count && remote.media[index].isRejected
    }

    private mutating func checkOrigin() {
        let (now, before) = (offer.description.origin, local.description.origin)
        let isSame = now.username == before.username && now.sessionID == before.sessionID
        report.require(isSame && now.address == before.address, .sameSession)
        var unchanged = offer.description
        unchanged.origin = before
        let isChanged = unchanged.write() != local.description.write()
        let growth = (now.versionNumber ?? 0).subtractingReportingOverflow(
            before.versionNumber ?? 0
        )
        // RFC 9429 §5.2.2: each description that is created may count, set or not, changed or not.
        let isNext = !growth.overflow && growth.partialValue >= (isChanged ? 1 : 0)
        report.require(isNext, .nextVersion, "\(before.sessionVersion) to \(now.sessionVersion)")
    }

    /// A section that is new, or takes the place of a rejected one.
    private mutating func checkNew(_ index: Int, _ known: Set<String>) {
        let media = offer.media[index]
        guard let mid = media.mid else { return }
        let isOld = index < local.media.count && local.media[index].mid == mid
        // A rejected section may also be repeated as it is.
        if isOld {
            report.require(media.kind == local.media[index].kind, .keptKinds, in: index)
        } else {
            report.require(!known.contains(mid), .freshMIDs, in: index, mid)
        }
    }

    private mutating func checkKept(_ index: Int) {
        let now = offer.media[index]
        let before = local.media[index]
        report.require(now.mid == before.mid, .keptMIDs, in: index)
        let isSameKind = now.kind == before.kind && now.protocolName == before.protocolName
        report.require(isSameKind, .keptKinds, in: index)
        guard now.mid == before.mid, isSameKind, !now.isRejected else { return }
        checkMeanings(now, before, index)
        checkCarriers(index)
    }

    private mutating func checkMeanings(
        _ now: MediaDescription,
        _ before: MediaDescription,
        _ index: Int
    ) {
        for type in now.payloadTypes {
            guard let old = before.meaning(of: type), before.payloadTypes.contains(type) else {
                continue
            }
            report.require(now.meaning(of: type) == old, .keptPayloadTypes, in: index, "\(type)")
        }
        let maps = local.description.extensionMaps(for: before)
        for map in offer.description.extensionMaps(for: now) {
            let old = maps.first { $0.id == map.id }?.uri ?? map.uri
            report.require(map.uri == old, .keptExtensions, in: index, map.value)
        }
    }

    private mutating func checkCarriers(_ index: Int) {
        if let bundle = remote.bundle(of: index), let mid = offer.media[index].mid {
            let now = offer.bundle(of: index) ?? []
            let others = bundle.filter { other in
                other != mid
                    && offer.index(ofMID: other).map { !offer.media[$0].isRejected } == true
            }
            report.require(
                now.contains(mid) && Set(now).isSuperset(of: others),
                .keptBundle,
                in: index
            )
        }
        guard offer.isCarrier(index) else { return }
        // The transport is that of the section which carried this one.
        let (now, before) = (offer.credentials(of: index), local.credentials(of: index))
        let changed = zip(now, before).map { $0 != $1 }
        report.require(Set(changed).count == 1, .wholeRestart, in: index)
        let isSamePrint = offer.fingerprints(of: index) == local.fingerprints(of: index)
        let hasNewID = offer.tlsID(of: index) != local.tlsID(of: index)
        report.require(isSamePrint || hasNewID, .keptFingerprint, in: index)
    }
}
