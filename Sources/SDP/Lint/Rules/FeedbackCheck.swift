/// RTCP feedback.
enum FeedbackCheck {
    static func run(_ context: LintContext, _ report: inout LintReport) {
        for section in context.media where section.isRTP {
            let feedback = section.attributes.codecs.feedback
            guard let first = feedback.first else { continue }
            let hasProfile = section.description.protocolName.hasSuffix("F")
            report.add(
                .feedbackProfile,
                first.line,
                if: !hasProfile,
                "feedback under \(quoted(section.description.protocolName))"
            )
            for line in feedback {
                if let type = line.value.payloadType {
                    report.add(
                        .unlistedFeedback,
                        line.line,
                        if: !section.formats.contains(String(type)),
                        "payload type \(type) is not in the m= line"
                    )
                }
                report.add(
                    .unknownFeedback,
                    line.line,
                    if: !feedbackKinds.contains(line.value.kind),
                    "feedback \(quoted(line.value.kind))"
                )
            }
        }
    }
}

/// RFC 4585 §4.2, RFC 5104 §7.1, RFC 8888 §6, and what every browser says.
private let feedbackKinds: Set<String> = [
    "ack", "nack", "trr-int", "ccm", "app", "goog-remb", "transport-cc", "rrtr",
]
