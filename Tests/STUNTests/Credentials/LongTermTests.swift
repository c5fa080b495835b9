import Digests
import STUN
import Testing
import Wire

/// A client and a server that talk to each other without a network.
struct LongTermScene {
    static let source = SocketAddress(IPAddress(v4: 0xC633_6407), port: 5_000)
    static let alice = STUNCredentials(username: "alice", password: "secret")

    var client: LongTermAuthenticator
    var server: LongTermVerifier
    var now = Instant.zero
    var source = Self.source
    /// How the owner finds passwords.
    var users = [Self.alice]
    private var counter: UInt64 = 0

    init(
        _ credentials: STUNCredentials = Self.alice,
        algorithms: [STUNPasswordAlgorithm] = [.sha256, .md5],
        hidesUsernames: Bool = false
    ) throws {
        client = try LongTermAuthenticator(credentials)
        var entropy = Entropy.seed(7)
        server = LongTermVerifier(
            realm: "example.org",
            algorithms: algorithms,
            hidesUsernames: hidesUsernames,
            nonceLifetime: .seconds(60),
            entropy: &entropy
        )
    }

    /// The client's next request.
    mutating func request() throws -> [UInt8] {
        counter += 1
        var room = [UInt8](repeating: 0, count: 2_000)
        var writer = SpanWriter(room.mutableSpan)
        let id = STUNTransactionID(high: 1, low: counter)
        try STUNWriter.begin(.request, id: id, to: &writer)
        try client.finish(to: &writer)
        return [UInt8](copying: writer.written)
    }

    /// What the server answers.
    func answer(_ request: [UInt8]) throws -> [UInt8] {
        let packet = try STUNPacket(parsing: request.span)
        var room = [UInt8](repeating: 0, count: 2_000)
        var writer = SpanWriter(room.mutableSpan)
        let verdict = server.verify(packet, in: request.span, from: source, at: now) { user in
            users.first { credentials in
                switch user {
                case .name(let name): credentials.username == name
                case .hash(let hash):
                    STUNUserHash.hash(username: credentials.username, realm: server.realm) == hash
                }
            }
        }
        switch verdict {
        case .authentic(let user):
            try STUNWriter.begin(.success, id: packet.transactionID, to: &writer)
            try user.signature.finish(to: &writer)
        case .refused(let code):
            try server.writeRefusal(code, of: packet, to: source, at: now, into: &writer)
        }
        return [UInt8](copying: writer.written)
    }

    mutating func judge(
        _ response: [UInt8],
        wasSigned: Bool
    ) throws -> LongTermAuthenticator.Verdict {
        let packet = try STUNPacket(parsing: response.span)
        return client.receive(packet, in: response.span, wasSigned: wasSigned)
    }

    /// One request, one answer.
    mutating func exchange() throws -> LongTermAuthenticator.Verdict {
        let wasSigned = client.isChallenged
        let request = try request()
        return try judge(try answer(request), wasSigned: wasSigned)
    }
}

func attributes(_ message: [UInt8]) throws -> [STUNAttribute] {
    try STUNMessage(parsing: message.span).attributes
}

func code(of message: [UInt8]) throws -> STUNErrorCode? {
    let packet = try STUNPacket(parsing: message.span)
    return packet.errorCode(in: message.span)
}

@Suite("Long-term credentials, RFC 8489 §9.2")
struct LongTermTests {
    @Test(
        "the first request is refused, the second believed on both sides",
        arguments: [
            [], [STUNPasswordAlgorithm.md5], [.sha256], [.sha256, .md5], [.md5, .sha256],
        ],
        [false, true]
    )
    func handshake(_ algorithms: [STUNPasswordAlgorithm], _ hidesUsernames: Bool) throws {
        var scene = try LongTermScene(algorithms: algorithms, hidesUsernames: hidesUsernames)
        let first = try scene.request()
        #expect(try attributes(first).count == 1)
        let challenge = try scene.answer(first)
        #expect(try code(of: challenge) == .unauthenticated)
        #expect(try scene.judge(challenge, wasSigned: false) == .retry)
        #expect(scene.client.realm == "example.org")
        let second = try scene.request()
        let types = try attributes(second).map(\.type)
        let user: STUNAttributeType = hidesUsernames ? .userHash : .username
        let closing: [STUNAttributeType] =
            algorithms.isEmpty
            ? [.messageIntegrity, .fingerprint]
            : [.passwordAlgorithms, .passwordAlgorithm, .messageIntegritySHA256, .fingerprint]
        #expect(types == [user, .realm, .nonce] + closing)
        if let best = algorithms.first {
            #expect(try attributes(second).contains(.passwordAlgorithm(best)))
        }
        let answer = try scene.answer(second)
        #expect(try STUNMessage(parsing: answer.span).messageClass == .success)
        #expect(try scene.judge(answer, wasSigned: true) == .believe)
    }

    @Test func aWrongPasswordEndsIt() throws {
        var scene = try LongTermScene(STUNCredentials(username: "alice", password: "guess"))
        #expect(try scene.exchange() == .retry)
        #expect(try scene.exchange() == .giveUp(.wrongCredentials))
    }

