import MDNS
import Testing
import Wire

@Suite("DNS messages (RFC 1035 §4, RFC 6762 §18)")
struct DNSMessageTests {
    private func bytes(_ hex: String) throws -> [UInt8] {
        try #require(Hex.decode(hex.filter { $0 != " " && $0 != "\n" }))
    }

    @Test func aQueryIsWrittenAsTheRFCSays() throws {
        let query = DNSMessage(
            questions: [
                DNSQuestion(name("ab.local").dnsName, .a),
                DNSQuestion(name("ab.local").dnsName, .aaaa, wantsUnicast: true),
            ]
        )
        let expected = try bytes(
            """
            0000 0000 0002 0000 0000 0000
            02 6162 05 6c6f63616c 00 0001 0001
            02 6162 05 6c6f63616c 00 001c 8001
            """
        )
        #expect(try query.write() == expected)
        #expect(try DNSMessage(parsing: expected.span) == query)
    }

    @Test func aResponseIsReadWithItsCompression() throws {
        // The name AB.local in the question; pointers to it in an A record, to its end in an NSEC.
        let message = try bytes(
            """
            0000 8400 0001 0001 0000 0001
            02 4142 05 4c4f43414c 00 0001 0001
            c00c 0001 8001 00000078 0004 c0000207
            c00c 002f 8001 00000078 0005 c00c 00 01 40
            """
        )
        let parsed = try DNSMessage(parsing: message.span)
        #expect(parsed.isResponse && parsed.isOrdinary)
        let ab = name("ab.local").dnsName
        #expect(parsed.questions == [DNSQuestion(ab, .a)])
        #expect(
            parsed.answers == [
                DNSRecord(ab, .address(address("192.0.2.7")), timeToLive: 120, flushesCache: true)
            ]
        )
        #expect(
            parsed.additional == [
                DNSRecord(ab, .types([.a]), timeToLive: 120, flushesCache: true)
            ]
        )
    }

    @Test func whatIsWrittenIsReadBack() throws {
        let some = name("1f4712db-ea17-4bcf-a596-105139dfd8bf.local").dnsName
        let message = DNSMessage(
            id: 7,
            isResponse: true,
            questions: [DNSQuestion(some, .any)],
            answers: [
                DNSRecord(some, .address(address("2001:db8::1")), timeToLive: 10),
                DNSRecord(some, .types([.a, .aaaa]), timeToLive: 0, flushesCache: true),
            ],
            additional: [DNSRecord(some, .address(address("192.0.2.1")), timeToLive: 1)]
        )
        let written = try message.write()
        #expect(try DNSMessage(parsing: written.span) == message)
    }

    @Test(
        "is refused",
        arguments: [
            // A pointer to itself, one that leads forwards, two that lead to each other.
            ("0000 0000 0001 0000 0000 0000 c00c 0001 0001", 12),
            ("0000 0000 0001 0000 0000 0000 c00e 0000 0001 0001", 12),
            ("0000 0000 0002 0000 0000 0000 01 61 c00c 0001 0001", 14),
            // A label of a kind that was never used; a name and a message that end too early.
            ("0000 0000 0001 0000 0000 0000 40 61 00 0001 0001", 12),
            ("0000 0000 0001 0000 0000 0000 05 6162", 12),
            ("0000 0000 0001 0000 0000 0000 00 0001", 15),
            ("0000 0000 0001", 6),
            // An address of five bytes; a record longer than the message.
            ("0000 8400 0000 0001 0000 0000 00 0001 0001 00000000 0005 0102030405", 23),
            ("0000 8400 0000 0001 0000 0000 00 0001 0001 00000000 0004 010203", 23),
        ]
    )
    func malformed(hex: String, offset: Int) throws {
        let message = try bytes(hex)
        let error = #expect(throws: ParseError.self) { try DNSMessage(parsing: message.span) }
        #expect(error?.offset == offset)
    }

    @Test func aNameOf256BytesIsRefused() throws {
        let label = [UInt8](repeating: 0x61, count: 63)
        #expect(DNSName(labels: [label, label, label, [UInt8](label.prefix(61))]) != nil)
        #expect(DNSName(labels: [label, label, label, [UInt8](label.prefix(62))]) == nil)
        var message: [UInt8] = [0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0]
        for _ in 0..<4 { message += [63] + label }
        message += [0, 0, 1, 0, 1]
        #expect(throws: ParseError.self) { try DNSMessage(parsing: message.span) }
    }

    @Test func aChainOfPointersHasAnEnd() throws {
        // Question n begins with a pointer to question n-1: reading all of them stays cheap and ends.
        var message: [UInt8] = [0, 0, 0, 0, 0, 100, 0, 0, 0, 0, 0, 0, 1, 0x61, 0, 0, 1, 0, 1]
        var last = 12
        for _ in 1..<100 {
            let start = message.count
            message += [0xC0 | UInt8(last >> 8), UInt8(last & 0xFF), 0, 1, 0, 1]
            last = start
        }
        let error = #expect(throws: ParseError.self) { try DNSMessage(parsing: message.span) }
        // Question 33 takes 32 jumps back to question 1, and the next one is refused there.
        #expect(error?.offset == 19)
    }

    @Test func aMessageThatClaimsMoreThanItHasIsNotBelieved() throws {
        let message = try bytes("0000 8400 0000 ffff ffff ffff")
        #expect(throws: ParseError.self) { try DNSMessage(parsing: message.span) }
    }

    @Test func namesCompareWithoutCase() throws {
        #expect(name("AB.LOCAL") == name("ab.local"))
        #expect("\(name("AB.local"))" == "ab.local")
        #expect(name("ab.local").dnsName.description == "ab.local")
    }

    @Test(arguments: [
        "ab", "a.b.local", ".local", "local", "a b.local", "ab.locale", "ab.local.", "ä.local", "",
    ])
    func isNoNameForMulticast(text: String) {
        #expect(MDNSName(text) == nil)
    }

    @Test func randomNamesAreUUIDs() throws {
        var entropy = Entropy.seed(3)
        let one = MDNSName.random(&entropy)
        let two = MDNSName.random(&entropy)
        #expect(one != two)
        #expect(MDNSName(one.text) == one)
        let parts = one.text.dropLast(6).split(separator: "-").map(\.count)
        #expect(parts == [8, 4, 4, 4, 12])
        #expect(Array(one.text)[14] == "4")
        #expect("89ab".contains(Array(one.text)[19]))
    }

    @Test func noBytesTrap() throws {
        var entropy = SplitMix64(seed: 5)
        let valid = try response(name("ab.local"), ["192.0.2.1", "2001:db8::1"])
        for _ in 0..<5_000 {
            var message = valid
            for _ in 0..<(1 + entropy.next() % 4) {
                message[Int(entropy.next() % UInt64(message.count))] = UInt8(
                    truncatingIfNeeded: entropy.next()
                )
            }
            guard let parsed = try? DNSMessage(parsing: message.span) else { continue }
            #expect((try? parsed.write()) != nil)
        }
    }
}
