import ICE
import STUN
import Testing
import Wire

@Suite("Codes of checks, RFC 8489 §9.1.3")
struct StrongIntegrityTests {
    /// A check with the codes that `signing` adds.
    private static func request(
        _ signing: (STUNKey, inout SpanWriter) throws -> Void
    ) throws -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 300)
        var writer = SpanWriter(bytes.mutableSpan)
        try STUNWriter.begin(.request, id: HostileTests.id, to: &writer)
        try STUNWriter.append(.username, [UInt8]("user1:user2".utf8).span, to: &writer)
        try STUNWriter.append(.priority, UInt32(1), to: &writer)
        try STUNWriter.append(.iceControlled, UInt64(1), to: &writer)
        try signing(STUNKey(password: Party.left.credentials.password), &writer)
        try STUNWriter.addFingerprint(to: &writer)
        let length = writer.offset
        return [UInt8](bytes.prefix(length))
    }

    /// The left side's answer as it came.
    private static func answer(to packet: [UInt8]) throws -> [UInt8] {
        var network = HostileTests.single()
        let before = network.sides[0].sent.count
        network.with(0) {
            let source = Party.right.address(9)
            $0.receive(packet.span, from: source, on: Party.left.address(5_001), at: $1)
        }
        return try #require(network.sides[0].sent.dropFirst(before).first).datagram.payload
    }

    @Test("the stronger one alone is enough, and the answer has it", arguments: [true, false])
    func strong(isAlone: Bool) throws {
        let packet = try Self.request { key, writer in
            if !isAlone { try STUNWriter.sign(with: key, to: &writer) }
            try STUNWriter.signStrongly(with: key, to: &writer)
        }
        let answer = try Self.answer(to: packet)
        let message = try STUNPacket(parsing: answer.span)
        let key = STUNKey(password: Party.left.credentials.password)
        let isAuthentic = message.isStronglyAuthentic(under: key, in: answer.span)
        #expect(message.messageClass == .success)
        #expect(isAuthentic && !message.hasIntegrity)
    }

    @Test("the stronger one counts if both are there")
    func wrong() throws {
        let packet = try Self.request { key, writer in
            try STUNWriter.sign(with: key, to: &writer)
            try STUNWriter.signStrongly(with: STUNKey(password: "wrong"), to: &writer)
        }
        let answer = try Self.answer(to: packet)
        let message = try STUNMessage(parsing: answer.span)
        #expect(HostileTests.error(message) == .unauthenticated)
    }
}
