import STUN
import Testing
import Wire

@Suite("STUN messages, RFC 8489 §5 and §14")
struct STUNPacketTests {
    static let id = STUNTransactionID(high: 0x0102_0304, low: 0x0506_0708_090A_0B0C)
    static let header = "2112A442 01020304 05060708090A0B0C"

    static func malformed(_ hex: String) -> ParseError? {
        let input = bytes(hex)
        do throws(ParseError) {
            _ = try STUNPacket(parsing: input.span)
            return nil
        } catch { return error }
    }

    @Test("class and method survive their interleaving", arguments: STUNClass.allCases)
    func messageTypes(_ messageClass: STUNClass) throws {
        for number in [0, 1, 0xF, 0x10, 0x7F, 0x80, 0xABC, 0xFFF] as [UInt16] {
            let message = STUNMessage(messageClass, STUNMethod(rawValue: number), id: Self.id)
            let written = try message.write()
            let packet = try STUNPacket(parsing: written.span)
            #expect(packet.messageClass == messageClass)
            #expect(packet.method.rawValue == number)
            #expect(packet.transactionID == Self.id)
        }
    }

    @Test func everyFieldJustOutsideItsRange() {
        #expect(Self.malformed("0001 0000 \(Self.header)") == nil)
        #expect(Self.malformed("4001 0000 \(Self.header)") == .invalid("message type", at: 0))
        #expect(Self.malformed("0001 0001 \(Self.header) 00") == .invalid("message length", at: 2))
        #expect(Self.malformed("0001 0000 \(Self.header) 00") == .invalid("message length", at: 2))
        #expect(Self.malformed("0001 0004 \(Self.header)") == .truncated(at: 20, need: 4))
        #expect(
            Self.malformed("0001 0000 2112A443 01020304 05060708090A0B0C")
                == .invalid("magic cookie", at: 4)
        )
        #expect(
            Self.malformed("0001 0004 \(Self.header) 00060001") == .truncated(at: 24, need: 4)
        )
        #expect(
            Self.malformed("0001 0008 \(Self.header) 0008000400000000")
                == .invalid("attribute length", at: 22)
        )
        #expect(
            Self.malformed("0001 000C \(Self.header) 8028000400000000 00240000")
                == .invalid("FINGERPRINT not last", at: 20)
        )
    }

    @Test func whatFollowsTheIntegrityIsNotSeen() throws {
        let key = STUNKey(password: "p")
        var written = [UInt8](repeating: 0, count: 200)
        var writer = SpanWriter(written.mutableSpan)
        try STUNWriter.begin(.request, id: Self.id, to: &writer)
        try STUNWriter.sign(with: key, to: &writer)
        try STUNWriter.append(.useCandidate, to: &writer)
        try STUNWriter.addFingerprint(to: &writer)
        let length = writer.offset
        let message = [UInt8](written.prefix(length))
        let packet = try STUNPacket(parsing: message.span)
        #expect(packet.isAuthentic(under: key, in: message.span) == true)
        #expect(packet.hasValidFingerprint(in: message.span) == true)
        #expect(packet.has(.useCandidate, in: message.span) == false)
    }

    @Test func theStrongIntegrityIsConfirmed() throws {
        let key = STUNKey(username: "u", realm: "r", passwordSHA256: "p")
        var written = [UInt8](repeating: 0, count: 200)
        var writer = SpanWriter(written.mutableSpan)
        try STUNWriter.begin(.request, id: Self.id, to: &writer)
        try STUNWriter.append(.nonce, [1, 2, 3].span, to: &writer)
        try STUNWriter.sign(with: key, to: &writer)
        try STUNWriter.signStrongly(with: key, to: &writer)
        try STUNWriter.addFingerprint(to: &writer)
        let length = writer.offset
        let message = [UInt8](written.prefix(length))
        let packet = try STUNPacket(parsing: message.span)
        #expect(packet.isAuthentic(under: key, in: message.span) == true)
        #expect(packet.isStronglyAuthentic(under: key, in: message.span) == true)
        #expect(packet.hasValidFingerprint(in: message.span) == true)
        let other = STUNKey(username: "u", realm: "r", password: "p")
        #expect(packet.isStronglyAuthentic(under: other, in: message.span) == false)
    }

    @Test("more attributes than the table holds are found by walking")
    func manyAttributes() throws {
        var attributes = (0..<40).map {
            STUNAttribute.other(STUNAttributeType(rawValue: 0xC000 + UInt16($0)), [UInt8($0)])
        }
        attributes.append(.other(STUNAttributeType(rawValue: 0x7000), []))
        attributes.append(.priority(7))
        attributes.append(.priority(8))
        let written = try STUNMessage(.request, id: Self.id, attributes: attributes).write()
        let packet = try STUNPacket(parsing: written.span)
        #expect(packet.number(.priority, in: written.span) == 7)
        #expect(packet.unknownRequiredAttributes(in: written.span).map(\.rawValue) == [0x7000])
        #expect(try STUNMessage(parsing: written.span).attributes == attributes)
    }

    @Test("every attribute survives a round trip")
    func attributes() throws {
        let addresses = ["192.0.2.1:1", "[2001:db8::1]:65535"].compactMap(SocketAddress.init)
        let attributes: [STUNAttribute] =
            addresses.map(STUNAttribute.xorMappedAddress)
            + addresses.map(STUNAttribute.mappedAddress) + [
                .username("a:b"), .realm("räalm"), .nonce(""), .software("four"),
                .errorCode(.roleConflict, reason: "Role Conflict"),
                .unknownAttributes([.priority]), .unknownAttributes([.priority, .username]),
                .priority(.max), .useCandidate, .iceControlled(tieBreaker: .max),
                .iceControlling(tieBreaker: 1),
                .other(STUNAttributeType(rawValue: 0xC057), [0, 1, 2]),
            ]
        let message = STUNMessage(.error, id: Self.id, attributes: attributes)
        let written = try message.write()
        #expect(try STUNMessage(parsing: written.span) == message)
    }

    @Test func malformedValuesAreKeptAsTheyAre() throws {
        let attributes: [STUNAttribute] = [
            .other(.priority, [1, 2]), .other(.username, [0xFF]), .other(.errorCode, [0, 0, 7, 0]),
            .other(.xorMappedAddress, [0, 3, 0, 0, 0, 0, 0, 0]), .other(.useCandidate, [1]),
        ]
        let written = try STUNMessage(.request, id: Self.id, attributes: attributes).write()
        #expect(try STUNMessage(parsing: written.span).attributes == attributes)
        let packet = try STUNPacket(parsing: written.span)
        #expect(packet.number(.priority, in: written.span) == nil)
        #expect(packet.errorCode(in: written.span) == nil)
    }

    @Test func aFullDestinationIsAnErrorAndNoTrap() {
        for room in 0..<60 {
            var destination = [UInt8](repeating: 0, count: room)
            #expect(throws: WriteError.self) {
                var writer = SpanWriter(destination.mutableSpan)
                try STUNWriter.begin(.request, id: Self.id, to: &writer)
                try STUNWriter.append(.priority, 1 as UInt32, to: &writer)
                try STUNWriter.finish(key: STUNKey(password: "p"), to: &writer)
            }
        }
    }

    @Test(
        "class and number of an error code stay in their ranges",
        arguments: [
            ("00000300", 300), ("00000699", 0), ("00000663", 699), ("00000263", 0), ("00000700", 0),
        ]
    )
    func errorCodes(_ value: String, _ code: Int) throws {
        let input = bytes("0111 0008 \(Self.header) 0009 0004 \(value)")
        let packet = try STUNPacket(parsing: input.span)
        #expect(packet.errorCode(in: input.span)?.rawValue ?? 0 == code)
    }
}
