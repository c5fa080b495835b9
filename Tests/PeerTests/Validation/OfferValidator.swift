import SDP

/// Checks an offer by the rules of the RFCs, knowing nothing of who made it.
enum OfferValidator {
    /// What was agreed before, as the offerer sees it.
    struct Agreed {
        /// The offerer's own description.
        var local: SDPDescription
        /// The other side's.
        var remote: SDPDescription
    }

    /// The rules that a first offer breaks, or a later one that comes after `agreed`.
    static func violations(
        of offer: SDPDescription,
        after agreed: Agreed? = nil
    ) -> [RuleViolation] {
        var rules = OfferRules(offer: DescriptionView(offer), agreed: agreed)
        rules.check()
        return rules.report.violations
    }
}

/// Rules about an offer, and about what came before it.
struct OfferRules {
    let offer: DescriptionView
    let agreed: OfferValidator.Agreed?
    var report = RuleReport()

    init(offer: DescriptionView, agreed: OfferValidator.Agreed?) {
        self.offer = offer
        self.agreed = agreed
    }

    mutating func check() {
        checkShared()
        for (index, media) in offer.media.enumerated() {
            if agreed == nil { report.require(!media.isRejected, .firstRejected, in: index) }
            guard !media.isRejected else { continue }
            checkSection(media, index)
        }
        guard let agreed else { return }
        var later = LaterOfferRules(
            offer: offer,
            local: DescriptionView(agreed.local),
            remote: DescriptionView(agreed.remote)
        )
        later.check()
        for violation in later.report.violations { append(violation) }
    }

    private mutating func append(_ violation: RuleViolation) {
        report.require(false, violation.rule, in: violation.section, violation.detail)
    }

    /// The rules of all descriptions.
    ///
    /// Sections that are new in a later offer may have transport attributes until their bundle is
    /// agreed, unless they are bundle-only (RFC 9143 §7.5.1).
    private mutating func checkShared() {
        var shared = DescriptionRules(
            offer.description,
            isAnswer: false,
            isBundleAgreed: agreed != nil
        )
        shared.check()
        let before = agreed.map { DescriptionView($0.remote) }
        for violation in shared.report.violations {
            if violation.rule == .bundledTransport, let index = violation.section, let before {
                let place = before.index(ofMID: offer.media[index].mid)
                let wasBundled = place.map { before.bundle(of: $0) != nil } ?? false
                if !wasBundled, !offer.media[index].isBundleOnly { continue }
            }
            append(violation)
        }
    }

    private mutating func checkSection(_ media: MediaDescription, _ index: Int) {
        let isBundled = offer.bundle(of: index) != nil
        if media.isBundleOnly {
            report.require(media.port == 0 && isBundled, .bundleOnlyPort, in: index)
        }
        report.require(!media.isRTCPMuxOnly || media.isRTCPMux, .muxOnly, in: index)
        if media.isRTP, isBundled {
            let uris = offer.description.extensionMaps(for: media).map(\.uri)
            let isMapped = uris.contains(ExtensionMapAttribute.midURI)
            report.require(isMapped, .offeredMIDExtension, in: index)
        }
        let role = offer.setup(of: index)
        report.require(role == .actpass || role == keptRole(index), .offeredSetup, in: index)
    }

    /// The role that the offerer has on a section's transport; nil when there is none yet.
    private func keptRole(_ index: Int) -> SetupRole? {
        guard let agreed, let mid = offer.media[index].mid else { return .actpass }
        let local = DescriptionView(agreed.local)
        let remote = DescriptionView(agreed.remote)
        guard let place = local.index(ofMID: mid), place < remote.media.count else {
            return .actpass
        }
        switch local.setup(of: place) {
        case .active: return .active
        case .passive: return .passive
        case .holdconn, nil: return .actpass
        case .actpass: break
        }
        switch remote.setup(of: place) {
        case .active: return .passive
        case .passive: return .active
        case .actpass, .holdconn, nil: return .actpass
        }
    }
}
