/// What holds for every attribute: its name, its place, and how often it may come.
enum AttributeCheck {
    static func run(_ context: LintContext, _ report: inout LintReport) {
        check(context.session, isSession: true, &report)
        for section in context.media { check(section.attributes, isSession: false, &report) }
    }

    private static func check(
        _ section: LintSection,
        isSession: Bool,
        _ report: inout LintReport
    ) {
        for attribute in section.all where !report.isFull {
            let name = attribute.value.name
            report.add(
                .attributeName,
                attribute.line,
                if: !name.isToken,
                "attribute \(quoted(name))"
            )
            guard let traits = traits[name] else { continue }
            let isMisplaced = traits.contains(isSession ? .media : .session)
            let place: LintRule = isSession ? .mediaAttributeInSession : .sessionAttributeInMedia
            report.add(place, attribute.line, if: isMisplaced, name)
            let hasValue = attribute.value.value != nil && traits.contains(.property)
            report.add(.propertyWithValue, attribute.line, if: hasValue, "\(name) with a value")
            let isAgain =
                traits.contains(.single) && section.firstLines[name] != attribute.line
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

/// What is known of an attribute by its name.
private struct Traits: OptionSet {
    let rawValue: UInt8

    /// It has no value.
    static let property = Traits(rawValue: 1)
    /// It stands in media sections.
    static let media = Traits(rawValue: 2)
    /// It stands before them.
    static let session = Traits(rawValue: 4)
    /// It comes once.
    static let single = Traits(rawValue: 8)
}

/// All traits at once: one look for each attribute.
private let traits: [String: Traits] = {
    var traits: [String: Traits] = [:]
    for (names, trait) in [
        (properties, Traits.property), (mediaAttributes, .media), (sessionAttributes, .session),
        (singleAttributes, .single),
    ] {
        for name in names { traits[name, default: []].insert(trait) }
    }
    return traits
}()

private let properties = [
    "sendrecv", "sendonly", "recvonly", "inactive", "rtcp-mux", "rtcp-mux-only", "rtcp-rsize",
    "bundle-only", "ice-lite", "ice-mismatch", "end-of-candidates", "extmap-allow-mixed",
]

private let mediaAttributes = [
    "mid", "rtpmap", "fmtp", "rtcp-fb", "candidate", "remote-candidates", "ice-mismatch", "rtcp",
    "rtcp-mux", "rtcp-mux-only", "bundle-only", "ssrc", "ssrc-group", "msid", "rid", "simulcast",
    "sctp-port", "sctpmap", "max-message-size", "tls-id", "ptime", "maxptime", "imageattr",
    "crypto",
]

private let sessionAttributes = [
    "group", "ice-lite", "ice-pacing", "identity", "msid-semantic", "charset", "tool", "type",
]

private let singleAttributes = [
    "mid", "ice-ufrag", "ice-pwd", "ice-options", "ice-lite", "ice-pacing", "setup", "rtcp",
    "rtcp-mux", "rtcp-mux-only", "rtcp-rsize", "sctp-port", "max-message-size", "tls-id", "ptime",
    "maxptime", "simulcast", "bundle-only", "end-of-candidates", "extmap-allow-mixed", "framerate",
]
