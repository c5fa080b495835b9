import STUN
import Testing
import Wire

/// One message of `vectors.tsv`.
struct Vector: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var message: [UInt8]
    var username: String?
    var realm: String?
    var password: String?

    init(_ fields: [String]) {
        testDescription = fields[0]
        message = bytes(fields[2])
        username = fields[3] == "-" ? nil : fields[3]
        realm = fields[4] == "-" ? nil : fields[4]
        password = fields[5] == "-" ? nil : fields[5]
    }

    static let all = FixtureLines.read("vectors.tsv").map(Vector.init)
    static let signed = all.filter { $0.password != nil }

    static func named(_ name: String) throws -> Vector {
        try #require(all.first { $0.testDescription == name })
    }

    var key: STUNKey? {
        guard let password else { return nil }
        guard let realm, let username else { return STUNKey(password: password) }
        guard message.count > 100 else {
            return STUNKey(username: username, realm: realm, password: password)
        }
        return testDescription.contains("B.1")
            ? STUNKey(username: username, realm: realm, passwordSHA256: password)
            : STUNKey(username: username, realm: realm, password: password)
    }
}

@Suite("Messages of others: RFC 5769, RFC 8489 B.1, libwebrtc")
struct VectorTests {
    @Test(
        "the integrity of the RFCs' vectors is confirmed, and only theirs",
        arguments: Vector.signed
    )
    func integrity(_ vector: Vector) throws {
        let packet = try STUNPacket(parsing: vector.message.span)
        let key = try #require(vector.key)
        let span = vector.message.span
        #expect(
            packet.isAuthentic(under: key, in: span)
                != packet.isStronglyAuthentic(under: key, in: span)
        )
        let other = STUNKey(password: "another")
        #expect(packet.isAuthentic(under: other, in: span) == false)
        #expect(packet.isStronglyAuthentic(under: other, in: span) == false)
        if packet.hasFingerprint {
            let isValid = packet.hasValidFingerprint(in: span)
            #expect(isValid)
        }
    }

    @Test("any changed byte breaks integrity or fingerprint of RFC 5769 §2.1")
    func everyByteCounts() throws {
        let vector = try Vector.named("rfc5769-2.1")
        let key = try #require(vector.key)
        for index in vector.message.indices {
            var changed = vector.message
            changed[index] ^= 0x10
            guard let packet = try? STUNPacket(parsing: changed.span) else { continue }
            let isWhole =
                packet.isAuthentic(under: key, in: changed.span)
                && packet.hasValidFingerprint(in: changed.span)
            #expect(!isWhole, "byte \(index)")
        }
    }

    @Test func sampleRequest() throws {
        let message = try STUNMessage(parsing: try Vector.named("rfc5769-2.1").message.span)
        #expect(message.messageClass == .request)
        #expect(message.method == .binding)
        #expect(
            message.attributes.prefix(4) == [
                .software("STUN test client"), .priority(0x6E00_01FF),
                .iceControlled(tieBreaker: 0x932F_F9B1_5126_3B36), .username("evtj:h6vY"),
            ]
        )
    }

    @Test(
        "mapped addresses are read",
        arguments: [
            ("rfc5769-2.2", "192.0.2.1:32853"),
            ("rfc5769-2.3", "[2001:db8:1234:5678:11:2233:4455:6677]:32853"),
            ("libwebrtc-kStunMessageWithIPv4XorMappedAddress", "172.23.68.230:56743"),
        ]
    )
    func mappedAddress(_ name: String, _ address: String) throws {
        let vector = try Vector.named(name)
        let packet = try STUNPacket(parsing: vector.message.span)
        #expect(packet.mappedAddress(in: vector.message.span)?.description == address)
    }

    @Test func plainMappedAddress() throws {
        let vector = try Vector.named("libwebrtc-kStunMessageWithIPv4MappedAddress")
        let message = try STUNMessage(parsing: vector.message.span)
        let address = try #require(SocketAddress("172.23.68.230:40444"))
        #expect(message.attributes == [.mappedAddress(address)])
    }

    @Test func errorsAndUnknownAttributes() throws {
        let error = try Vector.named("libwebrtc-kStunMessageWithErrorAttribute")
        #expect(
            try STUNMessage(parsing: error.message.span).attributes
                == [.errorCode(.unauthenticated, reason: "Unauthorized")]
        )
        let unknown = try Vector.named("libwebrtc-kStunMessageWithUnknownAttribute").message
        let packet = try STUNPacket(parsing: unknown.span)
        #expect(packet.unknownRequiredAttributes(in: unknown.span).map(\.rawValue) == [0x00AA])
    }

    @Test(
        "broken lengths are refused",
        arguments: [
            "libwebrtc-kStunMessageWithZeroLength", "libwebrtc-kStunMessageWithExcessLength",
            "libwebrtc-kStunMessageWithSmallLength", "libwebrtc-kRtcpPacket",
        ]
    )
    func broken(_ name: String) throws {
        let vector = try Vector.named(name)
        #expect(throws: ParseError.self) { try STUNPacket(parsing: vector.message.span) }
    }

    @Test("a message written from its attributes has the same bytes", arguments: Vector.all)
    func roundTrip(_ vector: Vector) throws {
        guard let message = try? STUNMessage(parsing: vector.message.span) else { return }
        let written = try message.write()
        let again = try STUNMessage(parsing: written.span)
        #expect(again == message)
        #expect(written.count == vector.message.count)
    }
}

