/// ICE credentials and options.
enum ICECheck {
    static func run(_ context: LintContext, _ report: inout LintReport) {
        checkCredentials(context.session, &report)
        var hasNoted = false
        for section in context.media {
            checkCredentials(section.attributes, &report)
            if let line = section.attributes.firstLines["ice-mismatch"] {
                report.add(.iceMismatch, line, "ice-mismatch")
            }
            guard section.isWebRTC, !section.isRejected else { continue }
            guard context.inherits("ice-ufrag", section) || context.inherits("ice-pwd", section)
            else {
                report.add(.missingICE, section.line, "no ICE credentials hold for this section")
                continue
            }
            let options = ICEOptions(section, context)
            let isSilent = !options.isTrickle && !context.inherits("candidate", section)
            report.add(.missingTrickle, section.line, if: isSilent, "no candidates and no trickle")
            // Once is enough: the option is the same everywhere.
            guard !options.isICE2, !hasNoted else { continue }
            hasNoted = true
            report.add(.missingICE2, options.line, "no option ice2")
        }
        guard context.session.has("ice-lite") else { return }
        for section in context.media {
            for candidate in section.attributes.transport.candidates
            where candidate.value.kind != .host {
                report.add(
                    .liteCandidates,
                    candidate.line,
                    "type \(quoted(candidate.value.kind.text))"
                )
            }
        }
    }

    private static func checkCredentials(_ section: LintSection, _ report: inout LintReport) {
        let lines = (section.firstLines["ice-ufrag"], section.firstLines["ice-pwd"])
        switch lines {
        case (.some(let line), nil): report.add(.halfICE, line, "ice-ufrag without ice-pwd")
        case (nil, .some(let line)): report.add(.halfICE, line, "ice-pwd without ice-ufrag")
        case (nil, nil), (.some, .some): break
        }
    }
}

/// The ICE options that hold for a section.
private struct ICEOptions {
    let isTrickle: Bool
    let isICE2: Bool
    /// Where they stand, or else where the section begins.
    let line: Int

    init(_ section: LintMedia, _ context: LintContext) {
        let tagged = context.taggedSections[section.index].map { context.media[$0].attributes }
        let places = [section.attributes, context.session, tagged].compactMap(\.self)
        // The first few of each are enough: hostile lists are not read again for each section.
        let options = places.compactMap { $0.transport.options.first }
        func has(_ name: String) -> Bool {
            options.contains { $0.value.options.prefix(16).contains(name) }
        }
        isTrickle = has(ICEOptionsAttribute.trickle)
        isICE2 = has(ICEOptionsAttribute.ice2)
        line = options.first?.line ?? section.line
    }
}
