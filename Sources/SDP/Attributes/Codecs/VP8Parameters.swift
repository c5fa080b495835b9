/// What the parameters of a VP8 format say (RFC 7741 §6.1).
public struct VP8Parameters: SDPCodecParameters {
    public static let encoding = "VP8"

    /// Pictures a second that the receiver can decode at most.
    public var maximumFrameRate: UInt32?
    /// Macroblocks in a picture that the receiver can decode at most.
    public var maximumFrameSize: UInt32?
    /// Parameters this type does not know.
    public var others: [FormatParametersAttribute.Parameter] = []

    /// No limits.
    public init() {}

    public init(_ attribute: FormatParametersAttribute) throws(SDPError) {
        for place in attribute.placed {
            switch place.name {
            case "max-fr": maximumFrameRate = try place.number(in: 1...UInt32.max, "a frame rate")
            case "max-fs": maximumFrameSize = try place.number(in: 1...UInt32.max, "macroblocks")
            default: others.append(place.parameter)
            }
        }
    }

    public var parameters: [FormatParametersAttribute.Parameter] {
        var list: [FormatParametersAttribute.Parameter] = []
        list.append("max-fs", maximumFrameSize)
        list.append("max-fr", maximumFrameRate)
        return list + others
    }

    /// RFC 7741 §6.2.2: the limits say what a receiver can do, not what the format is.
    public func isSameFormat(as other: VP8Parameters) -> Bool { true }
}
