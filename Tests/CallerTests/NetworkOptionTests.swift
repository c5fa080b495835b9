import STUN
import Signaling
import Swiftlet
import TLS
import Testing
import Wire

@testable import Caller

@Suite("Command line: how a call finds its way")
struct NetworkOptionTests {
    static func network(_ line: String) throws -> NetworkOptions {
        guard case .answer(let options) = try InvocationTests.parse("answer --id a " + line) else {
            throw ArgumentError.unknownCommand(line)
        }
        return options.network
    }

    @Test func nothingIsAskedUnlessItIsSaid() throws {
        let configuration = try Self.network("").configuration(trust: .system)
        #expect(configuration.iceServers == [])
        #expect(configuration.sockets == SocketConfiguration())
        #expect(configuration.gathering == GatheringConfiguration())
        #expect(!configuration.ice.isLite)
    }

    @Test(
        "STUN servers are repeated or separated by commas",
        arguments: [
            "--stun stun:a --stun b:3479", "--stun stun:a,b:3479", "--stun=stun:a,stun:b:3479",
            "--stun stun:a, --stun ,stun:b:3479",
        ]
    )
    func stun(line: String) throws {
        let servers = try Self.network(line).configuration(trust: .system).iceServers
        #expect(servers.map(\.urls) == [["stun:a"], ["stun:b:3479"]])
    }

    @Test func turnServersShareAUser() throws {
        let options = try Self.network(
            "--turn a,turns:b?transport=tcp --turn-user alice:s:3 --relay-only --stun c"
        )
        let configuration = options.configuration(trust: .system)
        let relays = configuration.iceServers.filter { $0.username != nil }
        #expect(relays.map(\.urls) == [["turn:a"], ["turns:b?transport=tcp"]])
        #expect(relays.allSatisfy { $0.username == "alice" && $0.credential == "s:3" })
        #expect(configuration.iceServers.count == 3)
        #expect(configuration.sockets.mode == .relayOnly)
    }

    @Test func theOtherOptionsReachTheConnection() throws {
        let hidden = try Self.network("--hide-addresses --interface wlan* --interface eth0")
        let configuration = hidden.configuration(trust: .system)
        #expect(configuration.gathering.hostPrivacy == .named)
        #expect(configuration.sockets.includedInterfaces == ["wlan*", "eth0"])
        #expect(try Self.network("--ice-lite").configuration(trust: .system).ice.isLite)
    }

    static let wrong: [(String, ArgumentError)] = [
        ("--turn turn:a", .required("--turn-user", .answer)),
        ("--turn-user a:b", .required("--turn", .answer)),
        ("--relay-only", .required("--turn", .answer)),
        ("--relay-only --stun a", .required("--turn", .answer)),
        ("--turn a --turn-user b", .invalidUser("--turn-user", "b")),
        ("--stun turn:a", .notAServer("--stun", "turn:a")),
        ("--turn stun:a --turn-user b:c", .notAServer("--turn", "stun:a")),
        (
            "--stun stun:a:0",
            .invalidServerURI("--stun", "stun:a:0", ICEServerURIError(.invalidPort, at: 7))
        ),
        ("--ice-lite --stun a", .together("--ice-lite", "--stun")),
        ("--ice-lite --turn a --turn-user b:c", .together("--ice-lite", "--turn")),
        ("--ice-lite --hide-addresses", .together("--ice-lite", "--hide-addresses")),
        ("--relay-only --relay-only", .repeated("--relay-only")),
    ]

    @Test("is refused with what would be right", arguments: wrong)
    func refused(line: String, error: ArgumentError) {
        #expect(throws: error) { try InvocationTests.parse("answer --id a " + line) }
        let message = "\(error)"
        #expect(message.hasSuffix(".") || message.contains("Example: swiftlet "), "\(message)")
    }

    @Test("examples of the help are understood", arguments: Command.allCases)
    func examples(command: Command) throws {
        for example in [command.example] + command.furtherExamples {
            let words = example.split(separator: " ").dropFirst()
            _ = try InvocationTests.parse(words.joined(separator: " "))
            #expect(Help.text(on: command).contains(example))
        }
    }
}
