/// The m= lines and the names of sections.
enum MediaCheck {
    static func run(_ context: LintContext, _ report: inout LintReport) {
        for section in context.media {
            checkProtocol(section, context, &report)
            checkFormats(section, &report)
            checkMID(section, context, &report)
            let isUseless =
                (section.description.portCount ?? 1) > 1 && context.inherits("ice-ufrag", section)
            report.add(.severalPorts, section.line, if: isUseless, "several ports with ICE")
            guard !section.isRTP else { continue }
            for attribute in section.attributes.all
            where rtpAttributes.contains(attribute.value.name) {
                report.add(
                    .rtpAttributeElsewhere,
                    attribute.line,
                    "\(attribute.value.name) in a section of \(quoted(section.description.protocolName))"
                )
            }
        }
    }

    private static func checkProtocol(
        _ section: LintMedia,
        _ context: LintContext,
        _ report: inout LintReport
    ) {
        let media = section.description
        report.add(
            .unknownMediaType,
            section.line,
            if: !mediaTypes.contains(media.kind),
            "media type \(quoted(media.kind))"
        )
        report.add(
            .unknownProtocol,
            section.line,
            if: !protocols.contains(media.protocolName),
            "protocol \(quoted(media.protocolName))"
        )
        guard section.isRTP, !section.isDTLS, !section.isRejected else { return }
        let hasFingerprint = context.inherits("fingerprint", section)
        report.add(
            .legacyProtocol,
            section.line,
            if: hasFingerprint,
            "\(quoted(media.protocolName)) with a fingerprint"
        )
        report.add(
            .unencryptedMedia,
            section.line,
            if: !hasFingerprint && !section.has("crypto"),
            "\(quoted(media.protocolName)) without keys"
        )
    }

    private static func checkFormats(_ section: LintMedia, _ report: inout LintReport) {
        let formats = section.description.formats
        report.add(.missingFormats, section.line, if: formats.isEmpty, "no formats")
        let isRepeating = formats.count > section.formats.count
        let isMultiplexed = section.has("rtcp-mux")
        var seen: Set<String> = []
        for format in formats {
            let isNew = !isRepeating || seen.insert(format).inserted
            report.add(.repeatedFormat, section.line, if: !isNew, "format \(quoted(format)) again")
            guard section.isRTP else { continue }
            let number = UInt8(digits: format.utf8) ?? .max
            report.add(
                .payloadTypeRange,
                section.line,
                if: number > 127,
                "format \(quoted(format))"
            )
            let isTaken = isMultiplexed && (64...95).contains(number)
            report.add(.rtcpPayloadType, section.line, if: isTaken, "payload type \(number)")
        }
    }

    private static func checkMID(
        _ section: LintMedia,
        _ context: LintContext,
        _ report: inout LintReport
    ) {
        guard let mid = section.mid ?? (section.has("mid") ? "" : nil) else {
            let isNeeded = section.isWebRTC && !section.isRejected
            report.add(.missingMID, section.line, if: isNeeded, "this section has no mid")
            return
        }
        let line = section.attributes.firstLines["mid"] ?? section.line
        report.add(.midCharacters, line, if: !mid.isToken, "mid \(quoted(mid))")
        report.add(.longMID, line, if: mid.utf8.count > 3, "mid \(quoted(mid))")
        let first = context.indexOfMID[mid] ?? section.index
        report.add(
            .repeatedMID,
            line,
            if: first != section.index,
            "mid \(quoted(mid)) is the name of section \(first)"
        )
    }
}

private let mediaTypes: Set<String> = ["audio", "video", "text", "application", "message", "image"]

/// The protocols that IANA registers and that are still met.
private let protocols: Set<String> = [
    "RTP/AVP", "RTP/SAVP", "RTP/AVPF", "RTP/SAVPF", "UDP/TLS/RTP/SAVP", "UDP/TLS/RTP/SAVPF",
    "TCP/DTLS/RTP/SAVP", "TCP/DTLS/RTP/SAVPF", "TCP/RTP/AVP", "TCP/RTP/AVPF", "TCP/RTP/SAVP",
    "TCP/RTP/SAVPF", "TCP/TLS/RTP/AVP", "TCP/TLS/RTP/AVPF", "UDP/DTLS/SCTP", "TCP/DTLS/SCTP",
    "DTLS/SCTP", "SCTP", "SCTP/DTLS", "udp", "UDP", "TCP", "TCP/TLS", "udptl", "UDPTL",
    "UDP/TLS/UDPTL", "TCP/MSRP", "TCP/TLS/MSRP", "TCP/BFCP", "TCP/TLS/BFCP", "UDP/BFCP",
    "UDP/TLS/BFCP",
]

private let rtpAttributes: Set<String> = [
    "rtpmap", "rtcp-fb", "rtcp", "rtcp-mux", "rtcp-mux-only", "rtcp-rsize", "extmap", "ssrc",
    "ssrc-group", "rid", "simulcast", "ptime", "maxptime",
]
