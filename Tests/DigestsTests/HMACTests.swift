import Digests
import Testing
import Wire

/// One test case of RFC 2202 or RFC 4231.
struct HMACCase: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var key: [UInt8]
    var message: [UInt8]
    var code: String

    init(_ number: Int, key: [UInt8], message: [UInt8], code: String) {
        testDescription = "test case \(number)"
        self.key = key
        self.message = message
        self.code = code
    }

    init(_ number: Int, key: [UInt8], text: String, code: String) {
        self.init(number, key: key, message: [UInt8](text.utf8), code: code)
    }
}

private func times(_ count: Int, _ byte: UInt8) -> [UInt8] {
    [UInt8](repeating: byte, count: count)
}

@Suite("HMAC-SHA1, RFC 2202 §3")
struct HMACSHA1Tests {
    static let cases = [
        HMACCase(
            1,
            key: times(20, 0x0B),
            text: "Hi There",
            code: "b617318655057264e28bc0b6fb378c8ef146be00"
        ),
        HMACCase(
            2,
            key: [UInt8]("Jefe".utf8),
            text: "what do ya want for nothing?",
            code: "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"
        ),
        HMACCase(
            3,
            key: times(20, 0xAA),
            message: times(50, 0xDD),
            code: "125d7342b9ac11cd91a39af48aa17b4f63f175d3"
        ),
        HMACCase(
            4,
            key: [UInt8](1...25),
            message: times(50, 0xCD),
            code: "4c9007f4026250c6bc8414f9bf50c86c2d7235da"
        ),
        HMACCase(
            5,
            key: times(20, 0x0C),
            text: "Test With Truncation",
            code: "4c1a03424b55e07fe7f27be1d58bb9324a9a5a04"
        ),
        HMACCase(
            6,
            key: times(80, 0xAA),
            text: "Test Using Larger Than Block-Size Key - Hash Key First",
            code: "aa4ae5e15272d00e95705637ce8a3b55ed402112"
        ),
        HMACCase(
            7,
            key: times(80, 0xAA),
            text: "Test Using Larger Than Block-Size Key and Larger Than One Block-Size Data",
            code: "e8e99d0f45237d786d6bbaa7965c7808bbff1a91"
        ),
    ]

    @Test("the test cases come out", arguments: cases)
    func vectors(_ vector: HMACCase) {
        let hmac = HMACSHA1(key: vector.key.span)
        #expect(Hex.encode(hmac.code(of: vector.message.span)) == vector.code)
        // The key's states must be as fresh for the second message as for the first.
        #expect(Hex.encode(hmac.code(of: vector.message.span)) == vector.code)
    }

    @Test("a message in parts has the code of the whole", arguments: cases)
    func parts(_ vector: HMACCase) {
        let hmac = HMACSHA1(key: vector.key.span)
        for cut in 0...vector.message.count {
            var message = hmac.message()
            let (head, tail) = (vector.message[..<cut], vector.message[cut...])
            message.append(head.span)
            message.append([UInt8]().span)
            message.append(tail.span)
            var code = [UInt8](repeating: 0, count: 20)
            var span = code.mutableSpan
            message.finish(into: &span)
            #expect(Hex.encode(code) == vector.code)
        }
    }

    @Test("a code is written to the start of the destination and nowhere else")
    func inPlace() {
        let vector = Self.cases[0]
        var place = [UInt8](repeating: 0xEE, count: 24)
        var span = place.mutableSpan
        HMACSHA1(key: vector.key.span).write(codeOf: vector.message.span, to: &span)
        #expect(Hex.encode(place) == vector.code + "eeeeeeee")
    }

