import SDP

/// A format of a section under its payload type, as a description of ours writes it.
struct SectionCodec: Hashable, Sendable {
    var payloadType: UInt8
    var codec: CodecCapability
    var key: FormatKey
    var purpose: CodecCapability.Purpose
    /// The payload type that is repeated (RFC 4588 §8.1).
    var repeats: UInt8?
    /// The payload type that the peer wants for what we send, where it differs.
    var sendPayloadType: UInt8?

    init(_ entry: CapabilityTable.Entry, payloadType: UInt8) {
        self.payloadType = payloadType
        codec = entry.codec
        key = entry.key
        purpose = entry.purpose
    }

    /// What the fmtp line says.
    func parameters(among codecs: [SectionCodec]) -> [FormatParametersAttribute.Parameter] {
        switch purpose {
        case .retransmission:
            return repeats.map { [.init("apt", String($0))] } ?? []
        case .redundancy:
            // RFC 2198 §5: the formats inside, newest first; video's ULPFEC inside goes without.
            guard codec.channels != nil, let inner = codecs.first(where: { $0.isCarried(by: self) })
            else { return codec.parameters }
            return [.init("\(inner.payloadType)/\(inner.payloadType)")]
        case .media, .forwardErrorCorrection, .telephoneEvent, .comfortNoise:
            return codec.parameters
        }
    }

    private func isCarried(by redundancy: SectionCodec) -> Bool {
        purpose == .media && codec.clockRate == redundancy.codec.clockRate
    }
}

extension [SectionCodec] {
    /// Whether there is anything but repair and signals among them.
    var hasMedia: Bool { contains { $0.purpose == .media } }

    /// The format that audio modules carry.
    var opus: SectionCodec? { first { $0.key.name == "opus" } }
}

/// A header extension of a section under its id.
struct SectionExtension: Hashable, Sendable {
    var id: UInt8
    var uri: String
    /// As the description's writer sees it; nil means both ways.
    var direction: MediaDirection?
}
