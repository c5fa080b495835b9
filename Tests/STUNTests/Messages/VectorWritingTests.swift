import STUN
import Testing
import Wire

@Suite("Vectors written anew: RFC 5769, RFC 8489 B.1")
struct VectorWritingTests {
    /// The RFC pads with spaces, which our writer never does; so the body is taken as it is.
    @Test(
        "the code and the checksum come out bit for bit",
        arguments: ["rfc5769-2.1", "rfc5769-2.2", "rfc5769-2.3", "rfc5769-2.4"]
    )
    func signed(_ name: String) throws {
        let vector = try Vector.named(name)
        let key = try #require(vector.key)
        let hasFingerprint = try STUNPacket(parsing: vector.message.span).hasFingerprint
        let body = [UInt8](vector.message.dropLast(hasFingerprint ? 32 : 24))
        var room = [UInt8](repeating: 0, count: 256)
        var writer = SpanWriter(room.mutableSpan)
        try writer.write(body.span)
        try STUNWriter.sign(with: key, to: &writer)
        if hasFingerprint { try STUNWriter.addFingerprint(to: &writer) }
        #expect([UInt8](copying: writer.written) == vector.message)
    }

    @Test func theLongTermRequestOfRFC5769IsWrittenFromItsParts() throws {
        let vector = try Vector.named("rfc5769-2.4")
        // The password is printed with characters that SASLprep takes out; this is what is left.
        let key = STUNKey(username: "マトリックス", realm: "example.org", password: "TheMatrIX")
        #expect(
            try Self.write(Self.parts24, vector) { writer throws(WriteError) in
                try STUNWriter.sign(with: key, to: &writer)
            } == vector.message
        )
    }

    @Test func theRequestOfRFC8489IsWrittenFromItsParts() throws {
        let vector = try Vector.named("rfc8489-B.1-corrected")
        let credentials = try STUNCredentials(username: "マトリックス", password: "TheMatrIX")
            .prepared()
        let key = try #require(
            STUNKey(credentials: credentials, realm: "example.org", algorithm: .sha256)
        )
        let parts: [STUNAttribute] = [
            .userHash(STUNUserHash.hash(username: "マトリックス", realm: "example.org")),
            .nonce("obMatJos2AAACf//499k954d6OL34oL9FSTvy64sA"), .realm("example.org"),
            .passwordAlgorithm(.sha256),
        ]
        #expect(
            try Self.write(parts, vector) { writer throws(WriteError) in
                try STUNWriter.signStrongly(with: key, to: &writer)
            } == vector.message
        )
        let nonce = [UInt8]("obMatJos2AAACf//499k954d6OL34oL9FSTvy64sA".utf8)
        let features = NonceFeatures(nonce: nonce.span)
        #expect(features == .usernameAnonymity)
    }

    static let parts24: [STUNAttribute] = [
        .username("マトリックス"), .nonce("f//499k954d6OL34oL9FSTvy64sA"), .realm("example.org"),
    ]

    static func write(
        _ parts: [STUNAttribute],
        _ vector: Vector,
        _ sign: (inout SpanWriter) throws(WriteError) -> Void
    ) throws -> [UInt8] {
        let id = try STUNPacket(parsing: vector.message.span).transactionID
        var room = [UInt8](repeating: 0, count: 256)
        var writer = SpanWriter(room.mutableSpan)
        try STUNWriter.begin(.request, id: id, to: &writer)
        for part in parts { try STUNWriter.append(part, id: id, to: &writer) }
        try sign(&writer)
        return [UInt8](copying: writer.written)
    }
}
