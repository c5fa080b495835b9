import Testing
import Wire

@Suite("Address and port, RFC 5952 §6")
struct SocketAddressTests {
    @Test(
        "text becomes an address and comes out the same",
        arguments: [
            ("192.0.2.1:3478", "192.0.2.1", 3_478),
            ("0.0.0.0:0", "0.0.0.0", 0),
            ("[2001:db8::1]:65535", "2001:db8::1", 65_535),
            ("[::]:1", "::", 1),
            ("[fe80::1%3]:9", "fe80::1%3", 9),
            ("[::ffff:192.0.2.1]:80", "::ffff:192.0.2.1", 80),
        ] as [(String, String, UInt16)]
    )
    func roundTrip(text: String, host: String, port: UInt16) throws {
        let address = try #require(SocketAddress(text))
        #expect(address.address == IPAddress(host))
        #expect(address.port == port)
        #expect(address.description == text)
    }

    @Test(
        "what is no address with a port is refused",
        arguments: [
            "", ":", ":80", "192.0.2.1", "192.0.2.1:", "192.0.2.1:65536", "192.0.2.1:-1",
            "192.0.2.1:+1", "192.0.2.1:8o", "192.0.2.1: 80", "192.0.2.1:80 ", "192.0.2.1:００",
            "192.0.2.1:000080", "192.0.2.1:99999999999999999999", "::1:80", "2001:db8::1:80",
            "[::1]", "[::1]:", "[::1:80", "::1]:80", "[]:80", "[:80", "[192.0.2.1]:80",
            "[[::1]]:80", "[::1]x:80", "localhost:80", "[::1]:80:90", "[\u{301}::1]:80",
        ]
    )
    func refused(text: String) {
        #expect(SocketAddress(text) == nil)
    }

    @Test("part of a longer text can be read without copying it")
    func substring() {
        let line = "from 192.0.2.1:99"
        #expect(
            SocketAddress(line.dropFirst(5)) == SocketAddress(IPAddress(v4: 0xC000_0201), port: 99)
        )
    }

    @Test("IPv4 comes out of its IPv6 disguise with its port")
    func unmapped() {
        #expect(
            SocketAddress("[::ffff:127.0.0.1]:5")?.unmapped == SocketAddress(.loopback4, port: 5)
        )
        #expect(
            SocketAddress("[2001:db8::1]:5")?.unmapped == SocketAddress("[2001:db8::1]:5")
        )
    }

    @Test("host and port both tell addresses apart")
    func equality() {
        let address = SocketAddress(.loopback4, port: 1)
        #expect(address == SocketAddress(.loopback4, port: 1))
        #expect(address != SocketAddress(.loopback4, port: 2))
        #expect(address != SocketAddress(.any4, port: 1))
        #expect(address.hashValue == SocketAddress(.loopback4, port: 1).hashValue)
    }
}
