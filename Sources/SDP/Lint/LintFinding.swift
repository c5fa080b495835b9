/// One place where a description breaks a rule.
///
/// ```swift
/// for finding in offer.lint() where finding.rule.severity == .error { print(finding) }
/// // line 12: error: payload type 96 has no rtpmap (missing-rtpmap, RFC 8866 §6.6)
/// ```
public struct LintFinding: Hashable, Sendable {
    /// The rule.
    public var rule: LintRule
    /// The line, counted from 1; of something missing, the line of what lacks it.
    public var line: Int
    /// What is wrong here, in a few words.
    public var message: String

    /// A finding from its parts.
    public init(_ rule: LintRule, line: Int, message: String) {
        self.rule = rule
        self.line = line
        self.message = message
    }

    /// How much it matters.
    public var severity: LintRule.Severity { rule.severity }
    /// What to do about it.
    public var advice: String { rule.advice }
}

extension LintFinding: CustomStringConvertible {
    /// A sentence for people: place, severity, what is wrong, and where that is written.
    public var description: String {
        "line \(line): \(severity.rawValue): \(message) (\(rule))"
    }
}
