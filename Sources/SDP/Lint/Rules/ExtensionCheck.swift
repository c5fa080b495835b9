/// Header extensions and their ids.
enum ExtensionCheck {
    static func run(_ context: LintContext, _ report: inout LintReport) {
        check(context.session, isMixed: context.session.has("extmap-allow-mixed"), &report)
        var inBundles: [BundleID: String] = [:]
        let isMixed = context.session.has("extmap-allow-mixed")
        let shared = Set(context.session.extensions.map(\.value.uri))
        for section in context.media {
            check(
                section.attributes,
                isMixed: isMixed || section.has("extmap-allow-mixed"),
                &report
            )
            checkBundle(section, context, &inBundles, &report)
            let own = Set(section.attributes.extensions.map(\.value.uri))
            let lacksRID = ![own, shared].contains { $0.contains(ExtensionMapAttribute.ridURI) }
            if !section.isRejected, lacksRID, let line = section.attributes.firstLines["simulcast"]
            {
                report.add(.missingRIDExtension, line, "simulcast without rtp-stream-id")
            }
        }
        checkMIDs(context, &report)
    }

    /// An id within a bundle.
    private struct BundleID: Hashable {
        let tagged: Int
        let id: UInt16
    }

    private static func check(
        _ section: LintSection,
        isMixed: Bool,
        _ report: inout LintReport
    ) {
        var ids: Set<UInt16> = []
        var mappings: Set<String> = []
        for map in section.extensions {
            let id = map.value.id
            let isNew = ids.insert(id).inserted
            report.add(.repeatedExtensionID, map.line, if: !isNew, "id \(id) again")
            // RFC 8285 §5: attributes of an extension may tell two mappings of one URI apart.
            let direction = map.value.direction.map(\.rawValue) ?? ""
            let mapping = "\(map.value.uri) \(direction) \(map.value.extensionAttributes ?? "")"
            let isNewMapping = mappings.insert(mapping).inserted
            report.add(
                .repeatedExtension,
                map.line,
                if: !isNewMapping,
                "\(quoted(map.value.uri)) again"
            )
            let isLong = id > 14 && id < 4_096 && !isMixed
            report.add(.twoByteExtensionID, map.line, if: isLong, "id \(id)")
            report.add(.provisionalExtensionID, map.line, if: id >= 4_096, "id \(id)")
        }
    }

    private static func checkBundle(
        _ section: LintMedia,
        _ context: LintContext,
        _ inBundles: inout [BundleID: String],
        _ report: inout LintReport
    ) {
        guard let tagged = context.taggedSections[section.index] else { return }
        for map in section.attributes.extensions where map.value.id < 4_096 {
            let key = BundleID(tagged: tagged, id: map.value.id)
            let other = inBundles[key] ?? map.value.uri
            inBundles[key] = other
            report.add(
                .bundleExtensionID,
                map.line,
                if: other != map.value.uri,
                "id \(map.value.id) is \(quoted(other)) in another section"
            )
        }
    }

    private static func checkMIDs(_ context: LintContext, _ report: inout LintReport) {
        let bundled = context.liveMedia.filter { $0.isRTP && context.isBundled($0) }
        let isShared = context.session.extensions.contains { $0.value.isMID }
        guard bundled.count > 1, !isShared else { return }
        for section in bundled
        where !section.attributes.extensions.contains(where: { $0.value.isMID }) {
            report.add(.missingMIDExtension, section.line, "this section does not map sdes:mid")
        }
    }
}

extension ExtensionMapAttribute {
    fileprivate var isMID: Bool { uri == ExtensionMapAttribute.midURI }
}
