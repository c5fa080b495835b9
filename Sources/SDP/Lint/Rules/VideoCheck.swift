/// Clock rates and parameters of video codecs.
enum VideoCheck {
    static func run(_ context: LintContext, _ report: inout LintReport) {
        for section in context.media where section.isRTP {
            for map in section.attributes.codecs.maps {
                let isVideo = videoEncodings.contains(map.value.knownName)
                report.add(
                    .videoClockRate,
                    map.line,
                    if: isVideo && map.value.clockRate != 90_000,
                    "\(quoted(map.value.value))"
                )
            }
            let codecs = CodecIndex(section)
            for parameters in section.attributes.codecs.parameters {
                switch codecs.encoding(of: parameters.value.format) {
                case "h264": checkH264(parameters, &report)
                case "vp9": checkVP9(parameters, &report)
                default: break  // Encodings whose parameters have no rule here.
                }
            }
        }
    }

    private static func checkH264(
        _ parameters: Placed<FormatParametersAttribute>,
        _ report: inout LintReport
    ) {
        if let profile = parameters.value["profile-level-id"] {
            let isRight = profile.utf8.count == 6 && UInt32(profile, radix: 16) != nil
            report.add(.h264ProfileLevelID, parameters.line, if: !isRight, "\(quoted(profile))")
        }
        if let mode = parameters.value["packetization-mode"] {
            let isRight = ["0", "1", "2"].contains(mode)
            report.add(.h264PacketizationMode, parameters.line, if: !isRight, "\(quoted(mode))")
        }
    }

    private static func checkVP9(
        _ parameters: Placed<FormatParametersAttribute>,
        _ report: inout LintReport
    ) {
        guard let profile = parameters.value["profile-id"] else { return }
        let isRight = ["0", "1", "2", "3"].contains(profile)
        report.add(.vp9ProfileID, parameters.line, if: !isRight, "\(quoted(profile))")
    }
}

private let videoEncodings: Set<String> = ["vp8", "vp9", "h264", "h265", "av1", "h263-1998"]
