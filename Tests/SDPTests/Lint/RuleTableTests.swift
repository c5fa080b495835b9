import Foundation
import SDP
import Testing

@Suite("The guide to session descriptions")
struct RuleTableTests {
    @Test func itsTableListsEveryRule() throws {
        let guide = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "docs/sdp.md")
        let text = try String(contentsOf: guide, encoding: .utf8)
        let rows = text.split(separator: "\n").filter { $0.hasPrefix("| `") }.map(String.init)
        #expect(rows == RuleTable.rows)
    }
}

/// The rows of the guide's table.
enum RuleTable {
    static let rows = LintRule.all.map { rule in
        "| `\(rule.name)` | \(rule.severity.rawValue) | \(rule.reference) | \(rule.meaning) |"
    }
}
