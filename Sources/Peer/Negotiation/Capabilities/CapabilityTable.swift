import SDP

/// The capabilities of a session, prepared to be looked up by format.
struct CapabilityTable: Sendable {
    /// One format with what identifies it.
    struct Entry: Hashable, Sendable {
        let codec: CodecCapability
        let key: FormatKey
        let purpose: CodecCapability.Purpose

        init(_ codec: CodecCapability) {
            self.codec = codec
            key = FormatKey(codec)
            purpose = codec.purpose
        }
    }

    /// The formats of one kind.
    struct Kind: Sendable {
        let capability: MediaCapabilities.Kind
        let entries: [Entry]
        /// The first entry of each format.
        private let places: [FormatKey: Int]
        private let extensions: Set<String>

        init(_ capability: MediaCapabilities.Kind) {
            self.capability = capability
            entries = capability.codecs.map { Entry($0) }
            var places: [FormatKey: Int] = [:]
            for (index, entry) in entries.enumerated() where places[entry.key] == nil {
                places[entry.key] = index
            }
            self.places = places
            extensions = Set(capability.headerExtensions.map(\.uri))
        }

        func entry(for key: FormatKey) -> Entry? { places[key].map { entries[$0] } }

        func has(extension uri: String) -> Bool { extensions.contains(uri) }

        /// Whether anything could be sent or received at all.
        var isUsable: Bool { entries.contains { $0.purpose == .media } }
    }

    let audio: Kind
    let video: Kind
    let data: MediaCapabilities.Data?
    let groupsStreams: Bool
    let mixesExtensions: Bool

    init(_ capabilities: MediaCapabilities) {
        audio = Kind(capabilities.audio)
        video = Kind(capabilities.video)
        data = capabilities.data
        groupsStreams = capabilities.groupsStreams
        mixesExtensions = capabilities.mixesExtensions
    }

    subscript(kind: MediaKind) -> Kind {
        switch kind {
        case .audio: audio
        case .video: video
        }
    }
}
