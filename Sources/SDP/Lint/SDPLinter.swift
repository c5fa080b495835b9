/// Lists what is wrong or suspicious in a description, by the rules of ``LintRule/all``.
///
/// ```swift
/// let linter = SDPLinter(role: .offer)
/// for finding in linter.lint(text) {
///     print("\(finding.line): \(finding.message); \(finding.advice)")
/// }
/// ```
///
/// Most rules look at the description alone. What only an offer or only an answer must not say is
/// found when ``role`` tells which of them it is.
public struct SDPLinter: Hashable, Sendable {
    /// What a description is for.
    public enum Role: String, Hashable, Sendable, CaseIterable {
        /// It opens a negotiation.
        case offer
        /// It ends one.
        case answer
    }

    /// What the descriptions are for; nil when that is not known.
    public var role: Role?
    /// Findings that are listed; what comes after is not looked for.
    public var maximumFindings = 1_000
    /// How large a text may be before it is refused.
    public var limits = SDPLimits()

    /// A linter for offers, for answers, or for both.
    public init(role: Role? = nil) { self.role = role }

    /// The findings in a text, with the lines of that text.
    ///
    /// A text that cannot be read at all gives one finding, ``LintRule/unreadable``.
    public func lint(_ text: String) -> [LintFinding] { lint(text.utf8Span.span) }

    /// The findings in bytes that should be UTF-8, with their lines.
    public func lint(_ bytes: Span<UInt8>) -> [LintFinding] {
        do throws(SDPError) {
            let description = try SDPDescription(parsing: bytes, limits: limits)
            return lint(description, lines: LineMap(bytes))
        } catch {
            return [LintFinding(.unreadable, line: error.line, message: error.lintMessage)]
        }
    }

    /// The findings in a description, with the lines that ``SDPDescription/write()`` gives it.
    ///
    /// The deviations that were met when it was parsed keep the lines of the text they came from.
    public func lint(_ description: SDPDescription) -> [LintFinding] {
        let bytes = description.writtenBytes()
        return lint(description, lines: LineMap(bytes.span))
    }

    private func lint(_ description: SDPDescription, lines: LineMap) -> [LintFinding] {
        let context = LintContext(description, lines: lines, role: role)
        var report = LintReport(maximum: maximumFindings)
        TextCheck.run(context, &report)
        SessionCheck.run(context, &report)
        AttributeCheck.run(context, &report)
        MediaCheck.run(context, &report)
        RTCPCheck.run(context, &report)
        CodecCheck.run(context, &report)
        VideoCheck.run(context, &report)
        FeedbackCheck.run(context, &report)
        ExtensionCheck.run(context, &report)
        BundleCheck.run(context, &report)
        ICECheck.run(context, &report)
        CandidateCheck.run(context, &report)
        DTLSCheck.run(context, &report)
        SimulcastCheck.run(context, &report)
        SourceCheck.run(context, &report)
        DataChannelCheck.run(context, &report)
        return report.sorted
    }
}

extension SDPDescription {
    /// What is wrong or suspicious here, with the lines that ``write()`` gives.
    ///
    /// To have the lines of a text that somebody else wrote, give it to
    /// ``SDPLinter/lint(_:)-(Span<UInt8>)``.
    public func lint(as role: SDPLinter.Role? = nil) -> [LintFinding] {
        SDPLinter(role: role).lint(self)
    }
}

extension SDPError {
    fileprivate var lintMessage: String {
        switch reason {
        case .expected(let expectation): "expected \(expectation.name) at column \(column)"
        case .exceeded(let kind): "more than the limit on \(kind.rawValue) allows"
        }
    }
}
