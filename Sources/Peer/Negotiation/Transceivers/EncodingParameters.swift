/// One encoding of a track that is sent: W3C's `RTCRtpEncodingParameters`.
public struct EncodingParameters: Hashable, Sendable {
    /// The encoding's name in simulcast (RFC 8851); nil where there is only one.
    public var rid: String?
    /// Whether it is sent at the moment.
    public var active: Bool
    /// Bits a second at most; nil leaves that to congestion control.
    public var maxBitrate: Int?
    /// Frames a second at most, of video; nil for any.
    public var maxFramerate: Double?
    /// By how much each side of the picture is divided, at least 1; of video.
    public var scaleResolutionDownBy: Double?

    /// An encoding, without limits unless they are given.
    public init(
        rid: String? = nil,
        active: Bool = true,
        maxBitrate: Int? = nil,
        maxFramerate: Double? = nil,
        scaleResolutionDownBy: Double? = nil
    ) {
        self.rid = rid
        self.active = active
        self.maxBitrate = maxBitrate
        self.maxFramerate = maxFramerate
        self.scaleResolutionDownBy = scaleResolutionDownBy
    }
}
