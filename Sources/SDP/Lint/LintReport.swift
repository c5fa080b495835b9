/// Gathers findings, up to a limit.
struct LintReport {
    private var findings: [LintFinding] = []
    private let maximum: Int

    init(maximum: Int) { self.maximum = maximum }

    /// Whether nothing more is looked for.
    var isFull: Bool { findings.count >= maximum }

    /// Notes that a rule is broken in a line; the message is only made when there is room for it.
    mutating func add(_ rule: LintRule, _ line: Int, _ message: @autoclosure () -> String) {
        guard findings.count < maximum else { return }
        findings.append(LintFinding(rule, line: line, message: message()))
    }

    /// Notes that a rule is broken where a condition holds.
    mutating func add(
        _ rule: LintRule,
        _ line: Int,
        if isBroken: Bool,
        _ message: @autoclosure () -> String
    ) {
        if isBroken { add(rule, line, message()) }
    }

    /// The findings by line; those of one line in the order they were made.
    var sorted: [LintFinding] {
        findings.enumerated().sorted { one, other in
            (one.element.line, one.offset) < (other.element.line, other.offset)
        }.map(\.element)
    }
}

/// Text of the input in quotation marks, cut and without control characters.
func quoted(_ text: some StringProtocol) -> String {
    var shown = ""
    for scalar in text.unicodeScalars.prefix(60) {
        shown.unicodeScalars.append(scalar.value < 32 || scalar.value == 127 ? "\u{FFFD}" : scalar)
    }
    let isCut = text.unicodeScalars.dropFirst(60).first != nil
    return "\"\(shown)\(isCut ? "…" : "")\""
}