    /// RFC 2104 §3: a key of one block is taken as it is, a longer one is hashed first.
    @Test("keys around the block length follow the definition", arguments: [0, 1, 63, 64, 65, 128])
    func keyLengths(count: Int) {
        let key = [UInt8]((0..<count).map { UInt8(truncatingIfNeeded: $0 &* 7) })
        let message = [UInt8]("message".utf8)
        let short = count > 64 ? HashFunction.sha1.hash(key.span) : key
        let padded = short + times(64 - short.count, 0)
        let inner = HashFunction.sha1.hash((padded.map { $0 ^ 0x36 } + message).span)
        let expected = HashFunction.sha1.hash((padded.map { $0 ^ 0x5C } + inner).span)
        #expect(HMACSHA1(key: key.span).code(of: message.span) == expected)
    }

    @Test("a destination without room for a code stops the process")
    func noRoom() async {
        await #expect(processExitsWith: .failure) {
            var place = [UInt8](repeating: 0, count: 19)
            var span = place.mutableSpan
            HMACSHA1(key: [1].span).write(codeOf: [2].span, to: &span)
        }
    }
}

@Suite("HMAC-SHA256, RFC 4231 §4")
struct HMACSHA256Tests {
    static let cases = [
        HMACCase(
            1,
            key: times(20, 0x0B),
            text: "Hi There",
            code: "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7"
        ),
        HMACCase(
            2,
            key: [UInt8]("Jefe".utf8),
            text: "what do ya want for nothing?",
            code: "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843"
        ),
        HMACCase(
            3,
            key: times(20, 0xAA),
            message: times(50, 0xDD),
            code: "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe"
        ),
        HMACCase(
            4,
            key: [UInt8](1...25),
            message: times(50, 0xCD),
            code: "82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b"
        ),
        // The RFC prints the first 128 bits of this one.
        HMACCase(
            5,
            key: times(20, 0x0C),
            text: "Test With Truncation",
            code: "a3b6167473100ee06e0c796c2955552b"
        ),
        HMACCase(
            6,
            key: times(131, 0xAA),
            text: "Test Using Larger Than Block-Size Key - Hash Key First",
            code: "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54"
        ),
        HMACCase(
            7,
            key: times(131, 0xAA),
            text: "This is a test using a larger than block-size key and a larger than block-size "
                + "data. The key needs to be hashed before being used by the HMAC algorithm.",
            code: "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2"
        ),
    ]

    @Test("the test cases come out", arguments: cases)
    func vectors(_ vector: HMACCase) {
        let hmac = HMACSHA256(key: vector.key.span)
        let code = hmac.code(of: vector.message.span)
        #expect(code.count == HMACSHA256.codeLength)
        #expect(Hex.encode(code.prefix(vector.code.count / 2)) == vector.code)
        #expect(hmac.code(of: vector.message.span) == code)
    }

    @Test("a code is written to the start of the destination and nowhere else")
    func inPlace() {
        let vector = Self.cases[0]
        var place = [UInt8](repeating: 0xEE, count: 34)
        var span = place.mutableSpan
        HMACSHA256(key: vector.key.span).write(codeOf: vector.message.span, to: &span)
        #expect(Hex.encode(place) == vector.code + "eeee")
    }

    @Test(
        "a key of one block is taken as it is, a longer one is hashed first",
        arguments: [64, 65]
    )
    func keyLengths(count: Int) {
        let key = times(count, 9)
        let message = [UInt8]("message".utf8)
        let short = count > 64 ? HashFunction.sha256.hash(key.span) : key
        let padded = short + times(64 - short.count, 0)
        let inner = HashFunction.sha256.hash((padded.map { $0 ^ 0x36 } + message).span)
        let expected = HashFunction.sha256.hash((padded.map { $0 ^ 0x5C } + inner).span)
        #expect(HMACSHA256(key: key.span).code(of: message.span) == expected)
    }

    @Test("a destination without room for a code stops the process")
    func noRoom() async {
        await #expect(processExitsWith: .failure) {
            var place = [UInt8](repeating: 0, count: 31)
            var span = place.mutableSpan
            HMACSHA256(key: [1].span).write(codeOf: [2].span, to: &span)
        }
    }
}
