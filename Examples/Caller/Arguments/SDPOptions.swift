import SDP

/// Options of `swiftlet sdp`.
struct SDPOptions: Hashable, Sendable {
    /// What is done with the files.
    enum Action: String, CaseIterable, Sendable {
        case lint, explain, diff
    }

    var action: Action
    var files: [String]
    var role: SDPLinter.Role?
    var showsNotes = true
    var ignored: Set<SDPDifference.Kind> = []
    var style = OutputStyle.text

    init(_ action: Action, _ files: [String]) {
        self.action = action
        self.files = files
    }

    /// What `--ignore` takes.
    static let kinds = [madeUp] + SDPDifference.Kind.allCases.map(\.rawValue)
    private static let madeUp = "made-up"
}

extension SDPOptions.Action {
    /// How it is called.
    var form: String {
        switch self {
        case .lint: "lint FILE…"
        case .explain: "explain FILE…"
        case .diff: "diff OLD NEW"
        }
    }

    /// One line on what it does; `-` reads standard input.
    var summary: String {
        switch self {
        case .lint: "list what is wrong or suspicious, with the RFC that says so"
        case .explain: "say in words what the description says"
        case .diff: "say what the second description changes; - is standard input"
        }
    }

    /// The options that say something to it.
    fileprivate var options: Set<String> {
        switch self {
        case .lint: ["--offer", "--answer", "--no-notes", "--json"]
        case .explain: []
        case .diff: ["--ignore", "--json"]
        }
    }
}

extension SDPOptions {
    init(_ given: GivenOptions) throws(ArgumentError) {
        guard let word = given.words.first else { throw .missingAction }
        guard let action = Action(rawValue: word) else { throw .unknownAction(word) }
        self.init(action, Array(given.words.dropFirst()))
        for entry in Command.sdp.options where given[entry.name] != nil {
            guard action.options.contains(entry.name) else { throw .notFor(entry.name, action) }
        }
        switch action {
        case .lint, .explain: if files.isEmpty { throw .missingFiles(action) }
        case .diff: if files.count != 2 { throw .notTwoFiles(files.count) }
        }
        if given["--offer"] != nil, given["--answer"] != nil {
            throw .together("--offer", "--answer")
        }
        if given["--offer"] != nil { role = .offer }
        if given["--answer"] != nil { role = .answer }
        showsNotes = given["--no-notes"] == nil
        for name in (given["--ignore"] ?? "").split(separator: ",").map(String.init) {
            if name == Self.madeUp {
                ignored.formUnion(Set.madeUpForEachCall)
            } else if let kind = SDPDifference.Kind(rawValue: name) {
                ignored.insert(kind)
            } else {
                throw .unknownKind(name)
            }
        }
        style = given.style
    }
}
