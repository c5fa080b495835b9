/// Groups of sections, above all those that share a transport.
enum BundleCheck {
    static func run(_ context: LintContext, _ report: inout LintReport) {
        var bundled: Set<String> = []
        for group in context.session.groups where !report.isFull {
            let isBundle = group.value.semantics == GroupAttribute.bundle
            checkMIDs(group, context, &report)
            report.add(
                .unknownGroup,
                group.line,
                if: !groupSemantics.contains(group.value.semantics),
                "group \(quoted(group.value.semantics))"
            )
            guard isBundle else { continue }
            for mid in Set(group.value.mids).sorted() where !bundled.insert(mid).inserted {
                report.add(.overlappingBundles, group.line, "mid \(quoted(mid)) in another bundle")
            }
            checkTagged(group, context, &report)
        }
        checkSections(context, &report)
        checkPayloadTypes(context, &report)
    }

    private static func checkMIDs(
        _ group: Placed<GroupAttribute>,
        _ context: LintContext,
        _ report: inout LintReport
    ) {
        var seen: Set<String> = []
        for mid in group.value.mids {
            let isNew = seen.insert(mid).inserted
            report.add(.groupRepeatedMID, group.line, if: !isNew, "mid \(quoted(mid)) again")
            let isUnknown = isNew && context.indexOfMID[mid] == nil
            report.add(
                .groupUnknownMID,
                group.line,
                if: isUnknown,
                "no section has mid \(quoted(mid))"
            )
        }
    }

    private static func checkTagged(
        _ group: Placed<GroupAttribute>,
        _ context: LintContext,
        _ report: inout LintReport
    ) {
        guard let mid = group.value.mids.first, let index = context.indexOfMID[mid] else { return }
        let isBundleOnly = context.media[index].has("bundle-only")
        report.add(
            .bundleOnlyTagged,
            group.line,
            if: isBundleOnly,
            "mid \(quoted(mid)) comes first"
        )
    }

    private static func checkSections(_ context: LintContext, _ report: inout LintReport) {
        for section in context.media {
            let isBundled = context.isBundled(section)
            report.add(
                .bundleRejected,
                section.line,
                if: isBundled && section.isRejected,
                "this section is rejected and bundled"
            )
            guard let line = section.attributes.firstLines["bundle-only"] else { continue }
            report.add(.bundleOnlyAlone, line, if: !isBundled, "this section is in no bundle")
            let port = section.description.port
            report.add(.bundleOnlyPort, line, if: port != 0, "the port is \(port)")
        }
        let loose = context.liveMedia.filter { $0.isWebRTC && !context.isBundled($0) }
        guard context.taggedSections.isEmpty, loose.count > 1 else { return }
        report.add(.missingBundle, loose[0].line, "\(loose.count) sections without a bundle")
    }

    /// A payload type within a bundle.
    private struct BundleType: Hashable {
        let tagged: Int
        let type: UInt8
    }

    private static func checkPayloadTypes(_ context: LintContext, _ report: inout LintReport) {
        var codecs: [BundleType: RTPMapAttribute] = [:]
        for section in context.liveMedia {
            guard let tagged = context.taggedSections[section.index] else { continue }
            for map in section.attributes.codecs.maps {
                let type = map.value.payloadType
                let key = BundleType(tagged: tagged, type: type)
                let other = codecs[key] ?? map.value
                codecs[key] = other
                report.add(
                    .bundlePayloadType,
                    map.line,
                    if: !other.isSameFormat(as: map.value),
                    "payload type \(type) is \(quoted(other.encoding)) in another section"
                )
            }
        }
    }
}

/// What IANA registers (RFC 5888 §5 and later).
private let groupSemantics: Set<String> = [
    "BUNDLE", "LS", "FID", "SRF", "ANAT", "FEC", "FEC-FR", "CS", "DDP", "DUP", "CLUE",
]
