import STUN
import Signaling
import Testing
import Wire

@testable import Caller

@Suite("Command line")
struct InvocationTests {
    static func parse(_ line: String) throws(ArgumentError) -> Invocation {
        try Invocation(parsing: line.split(separator: " ").map(String.init))
    }

    static func call(_ change: (inout CallOptions) -> Void) -> CallOptions {
        var options = CallOptions(id: "left")
        change(&options)
        return options
    }

    static let right: [(String, Invocation)] = [
        ("", .help(nil)), ("--help", .help(nil)), ("-h", .help(nil)), ("help", .help(nil)),
        ("help call", .help(.call)), ("help nothing", .help(nil)),
        ("call --help", .help(.call)), ("demo --record x -h", .help(.demo)),
        ("signal", .signal(SignalOptions())),
        (
            "signal --port 0 --host 0.0.0.0 --json",
            .signal(SignalOptions(host: "0.0.0.0", port: 0, style: .json))
        ),
        ("signal --port=65535", .signal(SignalOptions(port: 65_535))),
        ("answer --id left", .answer(call { _ in })),
        ("call --id left --to right", .call(call { _ in }, to: "right")),
        (
            "call --to=right --id=left --server ws://[::1]:1/x --tone 440.5 --record a.wav",
            .call(
                call {
                    $0.server = "ws://[::1]:1/x"
                    $0.source = .tone(hertz: 440.5)
                    $0.recording = "a.wav"
                },
                to: "right"
            )
        ),
        (
            "answer --id left --mic hw:0 --speaker default --json",
            .answer(
                call {
                    $0.source = .microphone(device: "hw:0")
                    $0.speaker = "default"
                    $0.style = .json
                }
            )
        ),
        ("answer --id left --play -", .answer(call { $0.source = .file("-") })),
        ("answer --id left --play=--x", .answer(call { $0.source = .file("--x") })),
        ("demo", .demo(DemoOptions())),
        ("demo --mute --json", .demo(DemoOptions(isMuted: true, style: .json))),
        (
            "demo --play a.wav --record b.wav",
            .demo(DemoOptions(speech: "a.wav", recording: "b.wav"))
        ),
    ]

