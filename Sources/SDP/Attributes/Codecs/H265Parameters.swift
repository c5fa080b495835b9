/// What the parameters of an H.265 format say (RFC 7798 §7.1).
public struct H265Parameters: SDPCodecParameters {
    public static let encoding = "H265"

    /// The profile's space, 0 to 3; nil when not said, which means 0.
    public var profileSpace: UInt8?
    /// The profile, 0 to 31; nil when not said, which means 1, Main.
    public var profile: UInt8?
    /// Whether the high tier is meant; nil when not said, which means the main tier.
    public var isHighTier: Bool?
    /// Thirty times the level; nil when not said, which means 93, level 3.1.
    public var level: UInt8?
    /// How many RTP streams and transports there are; nil when not said, which means `SRST`.
    public var transmissionMode: String?
    /// Parameters this type does not know, parameter sets among them.
    public var others: [FormatParametersAttribute.Parameter] = []

    /// The defaults.
    public init() {}

    public init(_ attribute: FormatParametersAttribute) throws(SDPError) {
        for place in attribute.placed {
            switch place.name {
            case "profile-space": profileSpace = try place.number(in: 0...3, "0 to 3")
            case "profile-id": profile = try place.number(in: 0...31, "a profile from 0 to 31")
            case "tier-flag": isHighTier = try place.flag()
            case "level-id": level = try place.number(in: 0...255, "a level from 0 to 255")
            case "tx-mode":
                guard let mode = place.parameter.value, ["SRST", "MRST", "MRMT"].contains(mode)
                else { throw place.failure("SRST, MRST or MRMT") }
                transmissionMode = mode
            default: others.append(place.parameter)
            }
        }
    }

    public var parameters: [FormatParametersAttribute.Parameter] {
        var list: [FormatParametersAttribute.Parameter] = []
        list.append("level-id", level)
        list.append("profile-id", profile)
        list.append("profile-space", profileSpace)
        list.append("tier-flag", isHighTier.map { $0 ? 1 : 0 })
        if let transmissionMode { list.append(.init("tx-mode", transmissionMode)) }
        return list + others
    }

    /// RFC 7798 §7.2.2: all but the level must be the same in both directions.
    public func isSameFormat(as other: H265Parameters) -> Bool {
        (profileSpace ?? 0) == (other.profileSpace ?? 0) && (profile ?? 1) == (other.profile ?? 1)
            && (isHighTier ?? false) == (other.isHighTier ?? false)
            && (transmissionMode ?? "SRST") == (other.transmissionMode ?? "SRST")
    }
}
