import STUN
import Testing
import Wire

@Suite("STUN attributes, RFC 8489 §14, RFC 8445 §16, RFC 8656 §18, RFC 5780 §7")
struct AttributeTests {
    static let four = SocketAddress(IPAddress(v4: 0xC000_0201), port: 32_853)
    static let six = SocketAddress(IPAddress(v6High: 0x2001_0DB8 << 32, low: 1), port: 443)

    /// Every attribute with a name, and its bytes in a message of identifier `STUNPacketTests.id`.
    static let all: [(STUNAttribute, String)] = [
        (.mappedAddress(four), "0001 0008 0001 8055 C0000201"),
        (.mappedAddress(six), "0001 0014 0002 01BB 20010DB8000000000000000000000001"),
        (.changeRequest([.address, .port]), "0003 0004 00000006"),
        (.username("ab"), "0006 0002 6162 0000"),
        (.errorCode(.staleNonce, reason: "Old"), "0009 0007 00000426 4F6C64 00"),
        (.unknownAttributes([.data, .priority, .nonce]), "000A 0006 0013 0024 0015 0000"),
        (.channelNumber(0x4ABC), "000C 0004 4ABC 0000"),
        (.lifetime(600), "000D 0004 00000258"),
        (.xorPeerAddress(four), "0012 0008 0001 A147 E112A643"),
        (.data([1, 2, 3, 4, 5]), "0013 0005 0102030405 000000"),
        (.realm("r"), "0014 0001 72 000000"),
        (.nonce("nonce"), "0015 0005 6E6F6E6365 000000"),
        (
            .xorRelayedAddress(six),
            "0016 0014 0002 20A9 0113A9FA 01020304 05060708 090A0B0D"
        ),
        (.requestedAddressFamily(.v6), "0017 0004 02000000"),
        (.evenPort(reservesNext: true), "0018 0001 80 000000"),
        (.evenPort(reservesNext: false), "0018 0001 00 000000"),
        (.requestedTransport(17), "0019 0004 11000000"),
        (.dontFragment, "001A 0000"),
        (.passwordAlgorithm(.sha256), "001D 0004 0002 0000"),
        (
            .passwordAlgorithm(STUNPasswordAlgorithm(number: 9, parameters: [7])),
            "001D 0008 0009 0001 07000000"
        ),
        (
            .userHash([UInt8](repeating: 0xAA, count: 32)),
            "001E 0020" + String(repeating: "AA", count: 32)
        ),
        (.xorMappedAddress(four), "0020 0008 0001 A147 E112A643"),
        (.reservationToken([1, 2, 3, 4, 5, 6, 7, 8]), "0022 0008 0102030405060708"),
        (.priority(0x6E00_01FF), "0024 0004 6E0001FF"),
        (.useCandidate, "0025 0000"),
        (.padding([0, 0]), "0026 0002 0000 0000"),
        (.responsePort(4_660), "0027 0004 1234 0000"),
        (.additionalAddressFamily(.v4), "8000 0004 01000000"),
        (
            .addressErrorCode(.v6, .addressFamilyNotSupported, reason: ""),
            "8001 0004 02 00 04 28"
        ),
        (.passwordAlgorithms([.md5, .sha256]), "8002 0008 0001 0000 0002 0000"),
        (.alternateDomain("a.example"), "8003 0009 612E6578616D706C65 000000"),
        (.icmp(STUNICMPReport(type: 3, code: 4, data: 1_280)), "8004 0008 0000 0604 00000500"),
        (.software("four"), "8022 0004 666F7572"),
        (.alternateServer(four), "8023 0008 0001 8055 C0000201"),
        (.transactionTransmitCounter(requests: 3, responses: 1), "8025 0004 0301 0000"),
        (.cacheTimeout(60), "8027 0004 0000003C"),
        (.iceControlled(tieBreaker: 1), "8029 0008 0000000000000001"),
        (.iceControlling(tieBreaker: .max), "802A 0008 FFFFFFFFFFFFFFFF"),
        (.responseOrigin(four), "802B 0008 0001 8055 C0000201"),
        (.otherAddress(four), "802C 0008 0001 8055 C0000201"),
        (.nomination(5), "C001 0004 00000005"),
        (.networkCost(id: 1, cost: 10), "C057 0004 0001 000A"),
        (.miscellaneousInformation([1, 2]), "C059 0004 0001 0002"),
        (.other(.lastCheckReceived, [9]), "C058 0001 09 000000"),
        (.other(.delta, [1, 2, 3, 4]), "C05C 0004 01020304"),
    ]

