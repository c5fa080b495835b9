import SDP

/// Any bytes to the linter, the explainer and the diff; two texts with a NUL between them are
/// compared with each other.
@c(LLVMFuzzerTestOneInput)
public func fuzzFindings(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = Array(UnsafeBufferPointer(start: bytes, count: count))
    let parts = input.split(separator: 0, maxSplits: 1, omittingEmptySubsequences: false)
    let lines = input.reduce(1) { $0 + ($1 == 10 ? 1 : 0) }
    let linter = SDPLinter(role: count % 2 == 0 ? .offer : .answer)
    let findings = linter.lint(input.span)
    precondition(findings.count <= linter.maximumFindings)
    for finding in findings {
        precondition((1...lines).contains(finding.line), "a finding has a line of the text")
        precondition(LintRule.named(finding.rule.name) != nil, "a rule is in the list")
    }
    let descriptions = parts.compactMap { part in try? SDPDescription(parsing: Array(part).span) }
    for description in descriptions {
        _ = description.lint()
        _ = description.explanation().description
        let differences = description.differences(from: description)
        precondition(differences.isEmpty, "nothing differs from itself")
    }
    if descriptions.count == 2 {
        let forth = descriptions[1].differences(from: descriptions[0])
        let back = descriptions[0].differences(from: descriptions[1])
        precondition(forth.isEmpty == back.isEmpty, "a difference is one both ways")
    }
    return 0
}
