/// Sources, tracks and streams.
enum SourceCheck {
    static func run(_ context: LintContext, _ report: inout LintReport) {
        var owners: [BundleSource: Int] = [:]
        for section in context.media {
            checkNames(section, &report)
            checkGroups(section, &report)
            checkTracks(section, context, &report)
            checkBundle(section, context, &owners, &report)
        }
    }

    private static func checkNames(_ section: LintMedia, _ report: inout LintReport) {
        var names: [UInt32: String] = [:]
        var firstLines: [(source: UInt32, line: Int)] = []
        var seen: Set<UInt32> = []
        for source in section.attributes.streams.sources {
            let number = source.value.ssrc
            if seen.insert(number).inserted { firstLines.append((number, source.line)) }
            guard let name = source.value.cname else { continue }
            let isOther = names[number].map { $0 != name } ?? false
            report.add(.conflictingCNAME, source.line, if: isOther, "another CNAME of \(number)")
            names[number] = names[number] ?? name
        }
        for first in firstLines where names[first.source] == nil {
            report.add(.missingCNAME, first.line, "source \(first.source) has no CNAME")
        }
    }

    private static func checkGroups(_ section: LintMedia, _ report: inout LintReport) {
        let groups = section.attributes.streams.sourceGroups
        guard !groups.isEmpty else { return }
        let known = Set(section.attributes.streams.sources.map(\.value.ssrc))
        for group in groups {
            if let source = group.value.ssrcs.first(where: { !known.contains($0) }) {
                report.add(.groupUnknownSource, group.line, "source \(source) has no line")
            }
            let semantics = group.value.semantics
            switch semantics {
            case "FID", "FEC-FR":
                let isSmall = group.value.ssrcs.count < 2
                report.add(.sourceGroupSize, group.line, if: isSmall, "\(semantics) of one source")
            case "FEC", "DUP": break
            case "SIM": report.add(.legacySimulcast, group.line, "group SIM")
            default: report.add(.unknownSourceGroup, group.line, "group \(quoted(semantics))")
            }
        }
    }

    private static func checkTracks(
        _ section: LintMedia,
        _ context: LintContext,
        _ report: inout LintReport
    ) {
        let streams = section.attributes.streams
        // Either as msid lines, or as facts about sources, as before RFC 8830.
        let named = streams.msids.compactMap { $0.value.trackID }
        let told = streams.sources.lazy.filter { $0.value.fact == "msid" }.compactMap { source in
            source.value.factValue?.split(separator: " ").dropFirst().first.map(String.init)
        }
        let tracks = Set(named.isEmpty ? Array(told) : named)
        let line = streams.msids.first?.line ?? streams.sources.first?.line ?? section.line
        report.add(
            .severalTracks,
            line,
            if: tracks.count > 1,
            "\(tracks.count) tracks in a section"
        )
        guard section.isRTP, section.isWebRTC, !section.isRejected, !section.has("msid") else {
            return
        }
        let direction = section.attributes.directions.first ?? context.session.directions.first
        let sends = direction?.value.sends ?? true
        report.add(.missingMSID, section.line, if: sends, "this section has no msid")
    }

    /// A source within a bundle.
    private struct BundleSource: Hashable {
        let tagged: Int
        let source: UInt32
    }

    private static func checkBundle(
        _ section: LintMedia,
        _ context: LintContext,
        _ owners: inout [BundleSource: Int],
        _ report: inout LintReport
    ) {
        guard !section.isRejected, let tagged = context.taggedSections[section.index] else {
            return
        }
        for source in section.attributes.streams.sources {
            let key = BundleSource(tagged: tagged, source: source.value.ssrc)
            guard let owner = owners[key] else {
                owners[key] = section.index
                continue
            }
            guard owner != section.index else { continue }
            // Once for each pair of sections.
            owners[key] = section.index
            report.add(.repeatedSource, source.line, "source \(key.source) is in section \(owner)")
        }
    }
}
