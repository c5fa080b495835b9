/// What holds for every attribute: its name, its place, and how often it may come.
enum AttributeCheck {
    static func run(_ context: LintContext, _ report: inout LintReport) {
        check(context.session, &report)
        for attribute in context.session.all where mediaAttributes.contains(attribute.value.name) {
            report.add(.mediaAttributeInSession, attribute.line, attribute.value.name)
        }
        for section in context.media {
            check(section.attributes, &report)
            for attribute in section.attributes.all
            where sessionAttributes.contains(attribute.value.name) {
                report.add(.sessionAttributeInMedia, attribute.line, attribute.value.name)
            }
        }
    }

    private static func check(_ section: LintSection, _ report: inout LintReport) {
        for attribute in section.all where !report.isFull {
            let name = attribute.value.name
            report.add(
                .attributeName,
                attribute.line,
                if: !name.isToken,
                "attribute \(quoted(name))"
            )
            let hasValue = attribute.value.value != nil && properties.contains(name)
            report.add(.propertyWithValue, attribute.line, if: hasValue, "\(name) with a value")
            let isAgain =
                singleAttributes.contains(name) && section.firstLines[name] != attribute.line
            report.add(.repeatedAttribute, attribute.line, if: isAgain, "\(name) again")
        }
        for attribute in section.unreadable {
            report.add(
                .malformedAttribute,
                attribute.line,
                "\(attribute.name) should have \(attribute.expectation)"
            )
        }
        for direction in section.directions.dropFirst() {
            report.add(
                .conflictingDirections,
                direction.line,
                "\(direction.value.rawValue) after \(section.directions[0].value.rawValue)"
            )
        }
    }
}

extension String {
    /// Whether this is a token (RFC 8866 §9).
    var isToken: Bool {
        !isEmpty
            && utf8.allSatisfy { byte in
                switch byte {
                case 0x21, 0x23...0x27, 0x2A...0x2B, 0x2D...0x2E, 0x30...0x39, 0x41...0x5A,
                    0x5E...0x7E:
                    true
                default: false
                }
            }
    }
}

private let properties: Set<String> = [
    "sendrecv", "sendonly", "recvonly", "inactive", "rtcp-mux", "rtcp-mux-only", "rtcp-rsize",
    "bundle-only", "ice-lite", "ice-mismatch", "end-of-candidates", "extmap-allow-mixed",
]

private let mediaAttributes: Set<String> = [
    "mid", "rtpmap", "fmtp", "rtcp-fb", "candidate", "remote-candidates", "ice-mismatch", "rtcp",
    "rtcp-mux", "rtcp-mux-only", "bundle-only", "ssrc", "ssrc-group", "msid", "rid", "simulcast",
    "sctp-port", "sctpmap", "max-message-size", "tls-id", "ptime", "maxptime", "imageattr",
    "crypto",
]

private let sessionAttributes: Set<String> = [
    "group", "ice-lite", "ice-pacing", "identity", "msid-semantic", "charset", "tool", "type",
]

private let singleAttributes: Set<String> = [
    "mid", "ice-ufrag", "ice-pwd", "ice-options", "ice-lite", "ice-pacing", "setup", "rtcp",
    "rtcp-mux", "rtcp-mux-only", "rtcp-rsize", "sctp-port", "max-message-size", "tls-id", "ptime",
    "maxptime", "simulcast", "bundle-only", "end-of-candidates", "extmap-allow-mixed", "framerate",
]
