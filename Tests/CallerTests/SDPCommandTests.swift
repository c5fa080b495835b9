import Foundation
import SDP
import Signaling
import Testing

@testable import Caller

@Suite("swiftlet sdp")
struct SDPCommandTests {
    static let good = "v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\n"
    static let bad = good + "m=audio 9 UDP/TLS/RTP/SAVPF 96\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\n"

    private func parse(_ line: String) throws(ArgumentError) -> Invocation {
        try Invocation(parsing: line.split(separator: " ").map(String.init))
    }

    private func options(
        _ action: SDPOptions.Action,
        _ files: String...,
        change: (inout SDPOptions) -> Void = { _ in }
    ) -> Invocation {
        var options = SDPOptions(action, files)
        change(&options)
        return .sdp(options)
    }

    @Test func commandLinesAreUnderstood() throws {
        #expect(try parse("sdp lint a.sdp -") == options(.lint, "a.sdp", "-"))
        #expect(try parse("sdp explain -") == options(.explain, "-"))
        #expect(try parse("sdp lint --offer a.sdp") == options(.lint, "a.sdp") { $0.role = .offer })
        #expect(
            try parse("sdp --answer lint a.sdp --no-notes --json")
                == options(.lint, "a.sdp") {
                    $0.role = .answer
                    $0.showsNotes = false
                    $0.style = .json
                }
        )
        #expect(
            try parse("sdp diff a b --ignore codec,made-up")
                == options(.diff, "a", "b") {
                    $0.ignored = .madeUpForEachCall.union([.codec])
                }
        )
        #expect(try parse("sdp lint --help") == .help(.sdp))
    }

    @Test(
        "wrong ones are refused with what would be right",
        arguments: [
            ("sdp", .missingAction, "it takes lint, explain and diff."),
            ("sdp lnt x", .unknownAction("lnt"), "(did you mean lint?)"),
            ("sdp lint", .missingFiles(.lint), "swiftlet sdp lint FILE…"),
            ("sdp diff a", .notTwoFiles(1), "two files, not 1"),
            ("sdp diff a b c", .notTwoFiles(3), "two files, not 3"),
            ("sdp diff a b --ignore codek", .unknownKind("codek"), "(did you mean codec?)"),
            ("sdp explain a --offer", .notFor("--offer", .explain), "--offer says nothing"),
            ("sdp lint a --offer --answer", .together("--offer", "--answer"), "exclude"),
            ("sdp lint a --ofer", .unknownOption("--ofer", .sdp), "(did you mean --offer?)"),
        ] as [(String, ArgumentError, String)]
    )
    func refused(line: String, error: ArgumentError, hint: String) {
        #expect(throws: error) { try parse(line) }
        #expect("\(error)".contains(hint), "\(error)")
    }

    private func report(
        _ action: SDPOptions.Action,
        _ texts: String...,
        change: (inout SDPOptions) -> Void = { _ in }
    ) -> SDPReport {
        let inputs = texts.enumerated().map { index, text in
            SDPInput(name: "\(index).sdp", bytes: Array(text.utf8))
        }
        var options = SDPOptions(action, inputs.map(\.name))
        change(&options)
        return SDPReport(options, inputs)
    }

    @Test func lintListsFindingsWithPlaceRuleAndAdvice() {
        let report = report(.lint, Self.bad)
        #expect(report.code == .callFailed)
        let text = report.lines.map(\.text)
        #expect(
            text.contains(
                "0.sdp:5: error: payload type 96 has no rtpmap (missing-rtpmap, RFC 8866 §6.6)\n"
                    + "    Add a=rtpmap with encoding and clock rate."
            )
        )
        #expect(text.last?.hasPrefix("0.sdp: 4 errors, 1 warning, ") == true, "\(text)")
        #expect(report.lines.first?.fields.text.contains(#""event":"finding""#) == true)
    }

    @Test func anAdviceIsGivenOnce() {
        let report = report(.lint, Self.bad, Self.bad)
        let advised = report.lines.filter { $0.text.contains("Add a=rtpmap") }
        #expect(advised.count == 1)
    }

    @Test func notesCanBeLeftOut() {
        let report = report(.lint, Self.bad) { $0.showsNotes = false }
        #expect(!report.lines.contains { $0.text.contains(": note: ") })
        #expect(report.lines.last?.text.contains("note") == false)
    }

    @Test func aGoodDescriptionIsSuccess() {
        let report = report(.lint, Self.good)
        #expect(report.code == .success)
        #expect(report.lines.map(\.text) == ["0.sdp: nothing to say"])
    }

    @Test func explainTellsTheText() {
        let report = report(.explain, Self.bad)
        #expect(report.code == .success)
        #expect(report.lines.first?.text.hasPrefix("Session 1, version 1.\n1 section.") == true)
        #expect(report.lines.first?.text.contains("line 5: error: payload type 96") == true)
    }

    @Test func diffTellsWhatChanged() {
        let changed = Self.bad.replacing("mid:0", with: "mid:1").replacing("o=- 1", with: "o=- 2")
        let all = report(.diff, Self.bad, changed)
        #expect(all.code == .callFailed)
        #expect(
            all.lines.map(\.text) == [
                "session: origin changed from - 1 1 IN IP4 0.0.0.0 to - 2 1 IN IP4 0.0.0.0",
                "section 0 (audio, mid 1): mid changed from 0 to 1",
            ]
        )
        let none = report(.diff, Self.bad, changed) { $0.ignored = [.origin, .mid] }
        #expect(none.code == .success)
        #expect(none.lines.map(\.text) == ["the descriptions say the same"])
    }

    @Test func whatIsNoDescriptionIsSaidSo() {
        for action in [SDPOptions.Action.explain, .diff] {
            let report = report(action, "GET / HTTP/1.1\r\n", Self.good)
            #expect(report.code == .callFailed)
            #expect(
                report.failures == [
                    "0.sdp is no session description: line 1, column 1: expected a session "
                        + "description"
                ]
            )
        }
        #expect(report(.lint, "").code == .callFailed)
    }

    @Test func textOfTheFileDoesNotCommandTheTerminal() {
        let text = Self.bad.replacing("mid:0", with: "mid:\u{1B}[31m")
        for action in [SDPOptions.Action.lint, .explain] {
            let report = report(action, text)
            #expect(!report.lines.contains { $0.text.contains("\u{1B}") })
        }
    }

    @Test(.timeLimit(.minutes(1)))
    func theProgramReadsFilesAndStandardInput() async throws {
        let folder = try TemporaryFolder()
        let path = folder.path("good.sdp")
        _ = FileManager.default.createFile(atPath: path, contents: Data(Self.good.utf8))
        let good = try SpawnedProgram("sdp", "lint", path)
        #expect(await good.line(with: "good.sdp: nothing to say") != nil)
        #expect(await good.end() == ("", 0))
        let missing = await (try SpawnedProgram("sdp", "lint", folder.path("none.sdp"))).end()
        #expect(missing.code == 2)
        #expect(missing.errors.hasSuffix("none.sdp: No such file or directory.\n"))
        // Nothing is on standard input.
        let input = try SpawnedProgram("sdp", "lint", "-")
        #expect(await input.line(with: "standard input:1: error: expected a session") != nil)
        #expect(await input.end().code == 1)
        #expect(await (try SpawnedProgram("sdp", "diff", path, folder.url.path)).end().code == 2)
    }
}
