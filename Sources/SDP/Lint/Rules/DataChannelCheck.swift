/// Sections that carry data channels.
enum DataChannelCheck {
    static func run(_ context: LintContext, _ report: inout LintReport) {
        var hasSection = false
        for section in context.liveMedia where section.isData {
            report.add(.severalDataSections, section.line, if: hasSection, "another data section")
            hasSection = true
            check(section, &report)
        }
    }

    private static func check(_ section: LintMedia, _ report: inout LintReport) {
        let media = section.description
        let isOld = media.protocolName == "DTLS/SCTP"
        report.add(
            .legacySCTPProtocol,
            section.line,
            if: isOld,
            "protocol \(quoted(media.protocolName))"
        )
        if let line = section.attributes.firstLines["sctpmap"] {
            report.add(.legacySctpmap, line, "sctpmap")
        } else {
            let lacksPort = !section.has("sctp-port")
            report.add(
                .missingSCTPPort,
                section.line,
                if: lacksPort,
                "this section has no sctp-port"
            )
            let format = media.formats.first ?? ""
            let isOther = format != "webrtc-datachannel"
            report.add(.dataChannelFormat, section.line, if: isOther, "format \(quoted(format))")
        }
        let isSilent = !section.has("max-message-size")
        report.add(
            .missingMessageSize,
            section.line,
            if: isSilent,
            "this section has no max-message-size"
        )
    }
}
