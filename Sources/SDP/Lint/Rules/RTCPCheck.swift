/// Whether and how RTP and RTCP share a port.
enum RTCPCheck {
    static func run(_ context: LintContext, _ report: inout LintReport) {
        for section in context.liveMedia where section.isRTP {
            if section.isWebRTC { checkMultiplexing(section, context, &report) }
            guard let line = section.attributes.firstLines["rtcp-mux-only"] else { continue }
            report.add(
                .rtcpMuxOnlyAlone,
                line,
                if: !section.has("rtcp-mux"),
                "rtcp-mux-only without rtcp-mux"
            )
            report.add(
                .answerRTCPMuxOnly,
                line,
                if: context.role == .answer,
                "rtcp-mux-only in an answer"
            )
            for candidate in section.attributes.transport.candidates
            where candidate.value.component == 2 {
                report.add(.rtcpMuxOnlyCandidate, candidate.line, "a candidate of component 2")
            }
        }
    }

    private static func checkMultiplexing(
        _ section: LintMedia,
        _ context: LintContext,
        _ report: inout LintReport
    ) {
        if !context.inherits("rtcp-mux", section) {
            let rule = context.isBundled(section) ? LintRule.bundleWithoutRTCPMux : .missingRTCPMux
            report.add(rule, section.line, "this section has no rtcp-mux")
        }
        let isPlain = !context.inherits("rtcp-rsize", section)
        report.add(.missingRTCPRsize, section.line, if: isPlain, "this section has no rtcp-rsize")
    }
}
