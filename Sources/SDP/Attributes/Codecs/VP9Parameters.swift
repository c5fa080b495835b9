/// What the parameters of a VP9 format say (RFC 9628 §6.1).
public struct VP9Parameters: SDPCodecParameters {
    public static let encoding = "VP9"

    /// The profile, 0 to 3: 8 bits and 4:2:0 for 0, more bits for 2; nil when not said: 0.
    public var profile: UInt8?
    /// Pictures a second that the receiver can decode at most.
    public var maximumFrameRate: UInt32?
    /// Macroblocks in a picture that the receiver can decode at most.
    public var maximumFrameSize: UInt32?
    /// Parameters this type does not know.
    public var others: [FormatParametersAttribute.Parameter] = []

    /// The defaults.
    public init() {}

    public init(_ attribute: FormatParametersAttribute) throws(SDPError) {
        for place in attribute.placed {
            switch place.name {
            case "profile-id":
                profile = try place.number(in: 0...3, "a profile from 0 to 3")
            case "max-fr": maximumFrameRate = try place.number(in: 1...UInt32.max, "a frame rate")
            case "max-fs": maximumFrameSize = try place.number(in: 1...UInt32.max, "macroblocks")
            default: others.append(place.parameter)
            }
        }
    }

    public var parameters: [FormatParametersAttribute.Parameter] {
        var list: [FormatParametersAttribute.Parameter] = []
        list.append("profile-id", profile)
        list.append("max-fs", maximumFrameSize)
        list.append("max-fr", maximumFrameRate)
        return list + others
    }

    /// RFC 9628 §6.1.1: the profile must be the same in both directions.
    public func isSameFormat(as other: VP9Parameters) -> Bool {
        (profile ?? 0) == (other.profile ?? 0)
    }
}