    @Test("every attribute is written as its RFC draws it, and read again", arguments: all)
    func wire(_ attribute: STUNAttribute, _ hex: String) throws {
        let message = STUNMessage(.request, id: STUNPacketTests.id, attributes: [attribute])
        let written = try message.write()
        #expect([UInt8](written.dropFirst(20)) == bytes(hex))
        #expect(try STUNMessage(parsing: written.span).attributes == [attribute])
        #expect(attribute.type.rawValue == UInt16(bytes(hex)[0]) << 8 | UInt16(bytes(hex)[1]))
    }

    @Test(
        "a value that has not the form of its type is kept as it is",
        arguments: [
            "0003 0002 0000 0000", "000C 0002 4000 0000", "000D 0003 000000 00",
            "0012 0004 00010000",
            "0016 0008 0002 0000 00000000", "0017 0004 03000000", "0018 0000", "0019 0001 11000000",
            "001A 0004 00000000", "001D 0004 0002 0004", "001D 0008 0001 0000 0002 0000",
            "001E 0004 00000000", "0022 0004 00000000", "0027 0002 12340000", "8001 0002 01000000",
            "8002 0000", "8002 0003 00010000", "8003 0001 FF000000", "8004 0004 00000000",
            "8025 0002 03010000", "8027 0000", "C001 0002 00010000", "C057 0002 00010000",
            "C059 0003 00010200",
        ]
    )
    func malformed(_ hex: String) throws {
        let body = bytes(hex)
        let input = bytes("0001 00\(Hex.encode([UInt8(body.count)])) \(STUNPacketTests.header)")
        let message = try parse(input + body)
        let length = Int(body[3])
        let type = STUNAttributeType(rawValue: UInt16(body[0]) << 8 | UInt16(body[1]))
        #expect(message.attributes == [.other(type, [UInt8](body[4..<4 + length]))])
    }

    @Test("what must be understood depends on what STUN is used for")
    func usages() throws {
        let types: [STUNAttributeType] = [
            .username, .priority, .channelNumber, .changeRequest,
            STUNAttributeType(rawValue: 0x7ABC),
            .networkCost,
        ]
        let attributes = types.map { STUNAttribute.other($0, []) }
        let written = try STUNMessage(.request, id: STUNPacketTests.id, attributes: attributes)
            .write()
        let packet = try STUNPacket(parsing: written.span)
        func unknown(_ usages: STUNUsage) -> [STUNAttributeType] {
            packet.unknownRequiredAttributes(in: written.span, understanding: usages)
        }
        let strange = STUNAttributeType(rawValue: 0x7ABC)
        #expect(unknown(.binding) == [.priority, .channelNumber, .changeRequest, strange])
        #expect(unknown([.binding, .relay]) == [.priority, .changeRequest, strange])
        #expect(unknown([.binding, .connectivity, .relay, .behaviorDiscovery]) == [strange])
        #expect(packet.unknownRequiredAttributes(in: written.span) == unknown([.connectivity]))
    }

