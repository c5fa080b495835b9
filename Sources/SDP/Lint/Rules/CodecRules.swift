extension LintRule {
    /// A payload type has no rtpmap, and RFC 3551 gives it no meaning.
    public static let missingRTPMap = LintRule(
        .error,
        "missing-rtpmap",
        "RFC 8866 §6.6",
        "A payload type has no rtpmap, and RFC 3551 gives it no meaning.",
        advice: "Add a=rtpmap with encoding and clock rate."
    )

    /// An rtpmap is about a payload type that the m= line does not list.
    public static let unlistedRTPMap = LintRule(
        .warning,
        "unlisted-rtpmap",
        "RFC 8866 §6.6",
        "An rtpmap is about a payload type that the m= line does not list.",
        advice: "Add the payload type to the m= line or remove the rtpmap."
    )

    /// A payload type has two rtpmaps.
    public static let repeatedRTPMap = LintRule(
        .error,
        "repeated-rtpmap",
        "RFC 8866 §6.6",
        "A payload type has two rtpmaps.",
        advice: "Keep one of them."
    )

    /// A payload type that RFC 3551 fixed means something else.
    public static let staticPayloadType = LintRule(
        .warning,
        "static-payload-type",
        "RFC 3551 §6",
        "A payload type that RFC 3551 fixed means something else.",
        advice: "Use a number from 96 to 127 for other codecs."
    )

    /// Parameters are about a format that the m= line does not list.
    public static let unlistedFMTP = LintRule(
        .warning,
        "unlisted-fmtp",
        "RFC 8866 §6.15",
        "Parameters are about a format that the m= line does not list.",
        advice: "Add the format to the m= line or remove the line."
    )

    /// A format has two lines of parameters.
    public static let repeatedFMTP = LintRule(
        .error,
        "repeated-fmtp",
        "RFC 8866 §6.15",
        "A format has two lines of parameters.",
        advice: "Write all parameters in one line, with semicolons between them."
    )

    /// Opus is not mapped to 48000 Hz and two channels.
    public static let opusRTPMap = LintRule(
        .error,
        "opus-rtpmap",
        "RFC 7587 §7",
        "Opus is not mapped to 48000 Hz and two channels.",
        advice: "Write opus/48000/2, whatever is sent; parameters ask for mono."
    )

    /// A parameter of Opus has a value out of its range.
    public static let opusParameter = LintRule(
        .warning,
        "opus-parameter",
        "RFC 7587 §6.1",
        "A parameter of Opus has a value out of its range.",
        advice: "Leave the parameter out to have its default."
    )

    /// A retransmission format does not say what it repeats.
    public static let rtxWithoutAPT = LintRule(
        .error,
        "rtx-without-apt",
        "RFC 4588 §8.1",
        "A retransmission format does not say what it repeats.",
        advice: "Write a=fmtp with apt= and the payload type that is repeated."
    )

    /// A retransmission format repeats one that the section does not have.
    public static let rtxUnknownAPT = LintRule(
        .error,
        "rtx-unknown-apt",
        "RFC 4588 §8.1",
        "A retransmission format repeats one that the section does not have.",
        advice: "Let apt name a payload type of the same m= line."
    )

    /// A retransmission format has another clock rate than what it repeats.
    public static let rtxClockRate = LintRule(
        .error,
        "rtx-clock-rate",
        "RFC 4588 §8.1",
        "A retransmission format has another clock rate than what it repeats.",
        advice: "Give both the same clock rate."
    )

    /// A redundant format names one that the section does not have.
    public static let redUnknownFormat = LintRule(
        .warning,
        "red-unknown-format",
        "RFC 2198 §5",
        "A redundant format names one that the section does not have.",
        advice: "Let the parameters name payload types of the same m= line."
    )

    /// The packet time is no positive number, or larger than the largest.
    public static let packetTime = LintRule(
        .warning,
        "packet-time",
        "RFC 8866 §6.4",
        "The packet time is no positive number, or larger than the largest.",
        advice: "Write ptime and maxptime in milliseconds, the second not below the first."
    )

    static let codecRules = [
        missingRTPMap, unlistedRTPMap, repeatedRTPMap, staticPayloadType, unlistedFMTP,
        repeatedFMTP, opusRTPMap, opusParameter, rtxWithoutAPT, rtxUnknownAPT, rtxClockRate,
        redUnknownFormat, packetTime,
    ]
}
