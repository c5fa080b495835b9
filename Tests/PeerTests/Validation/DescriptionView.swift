import SDP

/// A description as the rules look at it: who is bundled with whom, and what holds for a section.
struct DescriptionView {
    let description: SDPDescription
    let bundles: [[String]]

    init(_ description: SDPDescription) {
        self.description = description
        bundles = description.groups.filter { $0.semantics == GroupAttribute.bundle }.map(\.mids)
    }

    var media: [MediaDescription] { description.media }

    /// Sections that are not rejected, with their places.
    var active: [(index: Int, media: MediaDescription)] {
        media.enumerated().filter { !$0.element.isRejected }.map { ($0.offset, $0.element) }
    }

    func index(ofMID mid: String?) -> Int? {
        guard let mid else { return nil }
        return media.firstIndex { $0.mid == mid }
    }

    /// The bundle that a section is in.
    func bundle(of section: Int) -> [String]? {
        guard let mid = media[section].mid else { return nil }
        return bundles.first { $0.contains(mid) }
    }

    /// The section whose transport a section uses: the tagged one of its bundle, or itself.
    func carrier(of section: Int) -> Int {
        guard let tagged = bundle(of: section)?.first else { return section }
        return index(ofMID: tagged) ?? section
    }

    /// Whether a section has a transport of its own.
    func isCarrier(_ section: Int) -> Bool { carrier(of: section) == section }

    /// The section itself if it says `name`, or else the one that carries it.
    private func speaker(_ name: String, of section: Int) -> MediaDescription {
        media[section].has(name) ? media[section] : media[carrier(of: section)]
    }

    func setup(of section: Int) -> SetupRole? {
        description.setup(for: speaker("setup", of: section))
    }

    func fingerprints(of section: Int) -> Set<FingerprintAttribute> {
        Set(description.fingerprints(for: speaker("fingerprint", of: section)))
    }

    func credentials(of section: Int) -> [String?] {
        [
            description.iceUfrag(for: speaker("ice-ufrag", of: section)),
            description.icePwd(for: speaker("ice-pwd", of: section)),
        ]
    }

    func tlsID(of section: Int) -> String? {
        speaker("tls-id", of: section).tlsID ?? description.tlsID
    }

    func has(_ flag: SDPFlag, in section: Int) -> Bool {
        if speaker(flag.rawValue, of: section).has(flag) || description.has(flag) { return true }
        // A tagged section without RTP cannot speak of RTCP: the others of the bundle do.
        guard flag != .extensionMapAllowMixed, !media[carrier(of: section)].isRTP else {
            return false
        }
        let others = bundle(of: section)?.compactMap { index(ofMID: $0) } ?? []
        return others.contains { media[$0].has(flag) }
    }

    func direction(of section: Int) -> MediaDirection { description.direction(for: media[section]) }
}

extension MediaDescription {
    /// Whether the section carries SCTP over DTLS.
    var isData: Bool { protocolName.hasSuffix("DTLS/SCTP") }

    /// What a format is, for comparisons: encoding, clock rate, channels.
    func meaning(of payloadType: UInt8) -> String? {
        effectiveRTPMap(of: payloadType).map {
            "\($0.encoding.lowercased())/\($0.clockRate)/\($0.channels ?? 1)"
        }
    }

    /// Whether a format carries media by itself.
    func carriesMedia(_ payloadType: UInt8) -> Bool {
        let helpers = ["rtx", "red", "ulpfec", "flexfec-03", "flexfec", "telephone-event", "cn"]
        guard let map = effectiveRTPMap(of: payloadType) else { return false }
        return !helpers.contains(map.encoding.lowercased())
    }
}
