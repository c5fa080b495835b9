import SDP

/// What RFC 9429 §5.2 and §5.3 ask of a description, checked line by line: broken rules as sentences.
struct JSEPRules {
    enum Kind { case offer, answer }

    let kind: Kind
    let text: String
    /// The offer that an answer answers.
    var offer: SDPDescription?
    private var broken: [String] = []
    /// The candidates of the whole description: sections of a bundle name those of its first.
    private var candidates: [CandidateAttribute] = []

    private init(_ kind: Kind, _ text: String, offer: SDPDescription?) {
        self.kind = kind
        self.text = text
        self.offer = offer
    }

    static func broken(inOffer text: String) throws -> [String] {
        var rules = JSEPRules(.offer, text, offer: nil)
        try rules.check()
        return rules.broken
    }

    static func broken(inAnswer text: String, to offer: String) throws -> [String] {
        var rules = JSEPRules(.answer, text, offer: try SDPDescription(parsing: offer))
        try rules.check()
        return rules.broken
    }

    private mutating func require(_ isTrue: Bool, _ rule: String) {
        if !isTrue { broken.append(rule) }
    }

    private mutating func check() throws {
        let description = try SDPDescription(parsing: text, mode: .strict)
        candidates = description.media.flatMap(\.candidates)
        checkSession(description)
        checkGroup(description)
        checkNames(description)
        let group = description.bundledMIDs ?? []
        for media in description.media where !media.isRejected {
            checkSection(media)
            // RFC 9143 §7.1.3: the first of the group speaks for it, others for themselves.
            let isBundled = media.mid.map { group.dropFirst().contains($0) } ?? false
            if isBundled { checkBundled(media) } else { checkTransport(media) }
        }
        if let offer { checkAnswer(description, to: offer) }
    }

    // RFC 9429 §5.2.1, the session-level lines.
    private mutating func checkSession(_ description: SDPDescription) {
        let lines = text.split(separator: "\r\n", omittingEmptySubsequences: false)
        require(lines.first == "v=0", "the first line is v=0")
        require(lines.dropFirst().first?.hasPrefix("o=- ") == true, "the user name is -")
        require(lines.dropFirst(2).first == "s=-", "the session name is -")
        require(lines.dropFirst(3).first == "t=0 0", "the time is 0 0")
        require(lines.last == "", "the last line ends with CR LF")
        require(
            (UInt64("\(description.origin.sessionID)") ?? .max) < 1 << 63,
            "the session id has 63 bits"
        )
        let options = description.iceOptions
        // RFC 9429 §5.3.1: an answer has them if and only if the offer does.
        let offered = offer.map { $0.iceOptions + $0.media.flatMap(\.iceOptions) }
        for option in ["trickle", "ice2"] {
            let isWanted = offered?.contains(option) ?? true
            require(options.contains(option) == isWanted, "ice-options has \(option)")
        }
        require(description.iceUfrag == nil, "credentials are per section")
    }

    // RFC 9143 §7.2, §7.3.
    private mutating func checkGroup(_ description: SDPDescription) {
        let active = description.media.filter { !$0.isRejected }
        let group = description.bundledMIDs ?? []
        require(Set(group).count == group.count, "no mid is in the group twice")
        let offered = offer.map { $0.bundledMIDs ?? [] }
        let expected = active.compactMap(\.mid).filter { offered?.contains($0) ?? true }
        // RFC 9429 §5.2.2: what an answer did not bundle stays out of later offers' group.
        let isComplete =
            kind == .answer
            ? Set(group) == Set(expected)
            : group.allSatisfy { mid in
                expected.contains(mid)
            }
        require(isComplete, "BUNDLE has exactly the active sections that may be in it")
        require(description.groups.count <= 1, "one group")
        let first = active.first { $0.mid == group.first }
        require(first?.isBundleOnly != true, "the tagged section is not bundle-only")
    }

    // RFC 5888 §4, RFC 9143 §9.1.
    private mutating func checkNames(_ description: SDPDescription) {
        let mids = description.media.compactMap(\.mid)
        require(Set(mids).count == mids.count, "mids differ")
        if kind == .offer {
            require(mids.count == description.media.count, "each section has a mid")
        }
        for media in description.media {
            let ids = media.extensionMaps.map(\.id)
            require(Set(ids).count == ids.count, "extension ids differ")
            require(ids.allSatisfy { 1...255 ~= $0 }, "extension ids are 1 to 255")
            let isUnused = media.isRejected || media.isBundleOnly
            let ports: [UInt16] = isUnused ? [0] : [9] + candidates.map(\.port)
            require(ports.contains(media.port), "the port is 9, that of a candidate, or 0")
        }
    }

