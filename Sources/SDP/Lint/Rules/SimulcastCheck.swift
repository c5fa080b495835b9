/// Restricted encodings and simulcast.
enum SimulcastCheck {
    static func run(_ context: LintContext, _ report: inout LintReport) {
        for section in context.media {
            checkRIDs(section, &report)
            checkSimulcast(section, &report)
        }
    }

    private static func checkRIDs(_ section: LintMedia, _ report: inout LintReport) {
        let rids = section.attributes.streams.rids
        var seen: Set<String> = []
        for rid in rids {
            let id = rid.value.id
            report.add(
                .repeatedRID,
                rid.line,
                if: !seen.insert(id).inserted,
                "rid \(quoted(id)) again"
            )
            report.add(.ridCharacters, rid.line, if: !id.isRID, "rid \(quoted(id))")
            if let format = rid.value.formats.first(where: { !section.formats.contains($0) }) {
                report.add(
                    .ridUnknownFormat,
                    rid.line,
                    "payload type \(quoted(format)) is not in the m= line"
                )
            }
            for restriction in rid.value.restrictions.prefix(32) {
                check(restriction, line: rid.line, &report)
            }
        }
        guard let first = rids.first, !section.has("simulcast") else { return }
        report.add(.unusedRID, first.line, "rid without simulcast")
    }

    private static func check(
        _ restriction: FormatParametersAttribute.Parameter,
        line: Int,
        _ report: inout LintReport
    ) {
        guard restrictions.contains(restriction.name) else {
            report.add(.unknownRestriction, line, "restriction \(quoted(restriction.name))")
            return
        }
        guard restriction.name != "depend" else { return }
        let number = restriction.value.flatMap(Double.init) ?? 0
        report.add(.restrictionValue, line, if: !(number > 0), "\(quoted(restriction.text))")
    }

    private static func checkSimulcast(_ section: LintMedia, _ report: inout LintReport) {
        guard let simulcast = section.attributes.streams.simulcasts.first else { return }
        let rids = section.attributes.streams.rids
        var seen: Set<String> = []
        for (isSent, streams) in [(true, simulcast.value.sent), (false, simulcast.value.received)] {
            let known = Set(rids.lazy.filter { $0.value.isSent == isSent }.map(\.value.id))
            for rid in streams.joined().map(\.rid) {
                let isNew = seen.insert(rid).inserted
                report.add(
                    .simulcastRepeatedRID,
                    simulcast.line,
                    if: !isNew,
                    "rid \(quoted(rid)) again"
                )
                report.add(
                    .simulcastUnknownRID,
                    simulcast.line,
                    if: !known.contains(rid),
                    "no rid \(quoted(rid)) to \(isSent ? "send" : "recv")"
                )
            }
        }
    }
}

extension String {
    fileprivate var isRID: Bool {
        utf8.allSatisfy { byte in
            switch byte {
            case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"), UInt8(ascii: "_"): true
            default: false
            }
        }
    }
}

private let restrictions: Set<String> = [
    "max-width", "max-height", "max-fps", "max-fs", "max-br", "max-pps", "max-bpp", "depend",
]
