import Wire

// The lines before the attributes.
enum SessionCheck {
    static func run(_ context: LintContext, _ report: inout LintReport) {
        let description = context.description
        let lines = context.lines.session
        report.add(
            .wrongVersion,
            lines.line(of: "v"),
            if: description.version != 0,
            "version \(description.version)"
        )
        report.add(
            .emptySessionName,
            lines.line(of: "s"),
            if: description.name.isEmpty,
            "the s= line is empty"
        )
        checkOrigin(description.origin, line: lines.line(of: "o"), &report)
        checkTimes(description.times, context, &report)
        check([description.connection].compactMap(\.self), line: lines.line(of: "c"), &report)
        check(description.bandwidths, line: lines.line(of: "b"), &report)
        check(description.extraLines, lines, &report)
        for section in context.media {
            let media = section.description
            check(media.connections, line: section.lines.line(of: "c"), &report)
            check(media.bandwidths, line: section.lines.line(of: "b"), &report)
            check(media.extraLines, section.lines, &report)
            let isMissing = media.connections.isEmpty && description.connection == nil
            report.add(
                .missingConnection,
                section.line,
                if: isMissing,
                "no c= line holds for this section"
            )
        }
    }

    private static func checkOrigin(
        _ origin: SDPDescription.Origin,
        line: Int,
        _ report: inout LintReport
    ) {
        for number in [origin.sessionID, origin.sessionVersion] {
            let isLarge = Int64(number).map { $0 < 0 } ?? true
            report.add(
                .largeSessionNumber,
                line,
                if: isLarge,
                "\(quoted(number)) does not fit 63 bits"
            )
        }
        check(origin.address, line: line, &report)
    }

    private static func checkTimes(
        _ times: [SDPDescription.TimeDescription],
        _ context: LintContext,
        _ report: inout LintReport
    ) {
        let line = context.lines.session.line(of: "t")
        for time in times {
            let isReversed = time.stop != 0 && time.stop < time.start
            report.add(
                .timeOrder,
                line,
                if: isReversed,
                "stops at \(time.stop), starts at \(time.start)"
            )
        }
        let isTimed = times.contains { $0.start != 0 || $0.stop != 0 }
        let isWebRTC = context.media.contains(where: \.isWebRTC)
        report.add(
            .timedSession,
            line,
            if: isTimed && isWebRTC,
            "the session has a start or an end"
        )
    }

    private static func check(
        _ connections: [ConnectionInformation],
        line: Int,
        _ report: inout LintReport
    ) {
        for connection in connections { check(connection, line: line, &report) }
    }

    private static func check(
        _ connection: ConnectionInformation,
        line: Int,
        _ report: inout LintReport
    ) {
        let address = connection.ipAddress
        let isRight =
            switch (connection.networkType, connection.addressType) {
            case ("IN", "IP4"): address.map { $0.family == .v4 } ?? true
            case ("IN", "IP6"): address.map { $0.family == .v6 } ?? true
            default: false
            }
        report.add(
            .addressType,
            line,
            if: !isRight,
            "\(quoted(connection.text)) is no address of the internet"
        )
        guard let address, address.family == .v4 else { return }
        let hasTTL = connection.address.utf8.contains(slash)
        report.add(
            .multicastTTL,
            line,
            if: hasTTL != address.isMulticast,
            "\(quoted(connection.address)) \(hasTTL ? "has a" : "has no") TTL"
        )
    }

    private static func check(
        _ bandwidths: [BandwidthLimit],
        line: Int,
        _ report: inout LintReport
    ) {
        var seen: Set<String> = []
        for limit in bandwidths {
            let isKnown = bandwidthTypes.contains(limit.kind) || limit.kind.hasPrefix("X-")
            report.add(
                .unknownBandwidth,
                line,
                if: !isKnown,
                "bandwidth type \(quoted(limit.kind))"
            )
            let isNew = seen.insert(limit.kind).inserted
            report.add(
                .repeatedBandwidth,
                line,
                if: !isNew,
                "bandwidth type \(quoted(limit.kind)) again"
            )
        }
    }

    private static func check(
        _ extraLines: [SDPDescription.ExtraLine],
        _ lines: LineMap.Section,
        _ report: inout LintReport
    ) {
        let hasKey = extraLines.contains { $0.text.utf8.starts(with: "k=".utf8) }
        report.add(.obsoleteKey, lines.line(of: "k"), if: hasKey, "a k= line")
    }
}

/// RFC 8866 §5.8, RFC 3890 §6.2, RFC 3556 §2.
private let bandwidthTypes: Set<String> = ["CT", "AS", "TIAS", "RS", "RR"]
