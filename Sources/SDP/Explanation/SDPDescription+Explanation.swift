extension SDPDescription {
    /// What this description says, as a person would tell it.
    ///
    /// Sixty-four sections and five hundred codecs are told; of more there is only the number.
    ///
    /// What is unusual is what a linter finds wrong; `findings` that were made with the lines of
    /// the text, by ``SDPLinter/lint(_:)-(Span<UInt8>)``, take the place of those of ``lint(as:)``.
    public func explanation(findings: [LintFinding]? = nil) -> SDPExplanation {
        let shared = SharedFacts(self)
        let bundled = Set(bundledMIDs ?? [])
        let tagged = bundledMIDs?.first
        var codecs = 0
        return SDPExplanation(
            summary: summary,
            sections: media.prefix(sectionsAtMost).enumerated().map { index, section in
                let mid = section.mid
                let isCarried = mid.map { bundled.contains($0) && $0 != tagged } ?? false
                codecs += section.formats.count
                return MediaExplanation(
                    section,
                    shared.facts(of: section),
                    carrier: isCarried ? tagged : nil,
                    listsCodecs: codecs <= codecsAtMost
                )
                .section(index)
            } + rest,
            unusual: unusual(findings ?? lint())
        )
    }

    /// What is said instead of all sections that nobody would read.
    private var rest: [SDPExplanation.Section] {
        let count = media.count - sectionsAtMost
        return count > 0 ? [SDPExplanation.Section("And \(count) more sections", [])] : []
    }

    private var summary: [String] {
        var lines = ["Session \(origin.sessionID), version \(origin.sessionVersion)" + maker + "."]
        if name != "-", !name.allSatisfy({ $0 == " " }) { lines.append("Called \(quoted(name)).") }
        lines.append(sectionSummary + ".")
        if isICELite { lines.append("The sender is an ICE lite agent: it only answers checks.") }
        if let group = groups.first(where: { $0.semantics == GroupAttribute.lipSynchronization }) {
            lines.append("Sections \(listed(group.mids)) are played in step.")
        }
        return lines
    }

    /// Who made it and what for, as far as one can tell.
    private var maker: String {
        var text = origin.username == "-" ? "" : ", made by \(quoted(origin.username))"
        let setups = Set(media.prefix(32).compactMap { $0.setup ?? setup })
        if setups == [.actpass] {
            text += ", most likely an offer"
        } else if !setups.isEmpty, setups.isSubset(of: [.active, .passive]) {
            text += ", most likely an answer"
        }
        return text
    }

    private var sectionSummary: String {
        guard !media.isEmpty else { return "No sections" }
        var text = media.count == 1 ? "1 section" : "\(media.count) sections"
        let rejected = media.count { $0.isRejected }
        if rejected > 0 { text += ", \(rejected) of them rejected" }
        guard let mids = bundledMIDs, mids.count > 1 else {
            return media.count > 1 ? text + "; each has a transport of its own" : text
        }
        let isAll = Set(media.compactMap(\.mid)) == Set(mids)
        return text
            + (isAll
                ? "; all share one transport" : "; sections \(listed(mids)) share one transport")
    }

    private func unusual(_ findings: [LintFinding]) -> [String] {
        let lines = findings.filter { $0.severity != .note }.map(\.description)
        let rest = lines.count - unusualAtMost
        return Array(lines.prefix(unusualAtMost)) + (rest > 0 ? ["and \(rest) more"] : [])
    }
}

/// What a person would still read.
private let unusualAtMost = 20
private let sectionsAtMost = 64
/// Codecs of all sections that are told one by one.
private let codecsAtMost = 500

/// Words with commas between them, cut when there are many.
func listed(_ words: [String], of count: Int? = nil) -> String {
    let shown = words.prefix(12).map { $0.unicodeScalars.count > 60 ? quoted($0) : $0 }
    let rest = (count ?? words.count) - shown.count
    return shown.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
}
