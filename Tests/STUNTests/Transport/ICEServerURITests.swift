import STUN
import Testing
import Wire

@Suite("Addresses of servers, RFC 7064, RFC 7065, W3C webrtc-pc §4.2.4")
struct ICEServerURITests {
    static let four = ICEServerURI.Host.address(IPAddress(v4: 0xC000_0201))
    static let six = ICEServerURI.Host.address(IPAddress(v6High: 0x2001_0DB8 << 32, low: 1))
    static let name = ICEServerURI.Host.name("example.org")

    @Test(
        "addresses of every form are read and written",
        arguments: [
            ("stun:example.org", ICEServerURI(.stun, host: name)),
            ("stuns:example.org", ICEServerURI(.stuns, host: name)),
            ("stun:example.org:8000", ICEServerURI(.stun, host: name, port: 8_000)),
            ("turn:example.org", ICEServerURI(.turn, host: name)),
            ("turns:example.org", ICEServerURI(.turns, host: name)),
            ("turn:example.org:8000", ICEServerURI(.turn, host: name, port: 8_000)),
            ("turn:example.org?transport=udp", ICEServerURI(.turn, host: name, transport: .udp)),
            ("turn:example.org?transport=tcp", ICEServerURI(.turn, host: name, transport: .tcp)),
            ("turns:example.org?transport=tcp", ICEServerURI(.turns, host: name, transport: .tcp)),
            (
                "turns:example.org:443?transport=tcp",
                ICEServerURI(.turns, host: name, port: 443, transport: .tcp)
            ),
            ("stun:192.0.2.1", ICEServerURI(.stun, host: four)),
            ("stun:192.0.2.1:1", ICEServerURI(.stun, host: four, port: 1)),
            ("turn:[2001:db8::1]", ICEServerURI(.turn, host: six)),
            (
                "turn:[2001:db8::1]:65535?transport=udp",
                ICEServerURI(.turn, host: six, port: 65_535, transport: .udp)
            ),
            ("stun:localhost", ICEServerURI(.stun, host: .name("localhost"))),
            ("stun:a_b.example.", ICEServerURI(.stun, host: .name("a_b.example."))),
        ]
    )
    func accepted(_ text: String, _ uri: ICEServerURI) throws {
        #expect(try ICEServerURI(text) == uri)
        #expect(uri.description == text)
    }

    @Test func schemesAndTransportsHaveNoCase() throws {
        let uri = try ICEServerURI("TuRnS:Example.org?transport=TCP")
        #expect(uri.scheme == .turns)
        #expect(uri.transport == .tcp)
        #expect(uri.host == .name("Example.org"))
    }

    @Test(
        "ports and transports follow from the scheme",
        arguments: [
            ("stun:h", 3_478, ICEServerURI.Transport.udp), ("stuns:h", 5_349, .tcp),
            ("turn:h", 3_478, .udp), ("turns:h", 5_349, .tcp),
            ("turn:h:80?transport=tcp", 80, .tcp),
            ("turns:h?transport=udp", 5_349, .udp),
        ]
    )
    func defaults(_ text: String, _ port: UInt16, _ transport: ICEServerURI.Transport) throws {
        let uri = try ICEServerURI(text)
        #expect(uri.port == port)
        #expect(uri.transport == transport)
        #expect(uri.scheme.isSecure == (text.hasPrefix("stuns") || text.hasPrefix("turns")))
        #expect(uri.scheme.isRelay == text.hasPrefix("turn"))
    }

    @Test(
        "all others are refused, with the reason and the place",
        arguments: [
            ("", ICEServerURIError.Reason.missingScheme, 0), ("relative-url", .missingScheme, 0),
            ("example.org:3478", .missingScheme, 0), ("http://example.org", .unknownScheme, 0),
            ("stunn:example.org", .unknownScheme, 0), (":example.org", .unknownScheme, 0),
            ("stun:", .emptyHost, 5), ("stun::3478", .emptyHost, 5),
            ("turn:?transport=udp", .emptyHost, 5),
            ("stun://example.org", .slashes, 5), ("turn://u:p@example.org", .slashes, 5),
            ("turn:user@example.org", .userInformation, 9),
            ("turn:user:pass@example.org", .userInformation, 14),
            ("stun:example.org#top", .fragment, 16), ("stun:example.org/", .path, 16),
            ("turn:example.org/x?transport=udp", .path, 16), ("stun:example.org:1/x", .path, 18),
            ("stun:example.org:", .invalidPort, 17), ("stun:example.org:0", .invalidPort, 17),
            ("stun:example.org:65536", .invalidPort, 17), ("stun:example.org:-1", .invalidPort, 17),
            ("stun:example.org:+1", .invalidPort, 17),
            ("stun:example.org:000080", .invalidPort, 17),
            ("stun:example.org:80:80", .invalidPort, 17), ("stun:2001:db8::1", .invalidHost, 5),
            ("stun:example.org?transport=udp", .queryWithoutRelay, 16),
            ("stuns:example.org?transport=tcp", .queryWithoutRelay, 17),
            ("stun:example.org?", .queryWithoutRelay, 16),
            ("turn:example.org?", .unknownParameter, 17),
            ("turn:example.org?x=y", .unknownParameter, 17),
            ("turn:example.org?transport=", .unknownTransport, 27),
            ("turn:example.org?transport=sctp", .unknownTransport, 27),
            ("turn:example.org?transport=udp&x=y", .unknownTransport, 27),
            ("turn:[2001:db8::1", .invalidAddress, 5), ("turn:[]", .invalidAddress, 6),
            ("turn:[192.0.2.1]", .invalidAddress, 6), ("turn:[fe80::1%25eth0]", .invalidAddress, 6),
            ("turn:[fe80::1%1]", .invalidAddress, 6), ("turn:[::1]x", .invalidHost, 10),
            ("stun:192.0.2", .invalidHost, 5), ("stun:192.0.2.256", .invalidHost, 5),
            ("stun:1", .invalidHost, 5), ("stun:a..b", .invalidHost, 5),
            ("stun:.", .invalidHost, 5),
            ("stun:ex ample.org", .invalidCharacter, 7),
            ("stun:example.org\n", .invalidCharacter, 16),
            (" stun:example.org", .invalidCharacter, 0), ("stun:exämple.org", .invalidHost, 7),
            ("stun:ex%41mple.org", .invalidHost, 7), ("stun:]", .invalidHost, 5),
            ("stun:" + String(repeating: "a", count: 64), .invalidHost, 5),
            ("stun:" + String(repeating: "a", count: 600), .tooLong, 512),
        ]
    )
    func refused(_ text: String, _ reason: ICEServerURIError.Reason, _ offset: Int) {
        #expect(throws: ICEServerURIError(reason, at: offset)) { try ICEServerURI(text) }
        #expect(!ICEServerURIError(reason, at: offset).description.isEmpty)
    }

    @Test("no text traps, nor any prefix of one", arguments: 0..<20 as Range<UInt64>)
    func random(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        let alphabet = Array("stun:[]/?@#.%0123456789abcdef=&transporudp é")
        for _ in 0..<500 {
            let length = Int.random(in: 0...40, using: &generator)
            let tail = String(
                (0..<length).map { _ in alphabet.randomElement(using: &generator) ?? "x" }
            )
            for text in [tail, "turn:" + tail, "turn:h?" + tail, "stun:[" + tail] {
                guard let uri = try? ICEServerURI(text) else { continue }
                #expect((try? ICEServerURI(uri.description)) == uri)
            }
        }
    }
}