@Suite("Recordings of browsers and the corpora of others")
struct RecordingTests {
    struct Recorded: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var password: String
        var message: [UInt8]
    }

    static let all = FixtureLines.read("browsers.tsv").enumerated().map { index, fields in
        Recorded(
            testDescription: "\(fields[0]) \(fields[1]) \(index)",
            password: fields[3],
            message: bytes(fields[4])
        )
    }

    @Test(
        "recordings verify, hold nothing unknown but optional, and survive a round trip",
        arguments: all
    )
    func recorded(_ recorded: Recorded) throws {
        let span = recorded.message.span
        let packet = try STUNPacket(parsing: span)
        #expect(packet.isAuthentic(under: STUNKey(password: recorded.password), in: span) == true)
        #expect(packet.hasValidFingerprint(in: span) == true)
        #expect(packet.unknownRequiredAttributes(in: span) == [])
        let message = try STUNMessage(parsing: span)
        #expect(try message.write() == recorded.message)
    }

    @Test("signing what a browser signed gives the browser's bytes", arguments: all)
    func signedAlike(_ recorded: Recorded) throws {
        var message = try STUNMessage(parsing: recorded.message.span)
        message.attributes.removeLast(2)
        let key = STUNKey(password: recorded.password)
        #expect(try message.write(signedWith: key) == recorded.message)
    }

    @Test func chromiumSendsItsNetworkCost() {
        let costs = Self.all.compactMap { try? STUNMessage(parsing: $0.message.span) }
            .filter { $0.attributes.contains { $0.type.rawValue == 0xC057 } }
        #expect(costs.count >= 5)
    }

    @Test("no input of a fuzzing corpus traps, nor any prefix of it")
    func corpora() {
        let inputs = FixtureLines.read("corpus.tsv").compactMap(\.last).map(bytes)
        #expect(inputs.count >= 20)
        for input in inputs + Vector.all.map(\.message) + Self.all.map(\.message) {
            for length in 0...input.count { read([UInt8](input.prefix(length))) }
        }
    }

    @Test("random bytes behind a right header never trap", arguments: 0..<50 as Range<UInt64>)
    func random(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        for _ in 0..<200 {
            let length = Int.random(in: 0...30, using: &generator) * 4
            var input: [UInt8] = [0, 1, 0, UInt8(length), 0x21, 0x12, 0xA4, 0x42]
            for _ in 0..<12 + length { input.append(.random(in: 0...255, using: &generator)) }
            // Small lengths make attributes that end within the message likely.
            for offset in stride(from: 20, to: input.count, by: 8) { input[offset + 2] = 0 }
            for offset in stride(from: 20, to: input.count, by: 8) { input[offset + 3] &= 15 }
            read(input)
        }
    }

    /// Calls every reader there is.
    private func read(_ input: [UInt8]) {
        _ = STUNPacket.isPlausible(input.span)
        _ = try? STUNMessage(parsing: input.span)
        guard let packet = try? STUNPacket(parsing: input.span) else { return }
        let key = STUNKey(password: "password")
        _ = packet.isAuthentic(under: key, in: input.span)
        _ = packet.isStronglyAuthentic(under: key, in: input.span)
        _ = packet.hasValidFingerprint(in: input.span)
        _ = packet.mappedAddress(in: input.span)
        _ = packet.errorCode(in: input.span)
        _ = packet.number(.priority, in: input.span)
        _ = packet.unknownRequiredAttributes(in: input.span)
        // Offsets of one packet must be harmless in another.
        let other = [UInt8](input.dropLast())
        _ = packet.range(of: .username, in: other.span)
        _ = packet.isAuthentic(under: key, in: other.span)
    }
}
