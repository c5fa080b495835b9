import SDP
import Testing

@Suite("What a linter finds: RFC 8866, 9429, 9143, 8839, 8842 and others")
struct LintTests {
    @Test func aGoodOfferHasNoFindings() {
        #expect(SDPLinter().lint(goodOffer).map(\.description) == [])
        #expect(SDPLinter(role: .offer).lint(goodOffer).map(\.description) == [])
    }

    @Test("every rule has a description that breaks it", arguments: LintCase.all)
    func breaks(example: LintCase) throws {
        let text = apply(example.failing)
        try #require(!text.isEmpty, "an edit found nothing to replace")
        let findings = SDPLinter(role: example.role).lint(text)
        let lines = findings.filter { $0.rule == example.rule }.map(\.line)
        #expect(lines == [example.line], "\(findings)")
    }

    @Test("every rule has a description that does not break it", arguments: LintCase.all)
    func keeps(example: LintCase) throws {
        let text = apply(example.passing)
        try #require(!text.isEmpty, "an edit found nothing to replace")
        let findings = SDPLinter(role: example.role).lint(text)
        #expect(!findings.contains { $0.rule == example.rule }, "\(findings)")
    }

    @Test func everyRuleHasOneCaseAndEveryCaseARule() {
        let tested = LintCase.all.map(\.rule.name)
        #expect(tested == LintRule.all.map(\.name))
        #expect(Set(tested).count == tested.count)
        #expect(LintRule.all.count >= 65)
        for example in LintCase.all {
            #expect(!example.failing.isEmpty, "\(example.rule)")
        }
    }

    @Test func noRuleIsForgottenInTheList() {
        let sources = Sources.text(in: "Lint/Rules", suffix: "Rules.swift")
        #expect(sources.split(separator: "= LintRule(").count - 1 == LintRule.all.count)
        for rule in LintRule.all { #expect(LintRule.named(rule.name) == rule) }
        #expect(LintRule.named("nothing") == nil)
    }

    @Test(
        "every rule says where it is written, what it means and what to do",
        arguments: LintRule.all
    )
    func wording(rule: LintRule) throws {
        #expect(rule.reference.wholeMatch(of: /RFC \d{4} §\d+(\.\d+)*/) != nil)
        #expect(rule.name.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*/) != nil)
        for sentence in [rule.meaning, rule.advice] {
            #expect(sentence.hasSuffix("."))
            #expect(sentence.first?.isUppercase == true)
        }
    }

    @Test func findingsComeByLine() {
        let text = goodOffer.replacing("a=mid:1\r\n", with: "").replacing("s=-", with: "s=")
            .replacing("v=0", with: "v=7")
        let findings = SDPLinter().lint(text)
        #expect(findings.map(\.line) == findings.map(\.line).sorted())
        #expect(
            findings.first?.description
                == "line 1: error: version 7 (wrong-version, RFC 8866 §5.1)"
        )
    }

    @Test func linesAreThoseOfTheText() throws {
        // Blank lines and spaces are not kept, so that the written description has other lines.
        let text = "\r\n\r\n" + goodOffer.replacing("a=mid:1", with: "a=mid:0")
        let wanted =
            2 + 1 + (goodOffer.split(separator: "\r\n").firstIndex { $0 == "a=mid:1" } ?? 0)
        let inText = SDPLinter().lint(text).filter { $0.rule == .repeatedMID }
        #expect(inText.map(\.line) == [wanted])
        let description = try SDPDescription(parsing: text)
        #expect(description.lint().filter { $0.rule == .repeatedMID }.map(\.line) == [wanted - 2])
        #expect(description.lint().filter { $0.rule == .strayText }.map(\.line) == [1, 2])
    }

    @Test(
        "a recorded text and its description have the same findings",
        arguments: CorpusTests.canonical
    )
    func valueAndText(name: String) throws {
        let text = Fixtures.text(name)
        #expect(try SDPDescription(parsing: text).lint() == SDPLinter().lint(text))
    }

    @Test func whatIsBuiltIsLintedToo() {
        var audio = MediaDescription(kind: "audio", formats: ["111"])
        audio.mid = "0"
        let findings = SDPDescription(media: [audio]).lint()
        #expect(findings.contains { $0.rule == .missingRTPMap && $0.line == 5 })
        #expect(findings.contains { $0.rule == .missingFingerprint && $0.line == 5 })
    }

    @Test func findingsAreLimited() {
        var linter = SDPLinter()
        linter.maximumFindings = 3
        let text = goodOffer + String(repeating: "a=mid:2\r\n", count: 100)
        #expect(linter.lint(text).count == 3)
    }

    @Test func textOfTheInputIsCutAndHasNoControlCharacters() {
        let name = String(repeating: "x", count: 10_000)
        let findings = SDPLinter().lint(goodOffer + "a=mid(\u{1B}[31m\(name):1\r\n")
        let finding = findings.first { $0.rule == .attributeName }
        #expect(finding.map { $0.message.count < 120 } == true)
        #expect(finding?.message.contains("\u{1B}") == false)
    }

    private func apply(_ edits: [LintCase.Edit]) -> String {
        edits.reduce(goodOffer) { text, edit in edit.applied(to: text) }
    }
}
