/// What the parameters of an AV1 format say (RTP Payload Format For AV1, §7.2.1).
public struct AV1Parameters: SDPCodecParameters {
    public static let encoding = "AV1"

    /// The profile: 0 main, 1 high, 2 professional; nil when not said, which means 0.
    public var profile: UInt8?
    /// The highest level that the receiver can decode, 0 to 31; nil when not said, which means 5.
    public var levelIndex: UInt8?
    /// The tier, 0 or 1; nil when not said, which means 0.
    public var tier: UInt8?
    /// Parameters this type does not know.
    public var others: [FormatParametersAttribute.Parameter] = []

    /// The defaults.
    public init() {}

    public init(_ attribute: FormatParametersAttribute) throws(SDPError) {
        for place in attribute.placed {
            switch place.name {
            case "profile": profile = try place.number(in: 0...2, "a profile from 0 to 2")
            case "level-idx": levelIndex = try place.number(in: 0...31, "a level from 0 to 31")
            case "tier": tier = try place.number(in: 0...1, "0 or 1")
            default: others.append(place.parameter)
            }
        }
    }

    public var parameters: [FormatParametersAttribute.Parameter] {
        var list: [FormatParametersAttribute.Parameter] = []
        list.append("level-idx", levelIndex)
        list.append("profile", profile)
        list.append("tier", tier)
        return list + others
    }

    /// §7.2.3: profile and tier must be the same in both directions, the level need not.
    public func isSameFormat(as other: AV1Parameters) -> Bool {
        (profile ?? 0) == (other.profile ?? 0) && (tier ?? 0) == (other.tier ?? 0)
    }
}
