import Glibc
import Testing
import Wire

@Suite("Text form of IP addresses, RFC 4291 §2.2 and RFC 5952")
struct IPAddressTextTests {
    @Test(
        "every form that may be read is written in the one canonical form",
        arguments: [
            // RFC 4291 §2.2.
            ("ABCD:EF01:2345:6789:ABCD:EF01:2345:6789", "abcd:ef01:2345:6789:abcd:ef01:2345:6789"),
            ("2001:DB8:0:0:8:800:200C:417A", "2001:db8::8:800:200c:417a"),
            ("FF01:0:0:0:0:0:0:101", "ff01::101"),
            ("0:0:0:0:0:0:0:1", "::1"),
            ("0:0:0:0:0:0:0:0", "::"),
            ("0:0:0:0:0:0:13.1.68.3", "::d01:4403"),
            ("0:0:0:0:0:FFFF:129.144.52.38", "::ffff:129.144.52.38"),
            ("::13.1.68.3", "::d01:4403"),
            ("::FFFF:129.144.52.38", "::ffff:129.144.52.38"),
            // RFC 5952 §1: eight ways to write one address.
            ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
            ("2001:0db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
            ("2001:db8::1:0:0:1", "2001:db8::1:0:0:1"),
            ("2001:db8::0:1:0:0:1", "2001:db8::1:0:0:1"),
            ("2001:0db8::1:0:0:1", "2001:db8::1:0:0:1"),
            ("2001:db8:0:0:1::1", "2001:db8::1:0:0:1"),
            ("2001:db8:0000:0:1::1", "2001:db8::1:0:0:1"),
            ("2001:DB8:0:0:1::1", "2001:db8::1:0:0:1"),
            // RFC 5952 §4.1 to §4.3.
            ("2001:0db8::0001", "2001:db8::1"),
            ("2001:db8:0:0:0:0:2:1", "2001:db8::2:1"),
            ("2001:db8::1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
            ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),
            ("2001:db8:0:0:1:0:0:1", "2001:db8::1:0:0:1"),
            ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
            ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
            ("1::", "1::"),
            ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"),
            ("192.0.2.1", "192.0.2.1"),
            ("0.0.0.0", "0.0.0.0"),
            ("255.255.255.255", "255.255.255.255"),
            // RFC 4007 §11, with a number for the zone.
            ("fe80::1%2", "fe80::1%2"),
            ("fe80::1%0", "fe80::1"),
            ("fe80::1%4294967295", "fe80::1%4294967295"),
            ("::ffff:255.255.255.255%4294967295", "::ffff:255.255.255.255%4294967295"),
            (
                "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255%4294967295",
                "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff%4294967295"
            ),
        ]
    )
    func canonicalForm(text: String, canonical: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == canonical)
        #expect(IPAddress(canonical) == address)
    }