    @Test func theServerOfStunIsAWordOfItsOwn() throws {
        let plain = ICEServerURI(.stun, host: .name("stun.example.org"))
        let port = ICEServerURI(.stun, host: .address(.loopback6), port: 3_479)
        #expect(try Self.parse("stun stun.example.org") == .stun(StunOptions(server: plain)))
        #expect(
            try Self.parse("stun --json [::1]:3479 --behaviour")
                == .stun(StunOptions(server: port, asksAboutBehavior: true, style: .json))
        )
        #expect(try Self.parse("stun stun:[::1]:3479") == .stun(StunOptions(server: port)))
        let wrong: [(String, ArgumentError)] = [
            ("stun", .missingWord(.stun)), ("stun --behaviour", .missingWord(.stun)),
            ("stun a b", .unexpectedWord("b", .stun)),
            ("stun turn:a", .notAStunServer("turn:a")),
            ("stun stuns:a", .notAStunServer("stuns:a")),
            ("stun a:0", .invalidStunServer("a:0", ICEServerURIError(.invalidPort, at: 2))),
            (
                "stun stun:a:0",
                .invalidStunServer("stun:a:0", ICEServerURIError(.invalidPort, at: 7))
            ),
        ]
        for (line, error) in wrong {
            #expect(throws: error) { try Self.parse(line) }
            #expect(!error.description.isEmpty)
        }
    }

    @Test("is understood", arguments: right)
    func understood(line: String, invocation: Invocation) throws {
        #expect(try Self.parse(line) == invocation)
    }

    static let wrong: [(String, ArgumentError)] = [
        ("ring", .unknownCommand("ring")), ("--port 1", .unknownCommand("--port")),
        ("signal --prot 1", .unknownOption("--prot", .signal)),
        ("signal -p 1", .unknownOption("-p", .signal)),
        ("answer --id left --to right", .unknownOption("--to", .answer)),
        ("signal 3000", .unexpectedWord("3000", .signal)),
        ("demo -", .unexpectedWord("-", .demo)),
        ("signal --port", .missingValue("--port", .signal)),
        ("signal --port --json", .missingValue("--port", .signal)),
        ("signal --json=yes", .unwantedValue("--json")),
        ("signal --port 1 --port 2", .repeated("--port")),
        ("signal --json --json", .repeated("--json")),
        ("signal --host=", .empty("--host")),
        ("signal --port 65536", .invalidPort("65536")),
        ("signal --port -1", .invalidPort("-1")), ("signal --port +1", .invalidPort("+1")),
        ("signal --port http", .invalidPort("http")),
        ("call --to right", .required("--id", .call)),
        ("call --id left", .required("--to", .call)),
        ("answer", .required("--id", .answer)),
        ("call --id a --to a", .sameIDs("a")),
        ("answer --id a --tone 440 --mic x", .together("--tone", "--mic")),
        ("answer --id a --play x --mic x", .together("--play", "--mic")),
        ("demo --play x --mute", .together("--play", "--mute")),
        ("answer --id a --tone high", .invalidTone("high")),
        ("answer --id a --tone nan", .invalidTone("nan")),
        ("answer --id a --tone 19.9", .invalidTone("19.9")),
        ("answer --id a --tone 20001", .invalidTone("20001")),
        ("answer --id \u{1}", .invalidID(option: "--id")),
        ("answer --id a --server wsss://x", .invalidServer("wsss://x", .unknownScheme("wsss"))),
        ("signal --certificate c.pem", .required("--key", .signal)),
        ("signal --key k.pem", .required("--certificate", .signal)),
        ("answer --id a --server x:1", .invalidServer("x:1", .missingScheme)),
    ]

    @Test("is refused with what would be right", arguments: wrong)
    func refused(line: String, error: ArgumentError) {
        #expect(throws: error) { try Self.parse(line) }
        let message = "\(error)"
        #expect(message.hasSuffix(".") || message.contains("Example: swiftlet "), "\(message)")
    }

    @Test(
        "what was probably meant is named",
        arguments: [
            ("sginal", "(did you mean signal?)"), ("Call", "(did you mean call?)"),
            ("signal --prot 1", "(did you mean --port?)"),
            ("demo --jsn", "(did you mean --json?)"),
        ]
    )
    func suggestions(line: String, hint: String) {
        do throws(ArgumentError) {
            let invocation = try Self.parse(line)
            Issue.record("\(invocation)")
        } catch {
            #expect("\(error)".contains(hint))
        }
    }

    @Test("a value of any length and kind is an answer, never a trap")
    func extremes() {
        let long = String(repeating: "x", count: 100_000)
        for word in [long, "-" + long, "--" + long, "=", "--=", "--id=", "\u{0}", "é=é"] {
            for line in [
                [word], ["call", word], ["call", "--id", word], ["signal", "--port", word],
            ] {
                _ = try? Invocation(parsing: line)
                do throws(ArgumentError) {
                    _ = try Invocation(parsing: line)
                } catch {
                    #expect(!"\(error)".isEmpty)
                }
            }
        }
    }

    @Test func helpNamesEveryCommandOptionAndExitCode() {
        let overview = Help.text(on: nil)
        for command in Command.allCases {
            #expect(overview.contains("  \(command.rawValue) "))
            let help = Help.text(on: command)
            for option in command.options { #expect(help.contains("  \(option.name)")) }
            #expect(help.contains(command.example))
            #expect(throws: Never.self) {
                let words = command.example.split(separator: " ").dropFirst().map(String.init)
                _ = try Invocation(parsing: words)
            }
        }
        for code in ExitCode.allCases { #expect(overview.contains("  \(code.rawValue)  ")) }
    }
}