    // RFC 9429 §5.2.1, what each section has.
    private mutating func checkSection(_ media: MediaDescription) {
        let places = ["0.0.0.0", "::"] + candidates.map(\.address.text)
        require(places.contains(media.connection?.address ?? ""), "c= names a candidate, or none")
        let directions = media.attributes.filter { MediaDirection($0) != nil }
        require(directions.count == 1, "exactly one direction")
        require(Set(media.payloadTypes).count == media.formats.count, "payload types differ")
        for type in media.payloadTypes {
            let map = media.rtpMap(of: type)
            require(map?.encoding == "opus", "each payload type has its rtpmap")
            require(map?.clockRate == 48_000 && map?.channels == 2, "RFC 7587 §7: opus/48000/2")
            let inband = media.formatParameters(of: type)
            require(inband != nil, "RFC 9429 §5.2.1: an fmtp line says useinbandfec")
        }
        let sends = media.direction.sends
        require(!sends || !media.msids.isEmpty, "msid where something is sent")
        require(sends || kind == .answer || media.msids.isEmpty, "msid only where it is offered")
        require(media.ssrcs.allSatisfy { $0.attribute.value?.contains("cname:") == true }, "cname")
    }

    // RFC 9429 §5.2.1: attributes of the categories IDENTICAL and TRANSPORT.
    private mutating func checkTransport(_ media: MediaDescription) {
        // RFC 8839 §5.4: 4 to 256 ice-chars with 24 bits, 22 with 128 bits.
        require((media.iceUfrag ?? "").utf8.count >= 4, "ice-ufrag has four characters")
        require((media.icePwd ?? "").utf8.count >= 22, "ice-pwd has 22 characters")
        require(media.fingerprints.count == 1, "one fingerprint for the one certificate")
        require(media.fingerprints.first?.hashFunction == "sha-256", "the fingerprint is SHA-256")
        switch (kind, media.setup) {
        case (.offer, .actpass?), (.answer, .active?), (.answer, .passive?): break
        default: broken.append("setup is actpass in offers, active or passive in answers")
        }
        require(media.isRTCPMux, "rtcp-mux")
        if kind == .offer {
            require(20...255 ~= (media.value(of: "tls-id") ?? "").utf8.count, "tls-id")
            require(media.isRTCPMuxOnly, "rtcp-mux-only, as RTCP has no port of its own")
        }
    }

    private mutating func checkBundled(_ media: MediaDescription) {
        let forbidden = [
            "ice-ufrag", "ice-pwd", "fingerprint", "setup", "tls-id", "rtcp", "rtcp-mux",
            "rtcp-rsize", "candidate", "end-of-candidates",
        ]
        for name in forbidden {
            require(!media.has(name), "a bundled section does not have \(name)")
        }
    }

    // RFC 9429 §5.3.1.
    private mutating func checkAnswer(_ answer: SDPDescription, to offer: SDPDescription) {
        require(answer.media.count == offer.media.count, "as many sections as the offer")
        for (ours, theirs) in zip(answer.media, offer.media) {
            require(ours.kind == theirs.kind, "the kinds are the offer's")
            require(ours.protocolName == theirs.protocolName, "the profile is the offer's")
            require(ours.mid == theirs.mid, "the mids are the offer's")
            require(!theirs.isRejected || ours.isRejected, "what is rejected stays so")
            guard !ours.isRejected else { continue }
            require(Set(ours.formats).isSubset(of: theirs.formats), "no format of our own")
            let maps = offer.extensionMaps(for: theirs).map { "\($0.id) \($0.uri)" }
            let answered = ours.extensionMaps.map { "\($0.id) \($0.uri)" }
            require(Set(answered).isSubset(of: maps), "no extension of our own")
            let possible = offer.direction(for: theirs).reversed
            require(ours.direction.intersection(possible) == ours.direction, "the direction fits")
            checkAttributes(ours)
        }
    }

    /// An answer never repeats what it does not know.
    private mutating func checkAttributes(_ media: MediaDescription) {
        let known: Set = [
            "mid", "extmap", "sendrecv", "sendonly", "recvonly", "inactive", "msid", "rtpmap",
            "fmtp", "ssrc", "ice-ufrag", "ice-pwd", "fingerprint", "setup", "tls-id", "rtcp",
            "rtcp-mux", "rtcp-mux-only", "candidate", "end-of-candidates",
        ]
        for attribute in media.attributes {
            require(known.contains(attribute.name), "\(attribute.name) is in no answer of ours")
        }
    }
}
