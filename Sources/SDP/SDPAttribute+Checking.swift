extension SDPAttribute {
    /// Checks the value of an attribute that this module has a type for; others are never wrong.
    ///
    /// The error's column counts in the value; a value that should not be there is at column 1.
    public func check() throws(SDPError) {
        guard value != nil else {
            guard SDPFlag(self) == nil, MediaDirection(self) == nil else { return }
            return try checkCommon()
        }
        try checkCommon()
    }

    private func checkCommon() throws(SDPError) {
        // The commonest first: names are compared one after the other.
        switch name {
        case RTCPFeedbackAttribute.name: try check(RTCPFeedbackAttribute.self)
        case RTPMapAttribute.name: try check(RTPMapAttribute.self)
        case FormatParametersAttribute.name: try check(FormatParametersAttribute.self)
        case ExtensionMapAttribute.name: try check(ExtensionMapAttribute.self)
        case SSRCAttribute.name: try check(SSRCAttribute.self)
        case CandidateAttribute.name: try check(CandidateAttribute.self)
        case SSRCGroupAttribute.name: try check(SSRCGroupAttribute.self)
        case MIDAttribute.name: try check(MIDAttribute.self)
        case MSIDAttribute.name: try check(MSIDAttribute.self)
        case RTCPAttribute.name: try check(RTCPAttribute.self)
        case RIDAttribute.name: try check(RIDAttribute.self)
        default: try checkTransport()
        }
    }

    private func checkTransport() throws(SDPError) {
        switch name {
        case ICEUfragAttribute.name: try check(ICEUfragAttribute.self)
        case ICEPwdAttribute.name: try check(ICEPwdAttribute.self)
        case ICEOptionsAttribute.name: try check(ICEOptionsAttribute.self)
        case FingerprintAttribute.name: try check(FingerprintAttribute.self)
        case SetupRole.name: try check(SetupRole.self)
        case TLSIDAttribute.name: try check(TLSIDAttribute.self)
        case GroupAttribute.name: try check(GroupAttribute.self)
        case SCTPPortAttribute.name: try check(SCTPPortAttribute.self)
        case SCTPMapAttribute.name: try check(SCTPMapAttribute.self)
        case SCTPInitAttribute.name: try check(SCTPInitAttribute.self)
        case MaximumMessageSizeAttribute.name: try check(MaximumMessageSizeAttribute.self)
        case ICEPacingAttribute.name: try check(ICEPacingAttribute.self)
        case RemoteCandidatesAttribute.name: try check(RemoteCandidatesAttribute.self)
        default: try checkMedia()
        }
    }

    private func checkMedia() throws(SDPError) {
        switch name {
        case MSIDSemanticAttribute.name: try check(MSIDSemanticAttribute.self)
        case RTCPExtendedReportsAttribute.name: try check(RTCPExtendedReportsAttribute.self)
        case SimulcastAttribute.name: try check(SimulcastAttribute.self)
        case PacketTimeAttribute.name: try check(PacketTimeAttribute.self)
        case MaximumPacketTimeAttribute.name: try check(MaximumPacketTimeAttribute.self)
        case ImageAttribute.name: try check(ImageAttribute.self)
        case FrameRateAttribute.name: try check(FrameRateAttribute.self)
        case ContentAttribute.name: try check(ContentAttribute.self)
        case IdentityAttribute.name: try check(IdentityAttribute.self)
        case CryptoAttribute.name: try check(CryptoAttribute.self)
        default: try checkFlag()
        }
    }

    private func checkFlag() throws(SDPError) {
        guard value != nil,
            SDPFlag(rawValue: name) != nil || MediaDirection(rawValue: name) != nil
        else { return }
        throw SDPError(.expected("no value"), line: 1, column: 1)
    }

    private func check<Attribute: SDPTypedAttribute>(_: Attribute.Type) throws(SDPError) {
        guard let value else { throw SDPError(.expected("a value"), line: 1, column: 1) }
        _ = try Attribute(parsing: value)
    }
}
