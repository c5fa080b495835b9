import SDP
import Testing
import Wire

@Suite("candidate, RFC 8839 §5.1")
struct CandidateAttributeTests {
    @Test func hostRoundTrip() throws {
        try expectRoundTrip(
            "3 1 udp 2130706431 192.0.2.7 58712 typ host generation 0 network-id 1",
            CandidateAttribute(
                foundation: "3",
                priority: 2_130_706_431,
                address: .init("192.0.2.7"),
                port: 58_712,
                kind: .host,
                extensions: [.init("generation", "0"), .init("network-id", "1")]
            )
        )
    }

    @Test func reflexiveRoundTrip() throws {
        try expectRoundTrip(
            "a+/1 2 udp 1685921791 2001:db8::1 37264 typ srflx raddr 10.0.1.1 rport 8998",
            CandidateAttribute(
                foundation: "a+/1",
                component: 2,
                priority: 1_685_921_791,
                address: .init("2001:db8::1"),
                port: 37_264,
                kind: .serverReflexive,
                relatedAddress: .init("10.0.1.1"),
                relatedPort: 8_998
            )
        )
    }

    @Test("every TCP type comes back", arguments: CandidateAttribute.TCPType.allCases)
    func tcp(type: CandidateAttribute.TCPType) throws {
        try expectRoundTrip(
            "1 1 tcp 1518280447 192.0.2.7 9 typ host tcptype \(type.rawValue) generation 0",
            CandidateAttribute(
                foundation: "1",
                transport: .tcp(type),
                priority: 1_518_280_447,
                address: .init("192.0.2.7"),
                port: 9,
                kind: .host,
                extensions: [.init("generation", "0")]
            )
        )
    }

    @Test("every kind comes back", arguments: ["host", "srflx", "prflx", "relay", "x-new"])
    func kinds(word: String) throws {
        let value = "1 1 udp 1 192.0.2.7 9 typ \(word)"
        #expect(try CandidateAttribute(parsing: value).value == value)
    }

    @Test func unknownTransportsAndEmptyExtensionsAreKept() throws {
        let value = "1 1 SCTP 1 192.0.2.7 9 typ host x y z"
        let candidate = try CandidateAttribute(parsing: value)
        #expect(candidate.transport == .other("SCTP"))
        #expect(candidate.extensions == [.init("x", "y"), .init("z", "")])
        #expect(candidate.value == value)
    }

    @Test func namesHideAddresses() throws {
        let name = "2c5d1a3e-6a38-4d0b-9d3b-1f3f9ad4a0b7.local"
        let candidate = try CandidateAttribute(parsing: "1 1 UDP 2113937151 \(name) 5000 typ host")
        #expect(candidate.address == .name(name))
        #expect(candidate.address.isMDNSName)
        #expect(candidate.socketAddress == nil)
        #expect(candidate.value.contains(name))
        #expect(!CandidateAttribute.Address("host.example.com").isMDNSName)
    }

    @Test("what JavaScript calls a candidate is read", arguments: ["candidate:", "a=candidate:"])
    func prefixes(prefix: String) throws {
        let value = "1 1 UDP 2113937151 192.0.2.7 5000 typ host"
        let candidate = try CandidateAttribute(parsing: prefix + value)
        #expect(candidate == (try CandidateAttribute(parsing: value)))
        #expect(candidate.transport == .udp)
        #expect(candidate.socketAddress == SocketAddress("192.0.2.7:5000"))
    }

    @Test func theRelatedAddressMayComeAlone() throws {
        let value = "1 1 udp 1 192.0.2.7 9 typ relay raddr 0.0.0.0"
        let candidate = try CandidateAttribute(parsing: value)
        #expect(candidate.relatedSocketAddress == nil)
        #expect(candidate.value == value)
    }

    static let port: SDPError.Expectation = "a port from 0 to 65535"
    static let component: SDPError.Expectation = "a component from 1 to 256"

    @Test(arguments: [
        Malformed("", at: 1, "a foundation"),
        Malformed("candidate:", at: 11, "a foundation"),
        Malformed("1", at: 2, component),
        Malformed("1 0 udp 1 192.0.2.7 9 typ host", at: 3, component),
        Malformed("1 257 udp 1 192.0.2.7 9 typ host", at: 3, component),
        Malformed("1 1", at: 4, "a transport"),
        Malformed("1 1 udp 4294967296 192.0.2.7 9 typ host", at: 9, "a priority"),
        Malformed("1 1 udp -1 192.0.2.7 9 typ host", at: 9, "a priority"),
        Malformed("1 1 udp 1", at: 10, "an address"),
        Malformed("1 1 udp 1 192.0.2.7 65536 typ host", at: 21, port),
        Malformed("1 1 udp 1 192.0.2.7", at: 20, port),
        Malformed("1 1 udp 1 192.0.2.7 9 type host", at: 23, "typ"),
        Malformed("1 1 udp 1 192.0.2.7 9", at: 22, "typ"),
        Malformed("1 1 udp 1 192.0.2.7 9 typ", at: 26, "a candidate type"),
        Malformed("1 1 udp 1 192.0.2.7 9 typ host raddr", at: 37, "a related address"),
        Malformed("1 1 udp 1 192.0.2.7 9 typ host rport x", at: 38, port),
        Malformed("1 1 tcp 1 192.0.2.7 9 typ host tcptype x", at: 40, "active, passive or so"),
    ])
    func malformed(_ malformed: Malformed) {
        expectRefusal(CandidateAttribute.self, malformed)
    }
}

extension CandidateAttributeTests {
    @Test func whatBrowsersAppendHasNames() throws {
        let candidate = try CandidateAttribute(
            parsing:
                "1 1 udp 1 fd00::1 9 typ host generation 2 ufrag EsAw network-id 3 network-cost 900"
        )
        #expect(candidate.generation == 2)
        #expect(candidate.usernameFragment == "EsAw")
        #expect(candidate.networkID == 3)
        #expect(candidate.networkCost == 900)
        let plain = try CandidateAttribute(parsing: "1 1 udp 1 fd00::1 9 typ host generation x")
        #expect(plain.generation == nil && plain.networkID == nil)
        #expect(plain.usernameFragment == nil && plain.networkCost == nil)
    }
}
