/// Something that a description should or should not say, with the RFC that says so.
///
/// ```swift
/// for rule in LintRule.all { print(rule.name, rule.reference, rule.meaning) }
/// ```
public struct LintRule: Sendable {
    /// How much it matters when a rule is broken.
    public enum Severity: String, Hashable, Sendable, CaseIterable {
        /// A peer that follows the RFCs refuses the description or does something else.
        case error
        /// Some peer will trip over it, or it does not do what its writer wanted.
        case warning
        /// Old fashioned or unusual, and understood everywhere.
        case note
    }

    /// What the rule is called, such as `missing-mid`.
    public let name: String
    /// How much it matters.
    public let severity: Severity
    /// Where it is written, such as `RFC 8866 §5.7`.
    public let reference: String
    /// What is wrong, in a sentence.
    public let meaning: String
    /// What to do about it, in a sentence.
    public let advice: String

    init(
        _ severity: Severity,
        _ name: String,
        _ reference: String,
        _ meaning: String,
        advice: String
    ) {
        self.name = name
        self.severity = severity
        self.reference = reference
        self.meaning = meaning
        self.advice = advice
    }
}

extension LintRule: Hashable {
    /// Rules are told apart by their names.
    public static func == (left: LintRule, right: LintRule) -> Bool { left.name == right.name }

    /// Hashes the name.
    public func hash(into hasher: inout Hasher) { hasher.combine(name) }
}

extension LintRule: CustomStringConvertible {
    /// The name and where the rule is written.
    public var description: String { "\(name), \(reference)" }
}

extension LintRule {
    /// All rules, family by family.
    public static let all: [LintRule] =
        textRules + sessionRules + attributeRules + mediaRules + rtcpRules + codecRules
        + videoRules + feedbackRules + extensionRules + bundleRules + iceRules + candidateRules
        + dtlsRules + simulcastRules + sourceRules + dataChannelRules

    /// The rule of a name.
    public static func named(_ name: String) -> LintRule? { all.first { $0.name == name } }
}
