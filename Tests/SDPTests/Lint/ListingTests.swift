import Foundation
import SDP
import Testing

@Suite("What a linter finds in descriptions of the field")
struct ListingTests {
    @Test("every recorded description has the findings that are listed", arguments: Listing.names)
    func listing(name: String) throws {
        let wanted = try #require(Listing.byName[name], "lint.tsv does not name this file")
        let findings = SDPLinter().lint(Fixtures.bytes(name).span)
        #expect(Listing.line(findings) == wanted)
    }

    @Test func theListingNamesEveryDescription() {
        #expect(Set(Listing.byName.keys) == Set(Listing.names))
    }

    @Test(
        "offers and answers of a browser have no errors",
        arguments: Fixtures.names(in: ["browsers"])
    )
    func browsers(name: String) {
        let errors = SDPLinter().lint(Fixtures.text(name)).filter { $0.severity == .error }
        #expect(errors.map(\.description) == [])
    }

    @Test("offers of a browser leave open who opens the connection", arguments: offers)
    func browserOffers(name: String) {
        let errors = SDPLinter(role: .offer).lint(Fixtures.text(name)).filter {
            $0.severity != .note
        }
        #expect(!errors.contains { $0.rule == .offerSetup })
    }

    static let offers = Fixtures.names(in: ["browsers"]).filter { $0.hasSuffix("offer.sdp") }

    @Test("the examples of the RFC have no errors", arguments: Fixtures.names(in: ["rfc9429"]))
    func examples(name: String) {
        let findings = SDPLinter().lint(Fixtures.text(name)).filter { $0.severity == .error }
        #expect(findings.map(\.description) == [])
    }
}

/// Fixtures/sdp/lint.tsv: a file a line, then its findings as `rule:line`.
enum Listing {
    /// Every recorded description.
    static let names = CorpusTests.all + ["chrome_offer.sdp"]

    /// What is listed for each.
    static let byName: [String: String] = {
        var lists: [String: String] = [:]
        for line in Fixtures.text("lint.tsv").split(separator: "\n").dropFirst() {
            let fields = line.split(separator: "\t", maxSplits: 1, omittingEmptySubsequences: false)
            lists[String(fields[0])] = fields.count > 1 ? String(fields[1]) : ""
        }
        return lists
    }()

    /// The findings as the listing has them.
    static func line(_ findings: [LintFinding]) -> String {
        findings.map { "\($0.rule.name):\($0.line)" }.joined(separator: " ")
    }
}
