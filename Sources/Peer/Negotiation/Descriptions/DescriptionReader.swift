import DTLS
import ICE
import SDP
import Wire

/// Reads the sections of a description of the peer's, in one pass over its lines.
struct DescriptionReader {
    private let description: SDPDescription
    private let shared: RemoteTransport
    private let sharedDirection: MediaDirection
    private let sharedExtensions: [SectionExtension]
    /// Those of the session and of all sections.
    private(set) var iceOptions: Set<String>
    private(set) var bundleGroups: [[String]] = []
    private(set) var streamGroups: [[String]] = []
    private var names: Set<String>

    init(_ description: SDPDescription) {
        self.description = description
        var lines = TransportLines()
        for attribute in description.attributes { lines.take(attribute) }
        var shared = lines.transport
        shared.isLite = description.isICELite
        shared.pacing = description.icePacing
        shared.renominates = description.iceOptions.contains(ICEOptionsAttribute.renomination)
        self.shared = shared
        sharedDirection = description.statedDirection ?? .sendReceive
        sharedExtensions = MediaLines.unambiguous(description.extensionMaps)
        iceOptions = Set(description.iceOptions)
        names = Set(description.media.lazy.compactMap(\.mid))
        for group in description.groups {
            if group.semantics == GroupAttribute.bundle { bundleGroups.append(group.mids) }
            if group.semantics == GroupAttribute.lipSynchronization {
                streamGroups.append(group.mids)
            }
        }
    }

    /// Every m-section.
    mutating func sections() -> [RemoteSection] {
        var sections: [RemoteSection] = []
        sections.reserveCapacity(description.media.count)
        for (index, media) in description.media.enumerated() {
            sections.append(section(media, at: index))
        }
        return sections
    }

    private mutating func section(_ media: MediaDescription, at index: Int) -> RemoteSection {
        var transportLines = TransportLines()
        var mediaLines = MediaLines(media)
        var direction: MediaDirection?
        var mux = RemoteSection.Multiplexing.none
        for attribute in media.attributes {
            switch attribute.name {
            case "rtcp-mux": if mux == .none { mux = .offered }
            case "rtcp-mux-only": mux = .only
            case "ice-options":
                let options = ICEOptionsAttribute(attribute)?.options ?? []
                iceOptions.formUnion(options)
                if options.contains(ICEOptionsAttribute.renomination) {
                    transportLines.transport.renominates = true
                }
            default:
                if direction == nil { direction = MediaDirection(attribute) }
                if !transportLines.take(attribute) { mediaLines.take(attribute) }
            }
        }
        let content = content(of: media)
        let mid = media.mid
        return RemoteSection(
            index: index,
            mid: mid ?? unusedName(from: index),
            namesMid: mid != nil,
            form: SectionForm(
                kind: media.kind,
                protocolName: media.protocolName,
                formats: media.formats
            ),
            content: content,
            isRejected: media.isRejected,
            isBundleOnly: media.isBundleOnly,
            mux: mux,
            direction: direction ?? sharedDirection,
            media: content.isMedia ? mediaLines.media(sharedExtensions) : RemoteMedia(),
            transport: transport(transportLines)
        )
    }

    private func content(of media: MediaDescription) -> RemoteSection.Content {
        if media.isRTP { return MediaKind(rawValue: media.kind).map { .media($0) } ?? .unknown }
        guard media.kind == "application", let format = DataFormat(media) else { return .unknown }
        return .data(format)
    }

    /// What the section does not say of its transport, the session says for it.
    private func transport(_ lines: TransportLines) -> RemoteTransport {
        var own = lines.transport
        own.isLite = shared.isLite
        own.renominates = own.renominates || shared.renominates
        own.pacing = shared.pacing
        if own.credentials == nil {
            own.credentials = lines.credentials(falling: shared.credentials)
        }
        if own.fingerprints.isEmpty { own.fingerprints = shared.fingerprints }
        own.setup = own.setup ?? shared.setup
        own.tlsID = own.tlsID ?? shared.tlsID
        own.isComplete = own.isComplete || shared.isComplete
        return own
    }

    /// A name for a section that has none, as our own offers must give it one.
    private mutating func unusedName(from index: Int) -> String {
        var name = "section-\(index)"
        while !names.insert(name).inserted { name += "-" }
        return name
    }
}

extension RemoteSection.Content {
    fileprivate var isMedia: Bool {
        switch self {
        case .media: true
        case .data, .unknown: false
        }
    }
}

extension DataFormat {
    /// Nil if the section is of another kind than data channels.
    init?(_ media: MediaDescription) {
        let profile = media.protocolName.uppercased()
        guard profile.hasSuffix("DTLS/SCTP"), let format = media.formats.first else { return nil }
        let size = media.maximumMessageSize ?? 65_536
        if format == "webrtc-datachannel" {
            // RFC 8841 §5.1: the port must be said; 5000 is what everybody says.
            self.init(
                sctpPort: media.sctpPort ?? 5_000,
                maximumMessageSize: size,
                isLegacy: false
            )
        } else {
            guard let port = UInt16(format) else { return nil }
            self.init(sctpPort: port, maximumMessageSize: size, isLegacy: true)
        }
    }
}
