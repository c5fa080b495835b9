// Names for what only a media section can say.
extension MediaDescription {
    /// The section's name within the description (RFC 5888 §4).
    public var mid: String? {
        get { value(of: "mid") }
        set { set("mid", to: newValue) }
    }

    /// The direction as seen by whoever wrote the description; `sendrecv` when not stated here.
    public var direction: MediaDirection {
        get { statedDirection ?? .sendReceive }
        set { statedDirection = newValue }
    }

    /// What the payload types mean (RFC 8866 §6.6).
    public var rtpMaps: [RTPMapAttribute] {
        get { all() }
        set { replaceAll(with: newValue) }
    }

    /// What a payload type means.
    public func rtpMap(of payloadType: UInt8) -> RTPMapAttribute? {
        rtpMaps.first { $0.payloadType == payloadType }
    }

    /// Parameters of the formats (RFC 8866 §6.15).
    public var formatParameters: [FormatParametersAttribute] {
        get { all() }
        set { replaceAll(with: newValue) }
    }

    /// The parameters of a payload type.
    public func formatParameters(of payloadType: UInt8) -> FormatParametersAttribute? {
        let format = String(payloadType)
        return formatParameters.first { $0.format == format }
    }

    /// RTCP feedback that may be sent (RFC 4585 §4.2).
    public var rtcpFeedback: [RTCPFeedbackAttribute] {
        get { all() }
        set { replaceAll(with: newValue) }
    }

    /// The feedback that holds for a payload type, that of `*` included.
    public func rtcpFeedback(of payloadType: UInt8) -> [RTCPFeedbackAttribute] {
        rtcpFeedback.filter { $0.payloadType == nil || $0.payloadType == payloadType }
    }

    /// ICE candidates (RFC 8839 §5.1).
    public var candidates: [CandidateAttribute] {
        get { all() }
        set { replaceAll(with: newValue) }
    }

    /// Whether no more candidates will come (RFC 8840 §8.2).
    public var isEndOfCandidates: Bool {
        get { has("end-of-candidates") }
        set { setFlag("end-of-candidates", to: newValue) }
    }

    /// Facts about synchronization sources (RFC 5576 §4.1).
    public var ssrcs: [SSRCAttribute] {
        get { all() }
        set { replaceAll(with: newValue) }
    }

    /// Synchronization sources that belong together (RFC 5576 §4.2).
    public var ssrcGroups: [SSRCGroupAttribute] {
        get { all() }
        set { replaceAll(with: newValue) }
    }

    /// The streams and tracks the section belongs to (RFC 8830 §2).
    public var msids: [MSIDAttribute] {
        get { all() }
        set { replaceAll(with: newValue) }
    }

    /// The port of RTCP where it is not multiplexed (RFC 3605 §2.1).
    public var rtcp: RTCPAttribute? {
        get { first() }
        set { set(newValue) }
    }

    /// Whether RTP and RTCP share a port (RFC 5761 §5.1.1).
    public var isRTCPMux: Bool {
        get { has("rtcp-mux") }
        set { setFlag("rtcp-mux", to: newValue) }
    }

    /// Whether RTCP must be multiplexed (RFC 8858 §3).
    public var isRTCPMuxOnly: Bool {
        get { has("rtcp-mux-only") }
        set { setFlag("rtcp-mux-only", to: newValue) }
    }

    /// Whether RTCP packets may be reduced in size (RFC 5506 §5).
    public var isRTCPReducedSize: Bool {
        get { has("rtcp-rsize") }
        set { setFlag("rtcp-rsize", to: newValue) }
    }

    /// Whether the section is only of use within its bundle (RFC 9143 §6).
    public var isBundleOnly: Bool {
        get { has("bundle-only") }
        set { setFlag("bundle-only", to: newValue) }
    }

    /// The SCTP port (RFC 8841 §5).
    public var sctpPort: UInt16? {
        get { first(SCTPPortAttribute.self)?.port }
        set { set(newValue.map { SCTPPortAttribute($0) }) }
    }

    /// The largest message the sender takes (RFC 8841 §6); 0 means any size.
    public var maximumMessageSize: UInt64? {
        get { first(MaximumMessageSizeAttribute.self)?.bytes }
        set { set(newValue.map { MaximumMessageSizeAttribute($0) }) }
    }

    /// Restricted encodings of a medium (RFC 8851 §4).
    public var rids: [RIDAttribute] {
        get { all() }
        set { replaceAll(with: newValue) }
    }

    /// Which encodings are sent at once (RFC 8853 §5.1).
    public var simulcast: SimulcastAttribute? {
        get { first() }
        set { set(newValue) }
    }
}
