import Testing
import Wire

private func address(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }

@Suite("IP addresses, RFC 4291 §2")
struct IPAddressTests {
    @Test("bytes in network order make an address and come out again")
    func bytesRoundTrip() throws {
        let four: [UInt8] = [192, 0, 2, 129]
        let v4 = try #require(address(of: four))
        #expect(v4.family == .v4)
        #expect(v4.v4Number == 0xC000_0281)
        #expect(v4.v6Halves == nil)
        #expect(v4.bytes == four)

        let sixteen = bytes("2001 0db8 8899 aabb ccdd eeff 0123 4567")
        let v6 = try #require(address(of: sixteen))
        #expect(v6.family == .v6)
        #expect(v6.v4Number == nil)
        #expect(v6.v6Halves?.high == 0x2001_0DB8_8899_AABB)
        #expect(v6.v6Halves?.low == 0xCCDD_EEFF_0123_4567)
        #expect(v6.bytes == sixteen)
    }

    @Test("only 4 or 16 bytes are an address", arguments: [0, 1, 3, 5, 8, 15, 17, 64])
    func wrongLength(count: Int) {
        let raw = [UInt8](repeating: 1, count: count)
        #expect(address(of: raw) == nil)
    }

    @Test("IPv4 and IPv6 of the same bits are different addresses")
    func familiesDiffer() {
        #expect(IPAddress.any4 != IPAddress.any6)
        #expect(IPAddress(v4: 1) != IPAddress.loopback6)
        #expect(Set([IPAddress.any4, .any6, .loopback4, .loopback6, IPAddress(v4: 0)]).count == 4)
    }

    @Test("a scope tells two link-local addresses apart; IPv4 has none")
    func scopes() throws {
        let local = try address("fe80::1")
        #expect(local.scope == 0)
        #expect(local.scoped(to: 2) != local)
        #expect(local.scoped(to: 2).scope == 2)
        #expect(local.scoped(to: 2).scoped(to: 0) == local)
        #expect(IPAddress.loopback4.scoped(to: 2) == .loopback4)
    }

    struct Kinds: OptionSet, Sendable {
        let rawValue: Int
        static let unspecified = Kinds(rawValue: 1)
        static let loopback = Kinds(rawValue: 2)
        static let linkLocal = Kinds(rawValue: 4)
        static let `private` = Kinds(rawValue: 8)
        static let multicast = Kinds(rawValue: 16)

        static func of(_ address: IPAddress) -> Kinds {
            var kinds: Kinds = []
            if address.isUnspecified { kinds.insert(.unspecified) }
            if address.isLoopback { kinds.insert(.loopback) }
            if address.isLinkLocal { kinds.insert(.linkLocal) }
            if address.isPrivate { kinds.insert(.private) }
            if address.isMulticast { kinds.insert(.multicast) }
            return kinds
        }
    }

    /// The first and last address of each block, and their neighbours outside.
    static let v4Kinds: [(String, Kinds)] = [
        ("0.0.0.0", .unspecified), ("0.0.0.1", []),
        ("9.255.255.255", []), ("10.0.0.0", .private), ("10.255.255.255", .private),
        ("11.0.0.0", []),
        ("100.63.255.255", []), ("100.64.0.0", .private), ("100.127.255.255", .private),
        ("100.128.0.0", []),
        ("126.255.255.255", []), ("127.0.0.0", .loopback), ("127.255.255.255", .loopback),
        ("128.0.0.0", []),
        ("169.253.255.255", []), ("169.254.0.0", .linkLocal), ("169.254.255.255", .linkLocal),
        ("169.255.0.0", []),
        ("172.15.255.255", []), ("172.16.0.0", .private), ("172.31.255.255", .private),
        ("172.32.0.0", []),
        ("192.167.255.255", []), ("192.168.0.0", .private), ("192.168.255.255", .private),
        ("192.169.0.0", []),
        ("223.255.255.255", []), ("224.0.0.0", .multicast), ("239.255.255.255", .multicast),
        ("240.0.0.0", []), ("255.255.255.255", []), ("8.8.8.8", []),
    ]

    @Test("IPv4 blocks begin and end where their RFCs say", arguments: v4Kinds)
    func classifiesV4(text: String, kinds: Kinds) throws {
        #expect(Kinds.of(try address(text)) == kinds)
    }

    @Test("an IPv4 address hidden in IPv6 is classified as what it is", arguments: v4Kinds)
    func classifiesMappedV4(text: String, kinds: Kinds) throws {
        let mapped = try address("::ffff:\(text)")
        #expect(mapped.family == .v6)
        #expect(mapped.isV4Mapped)
        #expect(Kinds.of(mapped) == kinds)
        #expect(mapped.unmapped == IPAddress(text))
        #expect(mapped != IPAddress(text))
    }

    @Test(
        "IPv6 blocks begin and end where their RFCs say",
        arguments: [
            ("::", .unspecified), ("::1", .loopback), ("::2", []), ("1::1", []),
            ("::7f00:1", []), ("::1:0:0:1", []), ("::fffe:127.0.0.1", []),
            ("fbff:ffff::", []), ("fc00::", .private), ("fdff:ffff:ffff::1", .private),
            ("fe00::", []), ("fe7f:ffff::", []), ("fe80::", .linkLocal),
            ("febf:ffff::1", .linkLocal), ("fec0::", []), ("feff::", []),
            ("ff00::", .multicast), ("ff02::fb", .multicast), ("2001:db8::1", []),
        ] as [(String, Kinds)]
    )
    func classifiesV6(text: String, kinds: Kinds) throws {
        let address = try address(text)
        #expect(Kinds.of(address) == kinds)
        #expect(!address.isV4Mapped)
        #expect(address.unmapped == address)
    }

    @Test("the well-known addresses are the right ones")
    func constants() {
        #expect(IPAddress.loopback4.bytes == [127, 0, 0, 1])
        #expect(IPAddress.any4.bytes == [0, 0, 0, 0])
        #expect(IPAddress.loopback6.bytes == [UInt8](repeating: 0, count: 15) + [1])
        #expect(IPAddress.any6.bytes == [UInt8](repeating: 0, count: 16))
    }
}
