import STUN
import Testing
import Wire

@Suite("Attacks on long-term credentials, RFC 8489 §9.2 and §16.1.3")
struct LongTermHostileTests {
    /// A challenge of these attributes, judged by a fresh client.
    static func verdict(_ attributes: [STUNAttribute]) throws -> LongTermAuthenticator.Verdict {
        var scene = try LongTermScene()
        let refusal = STUNMessage(
            .error,
            id: STUNPacketTests.id,
            attributes: [.errorCode(.unauthenticated, reason: "")] + attributes
        )
        return try scene.judge(try refusal.write(), wasSigned: false)
    }

    @Test func aNonceThatPromisesAlgorithmsWithoutThemIsDiscarded() throws {
        // "obMatJos2" and the bits 000001 in base64.
        let promised = STUNAttribute.nonce("obMatJos2AAABrest")
        #expect(try Self.verdict([.realm("r"), promised]) == .discard)
        #expect(
            try Self.verdict([.realm("r"), promised, .passwordAlgorithms([.sha256])]) == .retry
        )
        #expect(try Self.verdict([.realm("r"), .nonce("obMatJos2AAACrest")]) == .retry)
    }

    @Test func aChallengeThatCannotBeAnsweredEndsIt() throws {
        let unknown = STUNPasswordAlgorithm(number: 77)
        let nonce = STUNAttribute.nonce("n")
        #expect(try Self.verdict([nonce]) == .giveUp(.malformedChallenge))
        #expect(try Self.verdict([.realm("r")]) == .giveUp(.malformedChallenge))
        #expect(try Self.verdict([.other(.realm, [0xFF]), nonce]) == .giveUp(.malformedChallenge))
        #expect(
            try Self.verdict([.realm("r"), nonce, .passwordAlgorithms([unknown])])
                == .giveUp(.noCommonAlgorithm)
        )
        #expect(
            try Self.verdict([.realm("r"), nonce, .other(.passwordAlgorithms, [0, 1])])
                == .giveUp(.malformedChallenge)
        )
        let long = String(repeating: "x", count: 764)
        #expect(try Self.verdict([.realm(long), nonce]) == .giveUp(.malformedChallenge))
        #expect(try Self.verdict([.realm("r"), .nonce(long)]) == .giveUp(.malformedChallenge))
        #expect(
            try Self.verdict([.realm("r"), nonce, .passwordAlgorithms([unknown, .md5])]) == .retry
        )
    }

    /// A signed request whose attributes were changed on the way, signed again as only its user can.
    static func answer(
        offering algorithms: [STUNPasswordAlgorithm] = [.sha256, .md5],
        signedBy algorithm: STUNPasswordAlgorithm,
        strongly: Bool = true,
        _ change: (inout [STUNAttribute]) -> Void
    ) throws -> STUNErrorCode? {
        var scene = try LongTermScene(algorithms: algorithms)
        _ = try scene.exchange()
        let request = try scene.request()
        var message = try STUNMessage(parsing: request.span)
        message.attributes.removeLast(2)
        change(&message.attributes)
        let key = try #require(
            STUNKey(credentials: LongTermScene.alice, realm: "example.org", algorithm: algorithm)
        )
        var room = [UInt8](repeating: 0, count: 2_000)
        var writer = SpanWriter(room.mutableSpan)
        try STUNWriter.begin(.request, id: message.transactionID, to: &writer)
        for attribute in message.attributes {
            try STUNWriter.append(attribute, id: message.transactionID, to: &writer)
        }
        try STUNSignature(key: key, isStrong: strongly).finish(to: &writer)
        let written = [UInt8](copying: writer.written)
        return try code(of: scene.answer(written))
    }

    @Test func whatWasOfferedMustComeBack() throws {
        #expect(try Self.answer(signedBy: .sha256) { _ in } == nil)
        let list = STUNAttributeType.passwordAlgorithms
        let choice = STUNAttributeType.passwordAlgorithm
        // One of the two is missing.
        #expect(
            try Self.answer(signedBy: .sha256) { $0.removeAll { $0.type == list } } == .badRequest
        )
        #expect(
            try Self.answer(signedBy: .sha256) { $0.removeAll { $0.type == choice } } == .badRequest
        )
        // The list was shortened, so that the client chose the weaker one.
        let weakened = try Self.answer(signedBy: .md5) { attributes in
            attributes.removeAll { $0.type == list || $0.type == choice }
            attributes += [.passwordAlgorithms([.md5]), .passwordAlgorithm(.md5)]
        }
        #expect(weakened == .badRequest)
        // A choice that is not on the list.
        let foreign = try Self.answer(signedBy: .sha256) { attributes in
            attributes.removeAll { $0.type == choice }
            attributes.append(.passwordAlgorithm(STUNPasswordAlgorithm(number: 77)))
        }
        #expect(foreign == .badRequest)
    }

    @Test func clientsThatKnowNoAlgorithmsCountAsMD5() throws {
        func strip(_ attributes: inout [STUNAttribute]) {
            attributes.removeAll { $0.type == .passwordAlgorithms || $0.type == .passwordAlgorithm }
        }
        #expect(try Self.answer(signedBy: .md5, strongly: false, strip) == nil)
        #expect(
            try Self.answer(offering: [.sha256], signedBy: .md5, strongly: false, strip)
                == .badRequest
        )
    }

    @Test func aSignedRequestWithoutItsPartsIsBad() throws {
        for type in [STUNAttributeType.username, .realm, .nonce] {
            let result = try Self.answer(signedBy: .sha256) { $0.removeAll { $0.type == type } }
            #expect(result == .badRequest)
        }
        let request = try Self.answer(signedBy: .sha256) { attributes in
            attributes.removeAll { $0.type == .realm }
            attributes.append(.realm("elsewhere.example"))
        }
        #expect(request == .unauthenticated)
    }

    @Test func aForgedNonceIsStaleAndNobodyIsLookedUp() throws {
        let forged = try Self.answer(signedBy: .sha256) { attributes in
            for index in attributes.indices {
                guard case .nonce(let text) = attributes[index] else { continue }
                var characters = [UInt8](text.utf8)
                characters[20] = characters[20] == 65 ? 66 : 65
                attributes[index] = .nonce(String(decoding: characters, as: UTF8.self))
            }
        }
        #expect(forged == .staleNonce)
        for nonce in ["", "obMatJos2", "obMatJos2AAABAAAA", String(repeating: "A", count: 45)] {
            let result = try Self.answer(signedBy: .sha256) { attributes in
                attributes.removeAll { $0.type == .nonce }
                attributes.append(.nonce(nonce))
            }
            #expect(result == .staleNonce)
        }
    }

    @Test("any changed byte of a signed request is noticed")
    func everyByteCounts() throws {
        var scene = try LongTermScene()
        _ = try scene.exchange()
        let request = try scene.request()
        for index in request.indices.dropLast(8) {
            var changed = request
            changed[index] ^= 1
            guard (try? STUNPacket(parsing: changed.span)) != nil else { continue }
            #expect(try parse(scene.answer(changed)).messageClass == .error)
        }
    }

    @Test(
        "a server's answers to anything end, and none is a success",
        arguments: 0..<20 as Range<UInt64>
    )
    func random(seed: UInt64) throws {
        var scene = try LongTermScene()
        _ = try scene.exchange()
        let request = try scene.request()
        var generator = SplitMix64(seed: seed)
        for _ in 0..<100 {
            var changed = request
            for _ in 0..<Int.random(in: 1...6, using: &generator) {
                let place = Int.random(in: 20..<request.count - 8, using: &generator)
                changed[place] = UInt8.random(in: 0...255, using: &generator)
            }
            guard changed.prefix(request.count - 8) != request.prefix(request.count - 8) else {
                continue
            }
            guard let answer = try? scene.answer(changed) else { continue }
            #expect(try STUNMessage(parsing: answer.span).messageClass == .error)
            _ = try scene.judge(answer, wasSigned: true)
        }
    }
}