    @Test func anUnknownUserIsToldTheSameAsAWrongPassword() throws {
        var wrong = try LongTermScene(STUNCredentials(username: "alice", password: "guess"))
        var unknown = try LongTermScene(STUNCredentials(username: "mallory", password: "secret"))
        _ = try (wrong.exchange(), unknown.exchange())
        let (one, other) = try (wrong.request(), unknown.request())
        #expect(try wrong.answer(one).count == unknown.answer(other).count)
        #expect(try code(of: unknown.answer(other)) == .unauthenticated)
        #expect(try unknown.exchange() == .giveUp(.wrongCredentials))
    }

    /// Nobody gets in as the user who stands in for unknown ones.
    @Test func theStandInForUnknownUsersIsNobody() throws {
        var scene = try LongTermScene(STUNCredentials(username: "-", password: "-"))
        #expect(try scene.exchange() == .retry)
        #expect(try scene.exchange() == .giveUp(.wrongCredentials))
    }

    @Test func anExpiredNonceIsReplacedWithoutAskingAgain() throws {
        var scene = try LongTermScene()
        #expect(try scene.exchange() == .retry)
        scene.now = Instant.zero.advanced(by: .seconds(59))
        #expect(try scene.exchange() == .believe)
        scene.now = Instant.zero.advanced(by: .seconds(61))
        let request = try scene.request()
        let refusal = try scene.answer(request)
        #expect(try code(of: refusal) == .staleNonce)
        #expect(try scene.judge(refusal, wasSigned: true) == .retry)
        #expect(try scene.exchange() == .believe)
    }

    @Test func aNonceIsGoodForOneHostOnly() throws {
        var scene = try LongTermScene()
        #expect(try scene.exchange() == .retry)
        scene.source.address = IPAddress(v4: 0xC633_6408)
        let request = try scene.request()
        #expect(try code(of: scene.answer(request)) == .staleNonce)
        scene.source = LongTermScene.source
        scene.source.port = 1
        #expect(try code(of: scene.answer(request)) == nil)
    }

    @Test func aServerThatStartsAnewKnowsNoOldNonce() throws {
        var scene = try LongTermScene()
        #expect(try scene.exchange() == .retry)
        var entropy = Entropy.seed(8)
        scene.server = LongTermVerifier(realm: "example.org", entropy: &entropy)
        #expect(try scene.exchange() == .retry)
        #expect(try scene.exchange() == .believe)
    }

    @Test func aServerThatNeverHasEnoughIsLeft() throws {
        var scene = try LongTermScene()
        #expect(try scene.exchange() == .retry)
        var verdicts: [LongTermAuthenticator.Verdict] = []
        for index in 0..<40 {
            scene.now = Instant.zero.advanced(by: .seconds(1_000 * (index + 1)))
            verdicts.append(try scene.exchange())
        }
        #expect(verdicts.contains(.giveUp(.tooManyChallenges)))
        #expect(!verdicts.contains(.believe))
    }

    @Test func newCredentialsAreTakenOverBetweenRequests() throws {
        var scene = try LongTermScene()
        let bob = STUNCredentials(username: "bob", password: "other")
        scene.users.append(bob)
        #expect(try scene.exchange() == .retry)
        #expect(try scene.exchange() == .believe)
        let old = scene.client.signature
        let late = try scene.request()
        try scene.client.update(bob)
        #expect(try scene.exchange() == .believe)
        // The answer to what was under way carries the old signature.
        let answer = try scene.answer(late)
        let packet = try STUNPacket(parsing: answer.span)
        let believed = scene.client.receive(packet, in: answer.span, signedBy: old)
        let discarded = scene.client.receive(packet, in: answer.span, wasSigned: true)
        #expect(believed == .believe)
        #expect(discarded == .discard)
    }

    @Test("an answer that is not signed, or by somebody else, is as if it had not come")
    func forgedAnswers() throws {
        var scene = try LongTermScene()
        #expect(try scene.exchange() == .retry)
        let id = STUNPacketTests.id
        let answers: [STUNMessage] = [
            STUNMessage(.success, id: id), STUNMessage(.error, id: id),
            STUNMessage(.error, id: id, attributes: [.errorCode(.badRequest, reason: "")]),
            STUNMessage(.error, id: id, attributes: [.errorCode(.tryAlternate, reason: "")]),
        ]
        for answer in answers {
            let plain = try answer.write()
            #expect(try scene.judge(plain, wasSigned: true) == .discard)
            let signed = try answer.write(signedWith: STUNKey(password: "guess"))
            #expect(try scene.judge(signed, wasSigned: true) == .discard)
        }
    }

    @Test func withoutASignatureThereIsNothingToCheck() throws {
        var scene = try LongTermScene()
        let success = try STUNMessage(.success, id: STUNPacketTests.id).write()
        #expect(try scene.judge(success, wasSigned: false) == .believe)
    }
}
