import SDP

/// The first byte chooses the attribute, the rest is its value: what is written is read again.
@c(LLVMFuzzerTestOneInput)
public func fuzzAttributes(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = UnsafeBufferPointer(start: bytes, count: count)
    guard let choice = input.first else { return 0 }
    let type = types[Int(choice) % types.count]
    let value = String(decoding: input.dropFirst(), as: UTF8.self)
    check(type, value)
    let codec: any SDPCodecParameters.Type = codecs[Int(choice) % codecs.count]
    checkCodec(codec, value)
    if let limit = try? BandwidthLimit(parsing: value) {
        precondition((try? BandwidthLimit(parsing: limit.text)) == limit, "written, then read")
        _ = limit.bitsPerSecond
    }
    return 0
}

/// Parameters of a codec: what is written is read again.
private func checkCodec<Parameters: SDPCodecParameters>(_: Parameters.Type, _ value: String) {
    guard let attribute = try? FormatParametersAttribute(parsing: value) else { return }
    _ = try? CodecParameters(attribute, encoding: Parameters.encoding)
    guard let parameters = try? Parameters(attribute) else { return }
    precondition(parameters.isSameFormat(as: parameters), "the same as itself")
    guard let written = parameters.attribute(payloadType: 96) else { return }
    precondition((try? Parameters(written)) == parameters, "written, then read")
}

private let codecs: [any SDPCodecParameters.Type] = [
    H264Parameters.self, H265Parameters.self, VP8Parameters.self, VP9Parameters.self,
    AV1Parameters.self, RTXParameters.self, REDParameters.self,
]

private func check<Attribute: SDPTypedAttribute>(_: Attribute.Type, _ value: String) {
    guard let attribute = try? Attribute(parsing: value) else { return }
    precondition((try? Attribute(parsing: attribute.value)) == attribute, "written, then read")
}

private let types: [any SDPTypedAttribute.Type] = [
    RTPMapAttribute.self, FormatParametersAttribute.self, RTCPFeedbackAttribute.self,
    ExtensionMapAttribute.self, GroupAttribute.self, FingerprintAttribute.self, SetupRole.self,
    ICEUfragAttribute.self, ICEPwdAttribute.self, ICEOptionsAttribute.self,
    ICEPacingAttribute.self, CandidateAttribute.self, SSRCAttribute.self, SSRCGroupAttribute.self,
    MSIDAttribute.self, RTCPAttribute.self, SCTPPortAttribute.self,
    MaximumMessageSizeAttribute.self, RIDAttribute.self, SimulcastAttribute.self,
    MIDAttribute.self, TLSIDAttribute.self, MSIDSemanticAttribute.self,
    RTCPExtendedReportsAttribute.self, SCTPMapAttribute.self, SCTPInitAttribute.self,
    PacketTimeAttribute.self, MaximumPacketTimeAttribute.self, FrameRateAttribute.self,
    ContentAttribute.self, ImageAttribute.self, RemoteCandidatesAttribute.self,
    IdentityAttribute.self, CryptoAttribute.self,
]
