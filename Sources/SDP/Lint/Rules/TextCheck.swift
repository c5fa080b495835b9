/// What tolerant parsing forgave.
enum TextCheck {
    static func run(_ context: LintContext, _ report: inout LintReport) {
        for deviation in context.description.deviations {
            guard let rule = rule(for: deviation.kind) else { continue }
            report.add(rule, deviation.line, deviation.kind.sentence)
        }
    }

    /// The rule that a deviation breaks; nil where a rule about values finds the same.
    private static func rule(for kind: SDPDescription.Deviation.Kind) -> LintRule? {
        switch kind {
        case .version, .missingLine("c"), .missingRTPMap, .missingMID, .missingMIDExtension,
            .oldSCTPMap:
            nil
        case .missingLine: .requiredLine
        case .misplacedLine: .lineOrder
        case .repeatedLine: .repeatedLine
        case .unknownLine: .unknownLine
        case .malformedLine: .malformedLine
        case .notALine, .blankLine: .strayText
        case .bareLineFeed, .missingFinalLineBreak: .lineEnding
        case .trailingSpace: .trailingSpace
        case .forbiddenByte, .invalidUTF8: .forbiddenText
        }
    }
}
