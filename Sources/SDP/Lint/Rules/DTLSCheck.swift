/// Certificates and the roles of DTLS.
enum DTLSCheck {
    static func run(_ context: LintContext, _ report: inout LintReport) {
        check(context.session, context, &report)
        for section in context.media {
            check(section.attributes, context, &report)
            for attribute in section.attributes.named("tls-id") {
                let value = attribute.value.value ?? ""
                report.add(
                    .tlsIDSyntax,
                    attribute.line,
                    if: TLSIDAttribute(attribute.value) == nil,
                    "\(quoted(value))"
                )
            }
            if let line = section.attributes.firstLines["crypto"] {
                report.add(.sdesKeys, line, "keys of SDES")
            }
            if section.isDTLS, !section.isRejected { checkMissing(section, context, &report) }
        }
    }

    private static func checkMissing(
        _ section: LintMedia,
        _ context: LintContext,
        _ report: inout LintReport
    ) {
        let lacksFingerprint = !context.inherits("fingerprint", section)
        report.add(
            .missingFingerprint,
            section.line,
            if: lacksFingerprint,
            "no fingerprint holds for this section"
        )
        let lacksSetup = !context.inherits("setup", section)
        report.add(.missingSetup, section.line, if: lacksSetup, "no setup holds for this section")
        // Once for a bundle: it has one association.
        let tagged = context.taggedSections[section.index] ?? section.index
        let lacksID = tagged == section.index && !section.has("tls-id")
        report.add(.missingTLSID, section.line, if: lacksID, "this section has no tls-id")
    }

    private static func check(
        _ section: LintSection,
        _ context: LintContext,
        _ report: inout LintReport
    ) {
        for fingerprint in section.transport.fingerprints {
            let name = fingerprint.value.hashFunction
            switch name {
            case "md2", "md5":
                report.add(.forbiddenFingerprint, fingerprint.line, "fingerprint of \(name)")
            case "sha-1": report.add(.weakFingerprint, fingerprint.line, "fingerprint of sha-1")
            case "sha-224", "sha-256", "sha-384", "sha-512": break
            default:
                report.add(.unknownHash, fingerprint.line, "fingerprint of \(quoted(name))")
            }
        }
        for attribute in section.named("fingerprint") {
            let digits = attribute.value.value?.split(separator: " ").last ?? ""
            let isLow = digits.utf8.contains { (0x61...0x66).contains($0) }
            report.add(.lowercaseFingerprint, attribute.line, if: isLow, "lower-case digits")
        }
        for setup in section.transport.setups {
            switch (setup.value, context.role) {
            case (.holdconn, _): report.add(.holdconn, setup.line, "setup holdconn")
            case (.actpass, .answer): report.add(.answerActpass, setup.line, "actpass in an answer")
            case (.active, .offer), (.passive, .offer):
                report.add(.offerSetup, setup.line, "\(setup.value.rawValue) in an offer")
            case (.actpass, _), (.active, _), (.passive, _): break
            }
        }
    }
}
