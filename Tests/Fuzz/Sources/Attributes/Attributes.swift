import SDP

/// The first byte chooses the attribute, the rest is its value: what is written is read again.
@c(LLVMFuzzerTestOneInput)
public func fuzzAttributes(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = UnsafeBufferPointer(start: bytes, count: count)
    guard let choice = input.first else { return 0 }
    let type = types[Int(choice) % types.count]
    check(type, String(decoding: input.dropFirst(), as: UTF8.self))
    return 0
}

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
]
