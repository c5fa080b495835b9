import STUN
import Signaling
import TURN
import Testing
import Wire

@testable import Caller

@Suite("swiftlet turn")
struct TURNCommandTests {
    private static let user = TURNUser(name: "alice", password: "secret")

    private static func server(_ change: (inout TURNOptions) -> Void) -> Invocation {
        var options = TURNOptions()
        options.user = user
        change(&options)
        return .turn(options)
    }

    private static func probe(
        _ uri: ICEServerURI,
        _ change: (inout ProbeOptions) -> Void = { _ in }
    ) -> Invocation {
        var options = ProbeOptions(server: uri)
        options.user = user
        change(&options)
        return .probe(options)
    }

    static let right: [(String, Invocation)] = [
        ("turn --user alice:secret", server { _ in }),
        (
            "turn --user a:b:c --realm r --host 0.0.0.0 --port 0 --json",
            server {
                $0.user = TURNUser(name: "a", password: "b:c")
                $0.realm = "r"
                $0.host = "0.0.0.0"
                $0.port = 0
                $0.style = .json
            }
        ),
        (
            "turn --rest-secret s --relay-ip 192.0.2.1 --external-ip 198.51.100.1",
            server {
                $0.user = nil
                $0.restSecret = "s"
                $0.relay = IPAddress("192.0.2.1")
                $0.external = IPAddress("198.51.100.1")
            }
        ),
        (
            "turn --user alice:secret --min-port 50000 --max-port 50010 --user-quota 3 "
                + "--bandwidth 500 --allow-private --allow-loopback",
            server {
                $0.ports = 50_000...50_010
                $0.quota = 3
                $0.bandwidth = 500
                $0.allowsPrivate = true
                $0.allowsLoopback = true
            }
        ),
        (
            "turn --user alice:secret --certificate c --key k --tls-port 1",
            server {
                $0.certificate = "c"
                $0.key = "k"
                $0.tlsPort = 1
            }
        ),
        (
            "turn --probe turn:[::1]:3478?transport=tcp --user alice:secret --seconds 5",
            probe(
                ICEServerURI(.turn, host: .address(.loopback6), port: 3_478, transport: .tcp)
            ) { $0.seconds = 5 }
        ),
        (
            "turn --probe turns:example.org --rest-secret s --trust t --json",
            probe(ICEServerURI(.turns, host: .name("example.org"))) {
                $0.user = nil
                $0.restSecret = "s"
                $0.trust = "t"
                $0.style = .json
            }
        ),
    ]

    @Test("is understood", arguments: right)
    func understood(line: String, invocation: Invocation) throws {
        #expect(try InvocationTests.parse(line) == invocation)
    }

    static let wrong: [(String, ArgumentError)] = [
        ("turn", .required("--user", .turn)),
        ("turn --user alice", .invalidUser("--user", "alice")),
        ("turn --user :x", .invalidUser("--user", ":x")),
        ("turn --user x:", .invalidUser("--user", "x:")),
        ("turn --rest-secret s --port 65536", .invalidNumber("--port", "65536", 0...65_535)),
        (
            "turn --rest-secret s --min-port 2 --max-port 1",
            .invalidPortRange(2, 1)
        ),
        (
            "turn --rest-secret s --relay-ip here",
            .invalidAddress("--relay-ip", "here")
        ),
        (
            "turn --rest-secret s --relay-ip 0.0.0.0",
            .invalidAddress("--relay-ip", "0.0.0.0")
        ),
        ("turn --rest-secret s --certificate c", .required("--key", .turn)),
        ("turn --rest-secret s --key k", .required("--certificate", .turn)),
        ("turn --rest-secret s --seconds 1", .required("--probe", .turn)),
        ("turn --probe turn:x", .required("--user", .turn)),
        (
            "turn --probe turn:x --user a:b --rest-secret s",
            .together("--user", "--rest-secret")
        ),
        (
            "turn --probe turn:x --user a:b --port 1",
            .together("--probe", "--port")
        ),
        (
            "turn --probe example.org --user a:b",
            .invalidServerURI("--probe", "example.org", ICEServerURIError(.missingScheme, at: 0))
        ),
    ]

    @Test("is refused with what would be right", arguments: wrong)
    func refused(line: String, error: ArgumentError) {
        #expect(throws: error) { try InvocationTests.parse(line) }
        let message = "\(error)"
        #expect(message.hasSuffix(".") || message.contains("Example: swiftlet "), "\(message)")
    }

    @Test("By default nothing is relayed to private networks, and to loopback only from loopback")
    func rules() {
        var options = TURNOptions()
        options.user = Self.user
        let home = options.configuration(
            listeningOn: SocketAddress(.loopback4, port: 3_478),
            relay: .loopback4
        )
        let everywhere = options.configuration(
            listeningOn: SocketAddress(.any4, port: 3_478),
            relay: IPAddress(v4: 0xC000_0201)
        )
        #expect(home.peers.allows(.loopback4))
        #expect(!everywhere.peers.allows(.loopback4))
        #expect(!everywhere.peers.allows(IPAddress(v4: 0x0A00_0001)))
        options.bandwidth = 80
        let limited = options.configuration(
            listeningOn: SocketAddress(.any4, port: 1),
            relay: .loopback4
        )
        #expect(limited.limits.bytesPerSecond == 10_000)
    }

    @Test("A server and a probe of it, in two processes", .timeLimit(.minutes(1)))
    func program() async throws {
        let server = try SpawnedProgram("turn", "--user", "alice:secret", "--port", "0", "--json")
        let listening = try #require(await server.line(with: #""event":"listening""#))
        let uri = try #require(
            listening.split(separator: "\"").first { $0.hasPrefix("turn:") && !$0.contains("?") }
        )
        for transport in ["udp", "tcp"] {
            let probe = try SpawnedProgram(
                "turn",
                "--probe",
                "\(uri)?transport=\(transport)",
                "--user",
                "alice:secret"
            )
            #expect(await probe.line(with: "both relays are given back") != nil)
            #expect(await probe.end() == ("", 0))
        }
        let refused = try SpawnedProgram("turn", "--probe", String(uri), "--user", "alice:wrong")
        #expect(await refused.line(with: "(401)") != nil)
        #expect(await refused.end().code == ExitCode.relayFailed.rawValue)
        server.interrupt()
        #expect(await server.end() == ("", 0))
    }
}
