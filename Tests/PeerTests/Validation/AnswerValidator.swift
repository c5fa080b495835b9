import SDP

/// Checks an answer by the rules of the RFCs, knowing nothing of who made it.
enum AnswerValidator {
    /// The rules that `answer` breaks, by itself and as an answer to `offer`.
    static func violations(
        of answer: SDPDescription,
        to offer: SDPDescription
    ) -> [RuleViolation] {
        var shared = DescriptionRules(answer, isAnswer: true, isBundleAgreed: true)
        shared.check()
        var rules = AnswerRules(answer: DescriptionView(answer), offer: DescriptionView(offer))
        rules.check()
        return shared.report.violations + rules.report.violations
    }
}

/// Rules about an answer and its offer.
struct AnswerRules {
    let answer: DescriptionView
    let offer: DescriptionView
    var report = RuleReport()

    init(answer: DescriptionView, offer: DescriptionView) {
        self.answer = answer
        self.offer = offer
    }

    mutating func check() {
        report.require(answer.media.count == offer.media.count, .sectionCount)
        let offeredSemantics = Set(offer.description.groups.map(\.semantics))
        for group in answer.description.groups {
            report.require(offeredSemantics.contains(group.semantics), .answeredGroups, group.value)
        }
        for attribute in answer.description.attributes {
            report.require(isUnderstood(attribute), .unknownAttribute, attribute.name)
        }
        for index in 0..<min(answer.media.count, offer.media.count) { checkSection(index) }
        checkBundles()
        checkOptions()
    }

    private mutating func checkSection(_ index: Int) {
        let ours = answer.media[index]
        let theirs = offer.media[index]
        report.require(ours.kind == theirs.kind, .answeredKind, in: index)
        report.require(ours.protocolName == theirs.protocolName, .answeredProfile, in: index)
        // A section without a mid is answered with one that the answerer made up.
        if theirs.mid != nil { report.require(ours.mid == theirs.mid, .answeredMID, in: index) }
        report.require(!theirs.isRejected || ours.isRejected, .staysRejected, in: index)
        report.require(!ours.isBundleOnly, .bundleOnlyAnswer, in: index)
        for attribute in ours.attributes {
            report.require(isUnderstood(attribute), .unknownAttribute, in: index, attribute.name)
        }
        guard ours.port != 0, !theirs.isRejected else { return }
        if ours.isRTP {
            checkFormats(ours, theirs, index)
            checkExtensions(ours, theirs, index)
            checkEncodings(ours, theirs, index)
            let possible = offer.direction(of: index).reversed
            let direction = answer.direction(of: index)
            let fits = direction.intersection(possible) == direction
            report.require(fits, .answeredDirection, in: index, direction.rawValue)
            checkMultiplexing(index)
        }
        checkTransport(index)
    }

    private func isUnderstood(_ attribute: SDPAttribute) -> Bool {
        answerAttributes.contains(attribute.name) || MediaDirection(rawValue: attribute.name) != nil
    }

    private mutating func checkTransport(_ index: Int) {
        let allowed: [SetupRole] =
            switch offer.setup(of: index) {
            case .actpass: [.active, .passive]
            // RFC 4145 §4.1: without a role an offer is active.
            case .active, nil: [.passive]
            case .passive: [.active]
            case .holdconn: [.holdconn]
            }
        let role = answer.setup(of: index)
        let fits = role.map { allowed.contains($0) } ?? false
        report.require(fits, .answeredSetup, in: index, role?.rawValue ?? "none")
        if answer.isCarrier(index) {
            let isAnswered = (answer.tlsID(of: index) != nil) == (offer.tlsID(of: index) != nil)
            report.require(isAnswered, .answeredTLSID, in: index)
        }
        let isOwn = answer.credentials(of: index) != offer.credentials(of: index)
        report.require(isOwn, .ownCredentials, in: index)
    }

    private mutating func checkMultiplexing(_ index: Int) {
        let wasOffered = offer.has(.rtcpMux, in: index)
        let isAnswered = answer.has(.rtcpMux, in: index)
        report.require(wasOffered || !isAnswered, .answeredMux, in: index)
        report.require(!answer.media[index].isRTCPMuxOnly, .muxOnlyAnswer, in: index)
        let isRequired = offer.media[index].isRTCPMuxOnly
        report.require(!isRequired || isAnswered, .requiredMux, in: index)
        let flags: [(SDPFlag, Rule)] = [
            (.rtcpReducedSize, .answeredReducedSize), (.extensionMapAllowMixed, .answeredMixed),
            (.cryptex, .answeredCryptex),
        ]
        for (flag, rule) in flags {
            report.require(
                offer.has(flag, in: index) || !answer.has(flag, in: index),
                rule,
                in: index
            )
        }
    }

    /// RFC 9429 §5.3.1: the options of ICE are there if and only if the offer has them.
    private mutating func checkOptions() {
        let offered = offer.description.iceOptions + offer.media.flatMap(\.iceOptions)
        let answered = answer.description.iceOptions + answer.media.flatMap(\.iceOptions)
        for option in answered {
            report.require(offered.contains(option), .answeredOptions, option)
        }
        guard answer.media.contains(where: { !$0.isRejected }) else { return }
        for (option, rule) in [("trickle", Rule.trickle), ("ice2", .ice2)] {
            report.require(!offered.contains(option) || answered.contains(option), rule)
        }
    }

    private mutating func checkBundles() {
        for bundle in answer.bundles {
            let source = offer.bundles.first { Set($0).isSuperset(of: bundle) }
            report.require(source != nil, .answeredBundle, bundle.joined(separator: " "))
            guard let source, let tagged = source.first, let index = offer.index(ofMID: tagged),
                index < answer.media.count, !answer.media[index].isRejected
            else { continue }
            report.require(bundle.first == tagged, .answererTag, in: index)
        }
        for (index, media) in offer.media.enumerated() where index < answer.media.count {
            guard media.isBundleOnly, media.port == 0 else { continue }
            let isKept = answer.media[index].isRejected || answer.bundle(of: index) != nil
            report.require(isKept, .lonelyBundleOnly, in: index)
        }
    }
}

/// What WebRTC gives an answer a reason to say.
///
/// Experiments, keys and identities are not among it: to repeat what one does not understand claims
/// to understand it.
private let answerAttributes: Set = [
    "rtcp-mux-only", "group", "mid", "extmap", "extmap-allow-mixed", "msid", "msid-semantic",
    "rtpmap", "fmtp",
    "rtcp-fb", "ssrc", "ssrc-group", "ice-ufrag", "ice-pwd", "ice-options", "ice-lite",
    "ice-pacing", "ice-mismatch", "fingerprint", "setup", "tls-id", "rtcp", "rtcp-mux",
    "rtcp-rsize", "rtcp-xr", "candidate", "end-of-candidates", "remote-candidates", "rid",
    "simulcast", "sctp-port", "sctpmap", "max-message-size", "ptime", "maxptime", "imageattr",
    "framerate", "content", "cryptex", "bundle-only",
]
