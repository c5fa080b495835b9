import SDP
import Testing

@Suite("fingerprint, RFC 8122 §5")
struct FingerprintAttributeTests {
    static let bytes = (0..<32).map { UInt8($0 * 8 + 7) }
    static let text =
        "sha-256 07:0F:17:1F:27:2F:37:3F:47:4F:57:5F:67:6F:77:7F:"
        + "87:8F:97:9F:A7:AF:B7:BF:C7:CF:D7:DF:E7:EF:F7:FF"

    @Test func roundTrip() throws {
        try expectRoundTrip(Self.text, FingerprintAttribute(bytes: Self.bytes))
        try expectRoundTrip(
            "x-hash AB",
            FingerprintAttribute(hashFunction: "x-hash", bytes: [0xAB])
        )
    }

    @Test func anyCaseIsRead() throws {
        let expected = FingerprintAttribute(bytes: Self.bytes)
        #expect(try FingerprintAttribute(parsing: Self.text.lowercased()) == expected)
        #expect(try FingerprintAttribute(parsing: Self.text.uppercased()) == expected)
    }

    @Test(
        "every hash function has its length",
        arguments: [
            ("sha-1", 20), ("sha-224", 28), ("SHA-384", 48), ("sha-512", 64), ("md5", 16),
            ("md2", 16),
        ]
    )
    func lengths(name: String, count: Int) throws {
        let digits = Array(repeating: "00", count: count).joined(separator: ":")
        #expect(try FingerprintAttribute(parsing: "\(name) \(digits)").bytes.count == count)
        #expect(throws: SDPError.self) { try FingerprintAttribute(parsing: "\(name) \(digits):00") }
    }

    static let digits: SDPError.Expectation =
        "as many pairs of hexadecimal digits as the hash function has"

    @Test(arguments: [
        Malformed("", at: 1, "a hash function"),
        Malformed("sha-256", at: 8, "a fingerprint"),
        Malformed("sha-256 00:11", at: 9, digits),
        Malformed("x-hash 0", at: 8, digits),
        Malformed("x-hash +1", at: 8, digits),
        Malformed("x-hash 00:", at: 8, digits),
        Malformed("x-hash 00:zz", at: 8, digits),
        Malformed("x-hash 000", at: 8, digits),
        Malformed("x-hash 00 11", at: 11, "nothing more"),
    ])
    func malformed(_ malformed: Malformed) {
        expectRefusal(FingerprintAttribute.self, malformed)
    }
}
