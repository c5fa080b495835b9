/// What the RFCs ask of offers and answers of WebRTC, one case a rule, in their words.
enum Rule: String, Hashable, CaseIterable, Sendable {
    // Every description.
    case grammar = "RFC 8866 §9: the lines follow the grammar"
    case version = "RFC 8866 §5.1: the version is 0"
    case originUser = "RFC 9429 §5.2.1: the user name is -"
    case sessionID = "RFC 9429 §5.2.1: the session id has 63 bits"
    case sessionName = "RFC 9429 §5.2.1: the session name is -"
    case time = "RFC 9429 §5.2.1: there is one time, 0 0"
    case wellFormed = "RFC 8866 §5.13: every known attribute is well-formed"
    case once = "RFC 8866 §5.13: attributes that come once come once"
    case connection = "RFC 8866 §5.7: a section has a connection address"
    case format = "RFC 8866 §5.14: a section has a format"
    case mid = "RFC 9429 §5.2.1: a section has a mid"
    case uniqueMIDs = "RFC 5888 §4: mids differ"
    case groupMembers = "RFC 5888 §6: a group has only mids of the description"
    case bundleOnce = "RFC 9143 §5: a mid is in one bundle, once"
    case bundleRejected = "RFC 9143 §7.3.3: a rejected section is in no bundle"
    case taggedBundleOnly = "RFC 9143 §7.2.1: the tagged section is not bundle-only"
    case payloadTypes = "RFC 3551 §3: payload types are 0 to 127 and differ"
    case rtcpConflict = "RFC 5761 §4: payload types 64 to 95 collide with RTCP"
    case rtpMap = "RFC 9429 §5.2.1: each payload type has its rtpmap, once"
    case strayFormat = "RFC 8866 §6.6: rtpmap, fmtp and rtcp-fb are of formats of the m= line"
    case codecParameters = "RFC 8866 §6.15: format parameters are those of their codec"
    case opusFormat = "RFC 7587 §7: Opus is opus/48000/2"
    case retransmitted = "RFC 4588 §8.6: what is retransmitted is a format of the section"
    case redundant = "RFC 2198 §5: what is redundant is a format of the section"
    case bundledFormats = "RFC 9143 §9.1.1: one payload type is one codec in a bundle"
    case extensionIDs = "RFC 8285 §5: extension ids differ"
    case extensionRange = "RFC 8285 §4.3: extension ids are 1 to 255, without 15 in one-byte form"
    case extensionURIs = "RFC 8285 §5: an extension is mapped once"
    case bundledExtensions = "RFC 9143 §12: one extension id is one extension in a bundle"
    case direction = "RFC 9429 §5.2.1: an RTP section has exactly one direction"
    case credentials = "RFC 8839 §5.4: a transport has ice-ufrag and ice-pwd of their lengths"
    case trickle = "RFC 8840 §4.1.1: ice-options has trickle"
    case ice2 = "RFC 8445 §10: ice-options has ice2"
    case fingerprint = "RFC 8842 §5.1: a transport has a fingerprint"
    case weakHash = "RFC 8122 §5: MD2 and MD5 are not used, SHA-1 not alone"
    case rtcpMux = "RFC 9143 §9.3: bundled RTP sections are multiplexed with RTCP"
    case rtcpComponent = "RFC 5761 §5.1.3: no candidates for RTCP where it is multiplexed"
    case bundledTransport = "RFC 9143 §7.1.3: only the tagged section has transport attributes"
    case msid = "RFC 9429 §5.2.1: msid where something is sent; in offers, only there"
    case cname = "RFC 5576 §6.1: every ssrc has one cname"
    case ssrcGroup = "RFC 5576 §4.2: an ssrc-group has only known sources"
    case uniqueSSRCs = "RFC 3550 §8: sources differ between sections"
    case ridPresent = "RFC 8853 §5.1: simulcast names only rids of its direction"
    case uniqueRIDs = "RFC 8851 §4: rids differ"
    case ridFormats = "RFC 8851 §4: a rid has only formats of the section"
    case sctp = "RFC 8841 §5.1: a data section has sctp-port and webrtc-datachannel"
    case crypto = "RFC 8827 §6.5: no keys in the open"

