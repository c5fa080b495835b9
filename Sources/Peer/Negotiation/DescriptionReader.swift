import DTLS
import ICE
import SDP
import Wire

extension RemoteSection {
    /// Reads every m-section of `description`.
    static func all(of description: SDPDescription) -> [RemoteSection] {
        let group = Set(description.bundledMIDs ?? [])
        let tagged = description.bundledMIDs?.first.flatMap { description.media(withMID: $0) }
        let shared = tagged.map { RemoteTransport(of: $0, in: description) }
        // With one section there is nothing to bundle; and peers that name no mid cannot.
        let isAlone = description.media.count { !$0.isRejected } == 1
        let firstAudio = description.media.firstIndex {
            $0.kind == MediaKind.audio.rawValue && !$0.isRejected
        }
        var names = Set(description.media.compactMap(\.mid))
        return description.media.enumerated().map { index, media in
            let mid = media.mid ?? unusedName(from: index, in: &names)
            let isGrouped = media.mid.map { group.contains($0) } ?? false
            var transport = RemoteTransport(of: media, in: description)
            if isGrouped, let shared { transport.inherit(shared) }
            return RemoteSection(
                index: index,
                mid: mid,
                namesMid: media.mid != nil,
                kind: media.kind,
                protocolName: media.protocolName,
                formats: media.formats,
                isRTP: media.isRTP,
                isRejected: media.isRejected,
                // Without a BUNDLE group the first audio section gets the one transport.
                isBundled: isAlone || isGrouped || (group.isEmpty && firstAudio == index),
                isGrouped: isGrouped,
                hasRTCPMux: media.sharesPort || (isGrouped && tagged?.sharesPort == true),
                direction: description.direction(for: media),
                opus: OpusFormat(of: media),
                extensions: NegotiatedExtension.known(in: description.extensionMaps(for: media)),
                ssrcs: Array(media.ssrcs.map(\.ssrc).removingDuplicates().prefix(maximumSSRCs)),
                streamIDs: media.msids.map(\.streamID).filter { $0 != MSIDAttribute.noStream }
                    .removingDuplicates(),
                transport: transport
            )
        }
    }

    /// A name for a section that has none, as our own offers must give it one.
    private static func unusedName(from index: Int, in names: inout Set<String>) -> String {
        var number = index
        while !names.insert("\(number)").inserted { number += 1 }
        return "\(number)"
    }
}

extension MediaDescription {
    fileprivate var sharesPort: Bool { isRTCPMux || isRTCPMuxOnly }
}

extension NegotiatedExtension {
    /// Those of `maps` that we know, each once and under an id that a packet can carry.
    fileprivate static func known(in maps: [ExtensionMapAttribute]) -> [NegotiatedExtension] {
        [KnownExtension.mid, KnownExtension.audioLevel].compactMap { uri in
            maps.first { $0.uri == uri }.flatMap { map in
                UInt8(exactly: map.id).flatMap {
                    $0 > 0 ? NegotiatedExtension(id: $0, uri: uri) : nil
                }
            }
        }
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
        candidates = Array(media.candidates.compactMap { Candidate($0) }.prefix(maximumCandidates))
        isComplete = media.isEndOfCandidates || description.has("end-of-candidates")
        namesTLSID = media.has("tls-id")
    }
}

extension CertificateFingerprint {
    init?(_ attribute: FingerprintAttribute) {
        self.init(function: attribute.hashFunction, bytes: attribute.bytes)
    }
}

/// A section with one source has one; repair and simulcast bring a few more.
private let maximumSSRCs = 32

extension Array where Element: Hashable {
    fileprivate func removingDuplicates() -> [Element] {
        var seen = Set<Element>()
        return filter { seen.insert($0).inserted }
    }
}
