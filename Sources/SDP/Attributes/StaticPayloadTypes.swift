extension RTPMapAttribute {
    /// What a payload type means without rtpmap (RFC 3551 §6, tables 4 and 5); nil for all others.
    public static func assigned(to payloadType: UInt8) -> RTPMapAttribute? {
        guard let format = staticFormats[payloadType] else { return nil }
        return RTPMapAttribute(
            payloadType: payloadType,
            encoding: format.encoding,
            clockRate: format.clockRate,
            channels: format.channels
        )
    }
}

extension MediaDescription {
    /// What a payload type means: as its rtpmap says, or else as RFC 3551 does.
    public func effectiveRTPMap(of payloadType: UInt8) -> RTPMapAttribute? {
        rtpMap(of: payloadType) ?? .assigned(to: payloadType)
    }
}

/// Whether RFC 3551 says what a payload type means.
func isStatic(payloadType: UInt8) -> Bool {
    switch payloadType {
    case 0, 3...18, 25, 26, 28, 31...34: true
    default: false
    }
}

private struct StaticFormat {
    var encoding: String
    var clockRate: UInt32
    var channels: Int?

    init(_ encoding: String, _ clockRate: UInt32, channels: Int? = nil) {
        self.encoding = encoding
        self.clockRate = clockRate
        self.channels = channels
    }
}

private let staticFormats: [UInt8: StaticFormat] = [
    0: StaticFormat("PCMU", 8_000), 3: StaticFormat("GSM", 8_000), 4: StaticFormat("G723", 8_000),
    5: StaticFormat("DVI4", 8_000), 6: StaticFormat("DVI4", 16_000), 7: StaticFormat("LPC", 8_000),
    8: StaticFormat("PCMA", 8_000), 9: StaticFormat("G722", 8_000),
    10: StaticFormat("L16", 44_100, channels: 2), 11: StaticFormat("L16", 44_100),
    12: StaticFormat("QCELP", 8_000), 13: StaticFormat("CN", 8_000),
    14: StaticFormat("MPA", 90_000), 15: StaticFormat("G728", 8_000),
    16: StaticFormat("DVI4", 11_025), 17: StaticFormat("DVI4", 22_050),
    18: StaticFormat("G729", 8_000), 25: StaticFormat("CelB", 90_000),
    26: StaticFormat("JPEG", 90_000), 28: StaticFormat("nv", 90_000),
    31: StaticFormat("H261", 90_000), 32: StaticFormat("MPV", 90_000),
    33: StaticFormat("MP2T", 90_000), 34: StaticFormat("H263", 90_000),
]
