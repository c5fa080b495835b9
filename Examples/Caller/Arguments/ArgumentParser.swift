import STUN
import Signaling

extension Invocation {
    /// Reads the words behind the program's name.
    init(parsing words: [String]) throws(ArgumentError) {
        guard let first = words.first else {
            self = .help(nil)
            return
        }
        if helpWords.contains(first) {
            self = .help(words.dropFirst().first.flatMap(Command.init(rawValue:)))
            return
        }
        guard let command = Command(rawValue: first) else { throw .unknownCommand(first) }
        let rest = words.dropFirst()
        if rest.contains(where: { $0 == "--help" || $0 == "-h" }) {
            self = .help(command)
            return
        }
        let given = try GivenOptions(rest, of: command)
        switch command {
        case .signal: self = .signal(try SignalOptions(given))
        case .sdp: self = .sdp(try SDPOptions(given))
        case .call:
            let options = try CallOptions(given)
            let target = try given.id("--to")
            guard target != options.id else { throw .sameIDs(target) }
            self = .call(options, to: target)
        case .answer: self = .answer(try CallOptions(given))
        case .demo: self = .demo(try DemoOptions(given))
        case .stun: self = .stun(try StunOptions(given))
        case .turn: try self.init(turn: given)
        }
    }
}

private let helpWords = ["help", "--help", "-h"]

/// The options of one command line by name; only such as the command knows, each once.
struct GivenOptions {
    let command: Command
    private var values: [String: String] = [:]
    /// The words without an option in front of them.
    private(set) var words: [String] = []
    /// The first of them.
    var word: String? { words.first }

    /// Takes `--name value` and `--name=value`.
    init(_ words: ArraySlice<String>, of command: Command) throws(ArgumentError) {
        self.command = command
        var words = words
        while let word = words.popFirst() {
            guard word.hasPrefix("-"), word != "-" else {
                guard command.takesWords || command.word != nil && self.words.isEmpty else {
                    throw .unexpectedWord(word, command)
                }
                self.words.append(word)
                continue
            }
            let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            let name = String(parts[0])
            guard let entry = command.options.first(where: { $0.name == name }) else {
                throw .unknownOption(name, command)
            }
            guard values[name] == nil || entry.isList else { throw .repeated(name) }
            let attached = parts.count == 2 ? String(parts[1]) : nil
            guard entry.value != nil else {
                guard attached == nil else { throw .unwantedValue(name) }
                values[name] = ""
                continue
            }
            // A value that looks like an option is written behind an equals sign.
            let following = words.first.map { $0.hasPrefix("--") } ?? true
            guard let value = attached ?? (following ? nil : words.popFirst()) else {
                throw .missingValue(name, command)
            }
            guard !value.isEmpty else { throw .empty(name) }
            values[name] = values[name].map { "\($0),\(value)" } ?? value
        }
    }

    subscript(name: String) -> String? { values[name] }

    /// The values of an option that may be there several times, or hold several.
    func list(_ name: String) -> [String] {
        values[name]?.split(separator: ",").map(String.init) ?? []
    }

    var style: OutputStyle { values["--json"] == nil ? .text : .json }

    /// An id that the option must give.
    func id(_ name: String) throws(ArgumentError) -> String {
        guard let id = values[name] else { throw .required(name, command) }
        guard id.utf8.count <= 128, id.unicodeScalars.allSatisfy({ $0.value >= 32 }) else {
            throw .invalidID(option: name)
        }
        return id
    }
}

extension SignalOptions {
    fileprivate init(_ given: GivenOptions) throws(ArgumentError) {
        if let host = given["--host"] { self.host = host }
        if let text = given["--port"] {
            guard text.utf8.allSatisfy({ (48...57).contains($0) }), let port = UInt16(text) else {
                throw .invalidPort(text)
            }
            self.port = port
        }
        certificate = given["--certificate"]
        key = given["--key"]
        if certificate != nil, key == nil { throw .required("--key", .signal) }
        if certificate == nil, key != nil { throw .required("--certificate", .signal) }
        style = given.style
    }
}

extension CallOptions {
    fileprivate init(_ given: GivenOptions) throws(ArgumentError) {
        self.init(id: try given.id("--id"))
        if let server = given["--server"] {
            do throws(WebSocketURLError) {
                _ = try WebSocketURL(server)
            } catch {
                throw .invalidServer(server, error)
            }
            self.server = server
        }
        trust = given["--trust"]
        let sources = ["--play", "--tone", "--mic"].filter { given[$0] != nil }
        guard sources.count <= 1 else { throw .together(sources[0], sources[1]) }
        if let file = given["--play"] { source = .file(file) }
        if let device = given["--mic"] { source = .microphone(device: device) }
        if let text = given["--tone"] { source = .tone(hertz: try Self.hertz(text)) }
        recording = given["--record"]
        speaker = given["--speaker"]
        network = try NetworkOptions(given)
        style = given.style
    }

    private static func hertz(_ text: String) throws(ArgumentError) -> Double {
        guard let hertz = Double(text), (20...20_000).contains(hertz) else {
            throw .invalidTone(text)
        }
        return hertz
    }
}

extension DemoOptions {
    fileprivate init(_ given: GivenOptions) throws(ArgumentError) {
        if given["--play"] != nil, given["--mute"] != nil { throw .together("--play", "--mute") }
        speech = given["--play"]
        recording = given["--record"]
        isMuted = given["--mute"] != nil
        style = given.style
    }
}

extension StunOptions {
    fileprivate init(_ given: GivenOptions) throws(ArgumentError) {
        guard let word = given.word else { throw .missingWord(.stun) }
        let schemes = ICEServerURI.Scheme.allCases.map { "\($0.rawValue):" }
        let isAddress = schemes.contains { word.lowercased().hasPrefix($0) }
        do throws(ICEServerURIError) {
            server = try ICEServerURI(isAddress ? word : "stun:" + word)
        } catch {
            // Places are counted in what was typed.
            let offset = isAddress ? error.offset : max(0, error.offset - 5)
            throw .invalidStunServer(word, ICEServerURIError(error.reason, at: offset))
        }
        guard server.scheme == .stun else { throw .notAStunServer(word) }
        asksAboutBehavior = given["--behaviour"] != nil
        style = given.style
    }
}
