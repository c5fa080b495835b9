import SDP

/// What makes two formats the same, whatever their payload types and preferences.
struct FormatKey: Hashable, Sendable {
    let name: String
    let clockRate: UInt32
    let channels: Int
    /// What of the parameters is part of the format's identity, such as the profile of a video codec.
    let variant: String

    init(
        name: String,
        clockRate: UInt32,
        channels: Int?,
        parameters: [FormatParametersAttribute.Parameter]
    ) {
        self.name = name.lowercased()
        self.clockRate = clockRate
        self.channels = channels ?? 1
        variant = FormatKey.variant(of: self.name, parameters)
    }

    init(_ codec: CodecCapability) {
        self.init(
            name: codec.name,
            clockRate: codec.clockRate,
            channels: codec.channels,
            parameters: codec.parameters
        )
    }

    private static func variant(
        of name: String,
        _ parameters: [FormatParametersAttribute.Parameter]
    ) -> String {
        func value(_ name: String, or missing: String) -> String {
            parameters.first { $0.name.lowercased() == name }?.value?.lowercased() ?? missing
        }
        switch name {
        // RFC 6184 §8.2.2: mode and profile must be the same on both sides, the level need not.
        case "h264":
            let text = value("profile-level-id", or: H264Level.assumed)
            let profile = H264Profile(profileLevelID: text)
            return "\(value("packetization-mode", or: "0")) \(profile?.rawValue ?? "?")"
        case "vp9": return value("profile-id", or: "0")
        case "av1": return value("profile", or: "0")
        case "h265": return "\(value("profile-id", or: "1")) \(value("tier-flag", or: "0"))"
        default: return ""
        }
    }
}

/// The profiles of H.264 that a profile-level-id can mean (RFC 6184 §8.1, table 5).
enum H264Profile: String {
    case constrainedBaseline, baseline, main, extended, high, constrainedHigh

    init?(profileLevelID text: String) {
        guard text.utf8.count == 6, let bits = UInt32(text, radix: 16) else { return nil }
        let constraints = UInt8(truncatingIfNeeded: bits >> 8)
        switch bits >> 16 {
        case 0x42: self = constraints & 0x40 != 0 ? .constrainedBaseline : .baseline
        case 0x4D: self = constraints & 0x80 != 0 ? .constrainedBaseline : .main
        case 0x58:
            switch constraints & 0xC0 {
            case 0xC0: self = .constrainedBaseline
            case 0x80: self = .baseline
            default: self = .extended
            }
        case 0x64: self = constraints & 0x0C == 0x0C ? .constrainedHigh : .high
        default: return nil
        }
    }
}
