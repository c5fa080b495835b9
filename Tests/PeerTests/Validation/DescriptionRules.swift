import SDP

/// Rules that offers and answers share.
struct DescriptionRules {
    let view: DescriptionView
    let isAnswer: Bool
    /// Whether bundled sections have agreed on their transport: all answers, and later offers.
    let isBundleAgreed: Bool
    var report = RuleReport()

    init(_ description: SDPDescription, isAnswer: Bool, isBundleAgreed: Bool) {
        view = DescriptionView(description)
        self.isAnswer = isAnswer
        self.isBundleAgreed = isBundleAgreed
    }

    mutating func check() {
        checkSession()
        checkNames()
        for (index, media) in view.active {
            checkSection(media, index)
            if media.isRTP { checkRTP(media, index) }
            checkCarrier(media, index)
        }
        for index in view.media.indices { checkAttributes(view.media[index], index) }
        checkBundles()
        checkSources()
    }

    private mutating func checkSession() {
        let description = view.description
        let isGrammatical =
            (try? SDPDescription(parsing: description.write(), mode: .strict)) != nil
        report.require(isGrammatical, .grammar)
        report.require(description.version == 0, .version)
        report.require(description.origin.username == "-", .originUser)
        let id = UInt64(description.origin.sessionID) ?? .max
        report.require(id < 1 << 63, .sessionID, description.origin.sessionID)
        report.require(description.name == "-", .sessionName)
        report.require(description.times == [SDPDescription.TimeDescription()], .time)
        for attribute in description.attributes {
            report.require((try? attribute.check()) != nil, .wellFormed, "\(attribute)")
        }
    }

    private mutating func checkNames() {
        let mids = view.media.compactMap(\.mid)
        report.require(Set(mids).count == mids.count, .uniqueMIDs)
        for group in view.description.groups {
            report.require(Set(group.mids).isSubset(of: mids), .groupMembers, group.value)
        }
        let bundled = view.bundles.flatMap(\.self)
        report.require(Set(bundled).count == bundled.count, .bundleOnce)
        for (index, media) in view.media.enumerated() {
            // An answer has the offer's, which may have none.
            report.require(isAnswer || media.mid != nil, .mid, in: index)
            report.require(!media.formats.isEmpty, .format, in: index)
            let isBundled = view.bundle(of: index) != nil
            if media.isRejected { report.require(!isBundled, .bundleRejected, in: index) }
        }
        for bundle in view.bundles {
            let tagged = view.index(ofMID: bundle.first).map { view.media[$0] }
            report.require(tagged?.isBundleOnly != true, .taggedBundleOnly)
        }
    }

    private mutating func checkSection(_ media: MediaDescription, _ index: Int) {
        report.require(view.description.connection(for: media) != nil, .connection, in: index)
        report.require(media.cryptos.isEmpty, .crypto, in: index)
        if media.isData {
            let isWhole = media.sctpPort != nil && media.formats == ["webrtc-datachannel"]
            // Before the RFC, the format was the port, and an offer of then is answered like that.
            let isOld =
                isAnswer && media.protocolName == "DTLS/SCTP"
                && media.sctpMaps.map { String($0.port) } == media.formats
            report.require(isWhole || isOld, .sctp, in: index)
        }
    }

    private mutating func checkAttributes(_ media: MediaDescription, _ index: Int) {
        for attribute in media.attributes {
            report.require((try? attribute.check()) != nil, .wellFormed, in: index, "\(attribute)")
        }
        let single = [
            "mid", "ice-ufrag", "ice-pwd", "setup", "tls-id", "rtcp", "rtcp-mux", "rtcp-mux-only",
            "rtcp-rsize", "simulcast", "sctp-port", "max-message-size", "ptime", "maxptime",
            "bundle-only", "end-of-candidates", "cryptex", "extmap-allow-mixed",
        ]
        for name in single {
            report.require(media.values(named: name) <= 1, .once, in: index, name)
        }
    }

    /// Attributes of the transport: with whom they must be, and with whom they must not.
    private mutating func checkCarrier(_ media: MediaDescription, _ index: Int) {
        let isCarrier = isBundleAgreed ? view.isCarrier(index) : !media.isBundleOnly
        guard isCarrier else {
            // A tagged section without RTP cannot say what only RTP has.
            let isSpared = media.isRTP && !view.media[view.carrier(of: index)].isRTP
            for name in transportAttributes where !(isSpared && name.hasPrefix("rtcp")) {
                report.require(!media.has(name), .bundledTransport, in: index, name)
            }
            return
        }
        let description = view.description
        let ufrag = description.iceUfrag(for: media)?.utf8.count ?? 0
        let pwd = description.icePwd(for: media)?.utf8.count ?? 0
        report.require(4...256 ~= ufrag && 22...256 ~= pwd, .credentials, in: index)
        if !isAnswer {
            let options = description.iceOptions(for: media)
            report.require(options.contains("trickle"), .trickle, in: index)
            report.require(options.contains("ice2"), .ice2, in: index)
        }
        let hashes = description.fingerprints(for: media).map(\.hashFunction)
        report.require(!hashes.isEmpty, .fingerprint, in: index)
        let isWeak = hashes.contains("md5") || hashes.contains("md2") || hashes == ["sha-1"]
        report.require(!isWeak, .weakHash, in: index)
        guard media.isRTP else { return }
        if view.bundle(of: index) != nil { report.require(media.isRTCPMux, .rtcpMux, in: index) }
        // An offerer cannot know yet whether the answerer multiplexes.
        if media.isRTCPMux, isAnswer || media.isRTCPMuxOnly {
            let components = media.candidates.map(\.component)
            report.require(!components.contains(2), .rtcpComponent, in: index)
        }
    }

    private mutating func checkSources() {
        var owners: [UInt32: Int] = [:]
        for (index, media) in view.active where media.isRTP {
            let sources = Set(media.ssrcs.map(\.ssrc))
            for source in sources {
                let cnames = media.ssrcs.filter { $0.ssrc == source }.compactMap(\.cname)
                report.require(cnames.count == 1, .cname, in: index, "\(source)")
                let owner = owners.updateValue(index, forKey: source) ?? index
                report.require(owner == index, .uniqueSSRCs, in: index, "\(source)")
            }
            for group in media.ssrcGroups {
                let isKnown = sources.isSuperset(of: group.ssrcs)
                report.require(isKnown, .ssrcGroup, in: index, group.value)
            }
        }
    }
}

/// RFC 8859 §5: attributes of the categories TRANSPORT and IDENTICAL that WebRTC uses.
let transportAttributes = [
    "ice-ufrag", "ice-pwd", "fingerprint", "setup", "tls-id", "rtcp", "rtcp-mux", "rtcp-rsize",
    "candidate", "end-of-candidates",
]

extension SDPSection {
    /// How many attributes have a name.
    func values(named name: String) -> Int { attributes.filter { $0.name == name }.count }
}
