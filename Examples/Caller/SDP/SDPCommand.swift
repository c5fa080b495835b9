import Glibc
import SDP
import Signaling

/// `swiftlet sdp`: checks, explains and compares session descriptions.
enum SDPCommand {
    static func run(_ options: SDPOptions, console: Console) -> ExitCode {
        var inputs: [SDPInput] = []
        for file in options.files {
            do throws(InputError) {
                inputs.append(SDPInput(name: file, bytes: try InputFile.read(file)))
            } catch {
                console.fail("\(error)")
                return .wrongUsage
            }
        }
        let report = SDPReport(options, inputs)
        for line in report.lines { console.report(line.text, line.fields) }
        for failure in report.failures { console.fail(failure) }
        return report.code
    }
}

/// A description that somebody named on the command line.
struct SDPInput {
    let name: String
    let bytes: [UInt8]

    /// What messages call it.
    var title: String { name == "-" ? "standard input" : name }
}

/// What is said about some descriptions.
struct SDPReport {
    /// A line for people, and the same for programs.
    struct Line {
        let text: String
        let fields: JSONObject
    }

    private(set) var lines: [Line] = []
    /// What goes to standard error.
    private(set) var failures: [String] = []
    private(set) var code = ExitCode.success
    private let options: SDPOptions
    private var advised: Set<LintRule> = []

    init(_ options: SDPOptions, _ inputs: [SDPInput]) {
        self.options = options
        switch options.action {
        case .lint: for input in inputs { lint(input) }
        case .explain: for input in inputs { explain(input, isAlone: inputs.count == 1) }
        case .diff: compare(inputs)
        }
    }

    private mutating func say(_ text: String, _ fields: JSONObject) {
        lines.append(Line(text: text.printable, fields: fields))
    }

    // MARK: Lint

    private mutating func lint(_ input: SDPInput) {
        let all = SDPLinter(role: options.role).lint(input.bytes.span)
        let findings = options.showsNotes ? all : all.filter { $0.severity != .note }
        for finding in findings { show(finding, in: input) }
        let errors = findings.count { $0.severity == .error }
        let warnings = findings.count { $0.severity == .warning }
        let notes = findings.count - errors - warnings
        if errors > 0 { code = .callFailed }
        let summary =
            findings.isEmpty
            ? "nothing to say"
            : [counted(errors, "error"), counted(warnings, "warning"), counted(notes, "note")]
                .compactMap(\.self).joined(separator: ", ")
        say(
            "\(input.title): \(summary)",
            [
                "event": "linted", "file": .string(input.title),
                "errors": .number(String(errors)), "warnings": .number(String(warnings)),
                "notes": .number(String(notes)),
            ]
        )
    }

    private mutating func show(_ finding: LintFinding, in input: SDPInput) {
        let rule = finding.rule
        // The same advice is not read twice.
        let advice = advised.insert(rule).inserted ? "\n    \(rule.advice)" : ""
        say(
            "\(input.title):\(finding.line): \(rule.severity.rawValue): \(finding.message) (\(rule))\(advice)",
            [
                "event": "finding", "file": .string(input.title),
                "line": .number(String(finding.line)), "severity": .string(rule.severity.rawValue),
                "rule": .string(rule.name), "reference": .string(rule.reference),
                "message": .string(finding.message), "advice": .string(rule.advice),
            ]
        )
    }

    private func counted(_ count: Int, _ noun: String) -> String? {
        count == 0 ? nil : "\(count) \(noun)\(count == 1 ? "" : "s")"
    }

    // MARK: Explain

    private mutating func explain(_ input: SDPInput, isAlone: Bool) {
        guard let description = parsed(input) else { return }
        let findings = SDPLinter(role: options.role).lint(input.bytes.span)
        let text = description.explanation(findings: findings).description
        say(
            isAlone ? text : "\(input.title)\n\(text)\n",
            ["event": "explanation", "text": .string(text)]
        )
    }

    /// The description; notes a failure if there is none.
    private mutating func parsed(_ input: SDPInput) -> SDPDescription? {
        do throws(SDPError) {
            return try SDPDescription(parsing: input.bytes.span)
        } catch {
            failures.append("\(input.title) is no session description: \(error)".printable)
            code = .callFailed
            return nil
        }
    }

    // MARK: Diff

    private mutating func compare(_ inputs: [SDPInput]) {
        let descriptions = inputs.compactMap { parsed($0) }
        guard descriptions.count == 2 else { return }
        let differences = descriptions[1].differences(
            from: descriptions[0],
            ignoring: options.ignored
        )
        for difference in differences {
            say(
                difference.description,
                [
                    "event": "difference", "place": .string("\(difference.place)"),
                    "kind": .string(difference.kind.rawValue),
                    "subject": difference.subject.map { .string($0) } ?? .null,
                    "change": .string("\(difference.change)"),
                ]
            )
        }
        if differences.isEmpty {
            say("the descriptions say the same", ["event": "equal"])
        } else {
            code = .callFailed
        }
    }
}

extension String {
    /// The text without characters that would command a terminal.
    fileprivate var printable: String {
        var text = ""
        for scalar in unicodeScalars {
            let isCommand = scalar.properties.generalCategory == .control && scalar != "\n"
            text.unicodeScalars.append(isCommand ? "\u{FFFD}" : scalar)
        }
        return text
    }
}
