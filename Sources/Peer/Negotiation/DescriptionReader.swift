import DTLS
import ICE
import SDP
import Wire

extension RemoteSection {
    /// Reads every m-section of `description`.
    static func all(of description: SDPDescription) -> [RemoteSection] {
        let bundle = description.bundledMIDs ?? []
        let active = description.media.filter { !$0.isRejected }
        // With one section there is nothing to bundle; and peers that name no mid cannot.
        let isAlone = active.count == 1
        return description.media.enumerated().map { index, media in
            let mid = media.mid ?? "\(index)"
            return RemoteSection(
                index: index,
                mid: mid,
                namesMid: media.mid != nil,
                kind: media.kind,
                protocolName: media.protocolName,
                formats: media.formats,
                isRejected: media.isRejected,
                isBundled: isAlone || bundle.contains(mid) || isFirstAudio(index, description),
                hasRTCPMux: media.isRTCPMux || media.isRTCPMuxOnly,
                direction: description.direction(for: media),
                opus: OpusFormat(of: media),
                extensions: description.extensionMaps(for: media).compactMap { map in
                    UInt8(exactly: map.id).map { NegotiatedExtension(id: $0, uri: map.uri) }
                },
                ssrcs: media.ssrcs.map(\.ssrc).removingDuplicates(),
                streamIDs: media.msids.map(\.streamID).filter { $0 != MSIDAttribute.noStream }
                    .removingDuplicates(),
                transport: RemoteTransport(of: media, in: description)
            )
        }
    }

    /// Without a BUNDLE group the first audio section gets the one transport.
    private static func isFirstAudio(_ index: Int, _ description: SDPDescription) -> Bool {
        guard description.bundledMIDs == nil else { return false }
        return description.media.firstIndex {
            $0.kind == MediaKind.audio.rawValue && !$0.isRejected
        } == index
    }
}

extension OpusFormat {
    /// Opus as the section offers it; nil if it does not.
    init?(of media: MediaDescription) {
        guard media.kind == MediaKind.audio.rawValue else { return nil }
        let map = media.rtpMaps.first { map in
            map.encoding.lowercased() == "opus" && map.clockRate == 48_000
                && media.payloadTypes.contains(map.payloadType)
        }
        guard let payloadType = map?.payloadType ?? Self.impliedType(of: media) else { return nil }
        self.init(payloadType: payloadType)
        if let attribute = media.formatParameters(of: payloadType) {
            parameters = OpusParameters(attribute)
        }
    }

    /// Programs exist that offer one dynamic payload type and say nothing about it: it is Opus.
    private static func impliedType(of media: MediaDescription) -> UInt8? {
        guard media.rtpMaps.isEmpty, media.payloadTypes.count == 1 else { return nil }
        return media.payloadTypes.first.flatMap { (96...127).contains($0) ? $0 : nil }
    }
}

extension RemoteTransport {
    init(of media: MediaDescription, in description: SDPDescription) {
        if let ufrag = description.iceUfrag(for: media), let pwd = description.icePwd(for: media),
            !ufrag.isEmpty, !pwd.isEmpty
        {
            credentials = ICECredentials(usernameFragment: ufrag, password: pwd)
        }
        isLite = description.isICELite
        pacing = description.icePacing
        fingerprints = description.fingerprints(for: media).compactMap {
            CertificateFingerprint($0)
        }
        setup = description.setup(for: media)
        candidates = media.candidates.compactMap { Candidate($0) }
        isComplete = media.isEndOfCandidates || description.has("end-of-candidates")
    }
}

extension CertificateFingerprint {
    init?(_ attribute: FingerprintAttribute) {
        self.init(function: attribute.hashFunction, bytes: attribute.bytes)
    }
}

extension Array where Element: Hashable {
    fileprivate func removingDuplicates() -> [Element] {
        var seen = Set<Element>()
        return filter { seen.insert($0).inserted }
    }
}