    @Test("420 names the attributes, RFC 8489 §6.3.1")
    func refusal() throws {
        let request = try STUNMessage(
            .request,
            id: STUNPacketTests.id,
            attributes: [.other(STUNAttributeType(rawValue: 0x7ABC), [])]
        ).write(signedWith: STUNKey(password: "p"))
        let packet = try STUNPacket(parsing: request.span)
        var room = [UInt8](repeating: 0, count: 200)
        var writer = SpanWriter(room.mutableSpan)
        let unknown = packet.unknownRequiredAttributes(in: request.span)
        let signature = STUNSignature(key: STUNKey(password: "p"), isStrong: true)
        try STUNWriter.writeUnknownAttributes(
            unknown,
            answerTo: packet,
            signature: signature,
            to: &writer
        )
        let answer = [UInt8](copying: writer.written)
        let answered = try STUNPacket(parsing: answer.span)
        #expect(signature.isValid(for: answered, in: answer.span) == true)
        #expect(answered.hasValidFingerprint(in: answer.span) == true)
        let message = try STUNMessage(parsing: answer.span)
        #expect(message.messageClass == .error)
        #expect(
            message.attributes.prefix(2) == [
                .errorCode(.unknownAttribute, reason: ""),
                .unknownAttributes([STUNAttributeType(rawValue: 0x7ABC)]),
            ]
        )
    }

    @Test func valuesAreReadInPlace() throws {
        let attributes: [STUNAttribute] = [
            .requestedTransport(17), .channelNumber(0x4001), .xorPeerAddress(Self.six),
            .alternateServer(Self.four), .realm("räalm"),
            .errorCode(.allocationQuotaReached, reason: "Full"), .other(.nonce, [0xFF]),
        ]
        let written = try STUNMessage(.error, id: STUNPacketTests.id, attributes: attributes)
            .write()
        let packet = try STUNPacket(parsing: written.span)
        #expect(packet.shortNumber(.requestedTransport, in: written.span) == 17)
        #expect(packet.halfNumber(.channelNumber, in: written.span) == 0x4001)
        #expect(packet.maskedAddress(.xorPeerAddress, in: written.span) == Self.six)
        #expect(packet.address(.alternateServer, in: written.span) == Self.four)
        #expect(packet.text(.realm, in: written.span) == "räalm")
        #expect(packet.text(.nonce, in: written.span) == nil)
        #expect(packet.errorCode(in: written.span) == .allocationQuotaReached)
        #expect(packet.errorReason(in: written.span) == "Full")
        #expect(packet.maskedAddress(.xorMappedAddress, in: written.span) == nil)
    }

    @Test(
        "a strong code may be cut only where the usage says so, RFC 8489 §14.6",
        arguments: [16, 20, 28, 32]
    )
    func truncation(_ length: Int) throws {
        let key = STUNKey(password: "p")
        var room = [UInt8](repeating: 0, count: 200)
        var writer = SpanWriter(room.mutableSpan)
        try STUNWriter.begin(.request, id: STUNPacketTests.id, to: &writer)
        try STUNWriter.signStrongly(with: key, length: length, to: &writer)
        let message = [UInt8](copying: writer.written)
        #expect(message.count == 24 + length)
        let packet = try STUNPacket(parsing: message.span)
        #expect(packet.isStronglyAuthentic(under: key, in: message.span) == (length == 32))
        #expect(
            packet.isStronglyAuthentic(under: key, in: message.span, notShorterThan: length)
                == true
        )
        #expect(
            packet.isStronglyAuthentic(under: key, in: message.span, notShorterThan: length + 1)
                == false
        )
    }

    @Test("codes shorter than 16 bytes, longer than 32, or of odd lengths are refused")
    func codeLengths() {
        for length in 0...40 {
            let padded = (length + 3) & ~3
            let head = bytes("0001 00\(Hex.encode([UInt8(4 + padded)])) \(STUNPacketTests.header)")
            let input =
                head + [0, 0x1C, 0, UInt8(length)] + [UInt8](repeating: 0, count: padded)
            let isRead = (try? STUNPacket(parsing: input.span)) != nil
            #expect(isRead == [16, 20, 24, 28, 32].contains(length), "length \(length)")
        }
    }
}
