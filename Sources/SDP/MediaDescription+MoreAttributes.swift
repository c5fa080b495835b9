// Names for what a media section says less often.
extension MediaDescription {
    /// How much media a packet should hold (RFC 8866 §6.4).
    public var packetTime: Duration? {
        get { first(PacketTimeAttribute.self)?.time }
        set { set(newValue.map { PacketTimeAttribute($0) }) }
    }

    /// How much media a packet may hold at most (RFC 8866 §6.5).
    public var maximumPacketTime: Duration? {
        get { first(MaximumPacketTimeAttribute.self)?.time }
        set { set(newValue.map { MaximumPacketTimeAttribute($0) }) }
    }

    /// How many pictures a second there are at most (RFC 8866 §6.13).
    public var frameRate: Double? {
        get { first(FrameRateAttribute.self)?.framesPerSecond }
        set { set(newValue.map { FrameRateAttribute($0) }) }
    }

    /// Picture sizes that formats can have (RFC 6236 §3.1).
    public var imageAttributes: [ImageAttribute] {
        get { all() }
        set { replaceAll(with: newValue) }
    }

    /// What the medium shows (RFC 4796 §5).
    public var content: [String] {
        get { first(ContentAttribute.self)?.kinds ?? [] }
        set { set(newValue.isEmpty ? nil : ContentAttribute(newValue)) }
    }

    /// The peer's candidates that were chosen (RFC 8839 §5.2).
    public var remoteCandidates: RemoteCandidatesAttribute? {
        get { first() }
        set { set(newValue) }
    }

    /// Whether the default destination was no candidate, so that ICE is not used (RFC 8839 §5.3).
    public var isICEMismatch: Bool {
        get { has(.iceMismatch) }
        set { set(.iceMismatch, to: newValue) }
    }

    /// SCTP ports as drafts before RFC 8841 wrote them.
    public var sctpMaps: [SCTPMapAttribute] {
        get { all() }
        set { replaceAll(with: newValue) }
    }

    /// The SCTP port, of whichever way to write it is there.
    public var effectiveSCTPPort: UInt16? { sctpPort ?? sctpMaps.first?.port }

    /// Keys in the open (RFC 4568): never used.
    public var cryptos: [CryptoAttribute] { all() }

    /// The parameters of a payload type as its codec defines them; nil without fmtp or rtpmap, and
    /// for malformed parameters.
    public func codecParameters(of payloadType: UInt8) -> CodecParameters? {
        guard
            let parameters = formatParameters(of: payloadType),
            let map = effectiveRTPMap(of: payloadType)
        else { return nil }
        do throws(SDPError) {
            return try CodecParameters(parameters, encoding: map.encoding)
        } catch {
            return nil
        }
    }

    /// The strictest limit of a kind (RFC 8866 §5.8).
    public func bandwidth(_ modifier: BandwidthLimit.Modifier) -> UInt64? {
        bandwidths.filter { $0.modifier == modifier }.compactMap(\.bitsPerSecond).min()
    }
}