    // Answers.
    case sectionCount = "RFC 3264 §6: an answer has as many sections as the offer"
    case answeredKind = "RFC 3264 §6: kinds of media are the offer's"
    case answeredProfile = "RFC 9429 §5.3.1: profiles are the offer's"
    case answeredMID = "RFC 5888 §9.1: mids are the offer's"
    case staysRejected = "RFC 3264 §6: what the offer rejects stays rejected"
    case answeredFormats = "RFC 3264 §6.1: formats are the offer's, with its meaning"
    case mediaFormat = "RFC 3264 §6: an accepted section has a format that carries media"
    case answeredParameters = "RFC 3264 §6.1: parameters that define a format are the offer's"
    case answeredFeedback = "RFC 4585 §4.2: feedback is the offer's"
    case answeredExtensions = "RFC 8285 §7: extensions are the offer's, with its ids"
    case extensionDirection = "RFC 8285 §7: directions of extensions fit the offer's"
    case answeredDirection = "RFC 3264 §6.1: the direction fits the offer's"
    case answeredBundle = "RFC 9143 §7.3: a bundle has only sections of one offered bundle"
    case lonelyBundleOnly = "RFC 9143 §7.3: a bundle-only section is bundled or rejected"
    case answererTag = "RFC 9143 §7.3.1: the tagged section is the offer's, unless that is rejected"
    case bundleOnlyAnswer = "RFC 9143 §6: bundle-only is for offers"
    case answeredSetup = "RFC 8842 §5.3: an answer is active or passive, as the offer allows"
    case answeredTLSID = "RFC 8842 §5.3: tls-id answers tls-id"
    case answeredMux = "RFC 5761 §5.1.1: rtcp-mux answers rtcp-mux"
    case muxOnlyAnswer = "RFC 8858 §4.3: rtcp-mux-only is for offers"
    case answeredOptions = "RFC 9429 §5.3.1: ice-options are among the offer's"
    case requiredMux = "RFC 8858 §4.3: rtcp-mux-only is answered by rtcp-mux"
    case answeredReducedSize = "RFC 5506 §5: rtcp-rsize answers rtcp-rsize"
    case answeredMixed = "RFC 8285 §6: extmap-allow-mixed answers extmap-allow-mixed"
    case answeredCryptex = "RFC 9335 §4: cryptex answers cryptex"
    case ownCredentials = "RFC 8445 §5.3: credentials are one's own"
    case answeredRIDs = "RFC 8851 §6.3: rids are the offer's, turned around"
    case answeredSimulcast =
        "RFC 8853 §5.3.2: simulcast answers simulcast, turned around, no larger"
    case answeredGroups = "RFC 5888 §9.2: groups have semantics of the offer"
    case unknownAttribute = "RFC 3264 §6: an answer says nothing that nobody understands"

    // Offers.
    case offeredSetup = "RFC 8842 §5.2: an offer is actpass, or keeps the role it has"
    case offeredMIDExtension = "RFC 9429 §5.2.1: bundled RTP sections map the mid's extension"
    case bundleOnlyPort = "RFC 9143 §6: bundle-only has port 0 and is in a bundle"
    case muxOnly = "RFC 8858 §4.2: rtcp-mux-only comes with rtcp-mux"
    case firstRejected = "RFC 9429 §5.2.1: a first offer rejects nothing"

    // Later offers.
    case sameSession = "RFC 3264 §8: the origin stays, but for its version"
    case nextVersion = "RFC 3264 §8: the version grows with each change, and only then"
    case keptSections = "RFC 3264 §8: sections never become fewer"
    case keptMIDs = "RFC 9429 §5.2.2: a section keeps its mid unless it was rejected"
    case freshMIDs = "RFC 9429 §5.2.2: new sections have mids that are new"
    case keptKinds = "RFC 9429 §5.2.2: a section keeps its kind and profile unless it was rejected"
    case keptPayloadTypes = "RFC 3264 §8.3.2: payload types keep their meaning"
    case keptExtensions = "RFC 9429 §5.2.2: extension ids keep their meaning"
    case wholeRestart = "RFC 8839 §4.4.1.1.1: a restart changes ice-ufrag and ice-pwd"
    case keptFingerprint = "RFC 8842 §5.5: another fingerprint needs another tls-id"
    case keptBundle = "RFC 9429 §5.2.2: what is bundled stays bundled"
}

/// A rule that a description breaks.
struct RuleViolation: Hashable, Sendable, CustomStringConvertible {
    var rule: Rule
    /// The media section, counted from 0; nil for the session.
    var section: Int?
    /// What was found.
    var detail: String

    var description: String {
        let place = section.map { " (section \($0))" } ?? ""
        return rule.rawValue + place + (detail.isEmpty ? "" : ": \(detail)")
    }
}

/// Collects violations.
struct RuleReport {
    private(set) var violations: [RuleViolation] = []

    mutating func require(
        _ isKept: Bool,
        _ rule: Rule,
        in section: Int? = nil,
        _ detail: @autoclosure () -> String = ""
    ) {
        guard !isKept else { return }
        violations.append(RuleViolation(rule: rule, section: section, detail: detail()))
    }
}
