/// The texts that `--help` and wrong options print.
enum Help {
    /// The help on one command, or on all of them.
    static func text(on command: Command?) -> String {
        guard let command else { return overview }
        let word = command.word.map { [($0.name, $0.help)] } ?? []
        let rows =
            word
            + command.options.map { entry in
                (entry.value.map { "\(entry.name) \($0)" } ?? entry.name, entry.help)
            }
        return """
            swiftlet \(command.rawValue): \(command.summary)

            \(forms(of: command))\(table(rows))

            \(examples(of: command))

            """
    }

    private static func examples(of command: Command) -> String {
        let others = command.furtherExamples
        guard !others.isEmpty else { return "Example: \(command.example)" }
        return "Examples:\n"
            + ([command.example] + others).map { "  " + $0 }.joined(separator: "\n")
    }

    /// What can stand behind the command, for those that do several things.
    private static func forms(of command: Command) -> String {
        switch command {
        case .sdp: table(SDPOptions.Action.allCases.map { ($0.form, $0.summary) }) + "\n\n"
        case .signal, .call, .answer, .demo, .stun, .turn: ""
        }
    }

    private static var overview: String {
        let commands = Command.allCases.map { ($0.rawValue, $0.summary) }
        let codes = ExitCode.allCases.map { (String($0.rawValue), $0.meaning) }
        return """
            swiftlet: voice calls from the command line, and tools for what they say

            Commands:
            \(table(commands))

            swiftlet COMMAND --help says what a command takes.

            Exit codes:
            \(table(codes))

            """
    }

    private static func table(_ rows: [(String, String)]) -> String {
        let width = rows.map(\.0.count).max() ?? 0
        return rows.map { row in
            "  " + row.0 + String(repeating: " ", count: width - row.0.count + 2) + row.1
        }
        .joined(separator: "\n")
    }
}

extension ArgumentError: CustomStringConvertible {
    var description: String {
        switch self {
        case .unknownCommand(let word):
            "\"\(word)\" is no command"
                + suggestion(for: word, among: Command.allCases.map(\.rawValue))
                + "; the commands are \(list(Command.allCases.map(\.rawValue)))."
        case .unknownOption(let name, let command):
            "swiftlet \(command.rawValue) has no option \(name)"
                + suggestion(for: name, among: command.options.map(\.name))
                + "; it takes \(list(command.options.map(\.name)))."
        case .unexpectedWord(let word, let command):
            "\"\(word)\" has no option in front of it; "
                + "swiftlet \(command.rawValue) takes \(list(command.options.map(\.name)))."
        case .missingValue(let name, let command):
            "\(name) needs a value: \(usage(of: name, in: command))."
        case .unwantedValue(let name): "\(name) takes no value; write it alone."
        case .repeated(let name): "\(name) is there twice; give it once."
        case .required(let name, let command):
            "\(name) is missing: \(usage(of: name, in: command)). Example: \(command.example)"
        case .missingAction:
            "swiftlet sdp needs to know what to do; it takes \(list(actions))."
        case .unknownAction(let word):
            "\"\(word)\" is nothing that swiftlet sdp does"
                + suggestion(for: word, among: actions) + "; it takes \(list(actions))."
        case .missingFiles(let action):
            "swiftlet sdp \(action.rawValue) needs a file: swiftlet sdp \(action.form); "
                + "- stands for standard input."
        case .notTwoFiles(let count):
            "swiftlet sdp diff compares two files, not \(count): the older first."
        case .unknownKind(let word):
            "\"\(word)\" is no kind of difference"
                + suggestion(for: word, among: SDPOptions.kinds)
                + "; --ignore takes \(list(SDPOptions.kinds))."
        case .notFor(let name, let action):
            "\(name) says nothing to swiftlet sdp \(action.rawValue); leave it out."
        case .together(let one, let other): "\(one) and \(other) exclude each other; choose one."
        case .invalidPort(let text):
            "\"\(text)\" is no port; --port takes a number from 1 to 65535, or 0 for any free one."
        case .invalidTone(let text):
            "\"\(text)\" is no tone; --tone takes a number of hertz from 20 to 20000, such as 440."
        case .invalidID(let option):
            "\(option) takes an id of 1 to 128 bytes without control characters, such as left."
        case .sameIDs(let id):
            "--id and --to are both \"\(id)\"; a call goes to somebody else's id."
        case .invalidServer(let text, let error): "--server \"\(text)\": \(error)."
        case .missingWord(let command):
            "\(command.word?.name ?? "a word") is missing. Example: \(command.example)"
        case .invalidStunServer(let text, let error): "\"\(text)\": \(error)."
        case .notAStunServer(let text):
            "\"\(text)\" is no STUN server over UDP; write its host, or stun: and its host."
        case .empty(let name): "the value of \(name) is empty."
        case .invalidNumber(let name, let text, let range):
            "\"\(text)\" does not fit; \(name) takes a number from \(range.lowerBound) "
                + "to \(range.upperBound)."
        case .invalidPortRange(let lowest, let highest):
            "--min-port \(lowest) is above --max-port \(highest); swap them."
        case .invalidAddress(let name, let text):
            "\"\(text)\" is no address; \(name) takes one of this machine, such as 192.0.2.1."
        case .invalidUser(let name, let text):
            "\"\(text)\" is no user; \(name) takes a name, a colon and a password, "
                + "such as alice:secret."
        case .invalidServerURI(let name, let text, let error):
            "\(name) \"\(text)\": \(error)."
        case .notAServer(let name, let text):
            "\"\(text)\" is not for \(name), which takes \(schemes(of: name)) addresses."

        }
    }

    private var actions: [String] { SDPOptions.Action.allCases.map(\.rawValue) }

    private func schemes(of name: String) -> String {
        name == "--stun" ? "stun: and stuns:" : "turn: and turns:"
    }

    private func usage(of name: String, in command: Command) -> String {
        let entry = command.options.first { $0.name == name }
        return "\(name) \(entry?.value ?? "VALUE") is \(entry?.help ?? "needed")"
    }

    private func list(_ words: [String]) -> String {
        guard words.count > 1, let last = words.last else { return words.joined() }
        return words.dropLast().joined(separator: ", ") + " and " + last
    }

    private func suggestion(for word: String, among words: [String]) -> String {
        let nearest = words.map { (distance(from: word, to: $0), $0) }.min { $0.0 < $1.0 }
        guard let (distance, other) = nearest, distance <= 2 else { return "" }
        return " (did you mean \(other)?)"
    }

    /// How many letters have to be changed, added or removed (Levenshtein).
    private func distance(from word: String, to other: String) -> Int {
        let letters = Array(other)
        // A long word is far from all of ours, and would cost its square.
        guard word.count <= 40 else { return .max }
        var row = Array(0...letters.count)
        for (index, letter) in word.enumerated() {
            var diagonal = row[0]
            row[0] = index + 1
            for column in letters.indices {
                let replaced = diagonal + (letters[column] == letter ? 0 : 1)
                diagonal = row[column + 1]
                row[column + 1] = min(replaced, diagonal + 1, row[column] + 1)
            }
        }
        return row[letters.count]
    }
}