    @Test(
        "what is no address is refused",
        arguments: [
            "", " ", ".", "...", ":", ":::", "::::", "1", "1.2.3", "1.2.3.4.5", "1.2.3.", ".2.3.4",
            "1..3.4", "256.1.1.1", "1.1.1.999", "01.2.3.4", "1.2.3.04", "00.0.0.0", "1.2.3.-4",
            "+1.2.3.4", "1.2.3.4 ", " 1.2.3.4", "1.2.3.4\0", "0x7f.0.0.1", "1.2.3.a", "１.2.3.4",
            "4294967297.0.0.0", "99999999999.0.0.0", "2130706433", "1.2.3.4%1", "1.2.3.4%",
            "1::2::3", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7:8::",
            "::1:2:3:4:5:6:7:8",
            "1:2:3:4::5:6:7:8", ":1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7:8:", ":1::", "::1:", "12345::",
            "g::", "::-1", "::+1", "::0x1", "1.2.3.4::", "::1.2.3.4:5", "::1.2.3", "::256.0.0.1",
            "::01.2.3.4", "1:2:3:4:5:6:7:1.2.3.4", "[::1]", "::1]", "fe80::1%", "fe80::1%eth0",
            "fe80::1%-1", "fe80::1%4294967296",
            "ffff:ffff:ffff:ffff:ffff:ffff:255.255.255.255%42949672950", "fe80::1%99999999999",
            "fe80::1%1%2", "%1", "::%",
            "::1 ", "::é", "::1\u{301}",
        ]
    )
    func refused(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test("a megabyte of text is refused at once")
    func longText() {
        #expect(IPAddress(String(repeating: "1", count: 1_000_000)) == nil)
        #expect(IPAddress(String(repeating: ":", count: 1_000_000)) == nil)
        #expect(IPAddress(String(repeating: "0", count: 1_000_000) + "::1") == nil)
    }

    @Test("every pattern of zero groups survives being written and read", arguments: 0..<256)
    func zeroPatterns(pattern: Int) throws {
        let groups = (0..<8).map { pattern >> $0 & 1 == 0 ? UInt16(0) : UInt16(0xA0 + $0) }
        let raw = groups.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xFF)] }
        let read = try #require(address(of: raw))
        let text = read.description
        #expect(IPAddress(text) == read)
        // RFC 5952 §4.2: `::` stands at most once, and never for a single group.
        #expect(text == canonical(groups))
        // The system writes the deprecated IPv4-compatible addresses with dots.
        if groups.prefix(6).contains(where: { $0 != 0 }) { #expect(text == systemText(raw)) }
    }

    @Test("random addresses survive being written and read", arguments: 0..<100 as Range<UInt64>)
    func randomAddresses(seed: UInt64) throws {
        var entropy = Entropy.seed(seed)
        let v4 = IPAddress(v4: UInt32(truncatingIfNeeded: entropy.next()))
        let v6 = IPAddress(
            v6High: entropy.next(),
            low: entropy.next(),
            scope: UInt32(truncatingIfNeeded: entropy.next())
        )
        #expect(IPAddress(v4.description) == v4)
        #expect(IPAddress(v6.description) == v6)
    }

    @Test("mutilated text is judged as the system judges it", arguments: 0..<20 as Range<UInt64>)
    func agreesWithTheSystem(seed: UInt64) {
        var entropy = Entropy.seed(seed)
        let seeds = ["1:2:3:4:5:6:7:8", "::ffff:192.0.2.1", "2001:db8::1", "10.20.30.40", "::"]
        let alphabet = [UInt8]("0123456789abcdefABCDEFg:.:.::".utf8)
        for _ in 0..<500 {
            var text = [UInt8](seeds[Int.random(in: seeds.indices, using: &entropy)].utf8)
            for _ in 0..<Int.random(in: 1...3, using: &entropy) {
                let place = Int.random(in: 0...text.count, using: &entropy)
                let character = alphabet[Int.random(in: alphabet.indices, using: &entropy)]
                switch Int.random(in: 0..<3, using: &entropy) {
                case 0: text.insert(character, at: place)
                case 1 where place < text.count: text[place] = character
                case _ where place < text.count: text.remove(at: place)
                default: break
                }
            }
            let string = String(decoding: text, as: UTF8.self)
            #expect(IPAddress(string)?.bytes == systemBytes(string), "\(string)")
        }
    }

    /// The canonical text as RFC 5952 §4.2.2 and §4.2.3 describe it, looked for by trying all runs.
    private func canonical(_ groups: [UInt16]) -> String {
        var best: Range<Int>?
        for start in 0..<8 {
            for end in start + 2..<max(start + 2, 9)
            where groups[start..<end].allSatisfy({ $0 == 0 }) {
                if end - start > best?.count ?? 0 { best = start..<end }
            }
        }
        func join(_ part: ArraySlice<UInt16>) -> String {
            part.map { String($0, radix: 16) }.joined(separator: ":")
        }
        guard let best else { return join(groups[...]) }
        return join(groups[..<best.lowerBound]) + "::" + join(groups[best.upperBound...])
    }

    private func systemBytes(_ text: String) -> [UInt8]? {
        var four = [UInt8](repeating: 0, count: 4)
        var sixteen = [UInt8](repeating: 0, count: 16)
        // inet_pton writes 4 or 16 bytes, which the arrays hold, and keeps no pointer.
        if unsafe inet_pton(AF_INET, text, &four) == 1 { return four }
        return unsafe inet_pton(AF_INET6, text, &sixteen) == 1 ? sixteen : nil
    }

    private func systemText(_ raw: [UInt8]) -> String? {
        var text = [CChar](repeating: 0, count: 64)
        // inet_ntop reads 16 bytes and writes a terminated string of at most 46 characters.
        guard unsafe inet_ntop(AF_INET6, raw, &text, 64) != nil else { return nil }
        return String(
            decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) },
            as: UTF8.self
        )
    }
}
