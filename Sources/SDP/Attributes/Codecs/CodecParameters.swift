/// What the parameters of a format say, as the codec's payload format defines them.
///
/// ```swift
/// let parameters = try H264Parameters(FormatParametersAttribute(parsing: "96 packetization-mode=1"))
/// media.append(H264Parameters().attribute(payloadType: 97) ?? …)
/// ```
public protocol SDPCodecParameters: Hashable, Sendable {
    /// The encoding's name, as an rtpmap has it.
    static var encoding: String { get }

    /// Reads the parameters of a format.
    ///
    /// The error's column counts in the attribute's ``FormatParametersAttribute/value``.
    init(_ attribute: FormatParametersAttribute) throws(SDPError)

    /// The parameters that differ from the defaults, in the order in which they are written.
    var parameters: [FormatParametersAttribute.Parameter] { get }

    /// Whether both describe one format, so that they may share a payload type (RFC 3264 §6.1).
    func isSameFormat(as other: Self) -> Bool
}

extension SDPCodecParameters {
    /// The attribute for a payload type; nil when everything is as the defaults say.
    public func attribute(payloadType: UInt8) -> FormatParametersAttribute? {
        let parameters = parameters
        guard !parameters.isEmpty else { return nil }
        return FormatParametersAttribute(payloadType: payloadType, parameters: parameters)
    }
}

/// The parameters of a format, whose encoding says what they mean.
public enum CodecParameters: Hashable, Sendable {
    case opus(OpusParameters)
    case h264(H264Parameters)
    case h265(H265Parameters)
    case vp8(VP8Parameters)
    case vp9(VP9Parameters)
    case av1(AV1Parameters)
    case red(REDParameters)
    case rtx(RTXParameters)
    /// An encoding that nobody here knows.
    case other(FormatParametersAttribute)

    /// Reads the parameters of an encoding, whose name may be in upper or lower case.
    public init(
        _ attribute: FormatParametersAttribute,
        encoding: String
    ) throws(SDPError) {
        switch encoding.lowercased() {
        case "opus": self = .opus(OpusParameters(attribute))
        case "h264": self = .h264(try H264Parameters(attribute))
        case "h265": self = .h265(try H265Parameters(attribute))
        case "vp8": self = .vp8(try VP8Parameters(attribute))
        case "vp9": self = .vp9(try VP9Parameters(attribute))
        case "av1": self = .av1(try AV1Parameters(attribute))
        case "red": self = .red(try REDParameters(attribute))
        case "rtx": self = .rtx(try RTXParameters(attribute))
        default: self = .other(attribute)
        }
    }
}

/// One parameter and where it stands in the attribute's value.
struct PlacedParameter {
    let parameter: FormatParametersAttribute.Parameter
    /// The first byte of the name, counted from 1.
    let column: Int

    /// The name in lower case.
    var name: String { parameter.name.lowercased() }

    /// The error that says what the value should be.
    func failure(_ expectation: SDPError.Expectation) -> SDPError {
        let offset = parameter.value == nil ? 0 : parameter.name.utf8.count + 1
        return SDPError(.expected(expectation), line: 1, column: column + offset)
    }

    /// The value as a decimal number of `range`.
    func number<Number: FixedWidthInteger>(
        in range: ClosedRange<Number>,
        _ expectation: SDPError.Expectation
    ) throws(SDPError) -> Number {
        guard
            let value = parameter.value, let number = Number(digits: value.utf8),
            range.contains(number)
        else { throw failure(expectation) }
        return number
    }

    /// The value 0 or 1.
    func flag() throws(SDPError) -> Bool { try number(in: 0...1, "0 or 1") == 1 }
}

extension FormatParametersAttribute {
    /// The parameters with their places.
    var placed: [PlacedParameter] {
        var column = format.utf8.count + 2
        return parameters.map { parameter in
            defer {
                column += parameter.name.utf8.count + 1
                column += parameter.value.map { $0.utf8.count + 1 } ?? 0
            }
            return PlacedParameter(parameter: parameter, column: column)
        }
    }
}

extension [FormatParametersAttribute.Parameter] {
    /// Appends a number, if there is one.
    mutating func append(_ name: String, _ number: (some BinaryInteger)?) {
        guard let number else { return }
        append(.init(name, String(number)))
    }
}
