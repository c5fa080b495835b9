public import SDP

/// How a sender sends: W3C's `RTCRtpSendParameters`.
///
/// Read them, change what may change, and set them; what negotiation decides must stay.
///
/// ```swift
/// var parameters = try session.parameters(of: video)
/// parameters.encodings[0].maxBitrate = 500_000
/// try session.setParameters(parameters, of: video, at: now)
/// ```
public struct SendParameters: Hashable, Sendable {
    /// Which reading these parameters are of.
    public internal(set) var transactionID: UInt64
    /// The encodings; their number, order and rids must stay.
    public var encodings: [EncodingParameters]
    /// The header extensions that were agreed on, and their ids.
    public internal(set) var headerExtensions: [ExtensionMapAttribute]
    /// The formats that were agreed on; the first of media is sent.
    public internal(set) var codecs: [AgreedCodec]
    /// The name of this side in RTCP.
    public internal(set) var cname: String
}

/// A format both sides agree on, under its payload type: W3C's `RTCRtpCodecParameters`.
public struct AgreedCodec: Hashable, Sendable {
    /// What packets carry.
    public var payloadType: UInt8
    /// The format.
    public var codec: CodecCapability
    /// The payload type that this one repeats.
    public var repeats: UInt8?
}
