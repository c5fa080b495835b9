import Digests
import Testing
import Wire

@Suite("Hash functions, RFC 1321 and FIPS 180-4")
struct HashFunctionTests {
    static let vectors: [(HashFunction, String, String)] = [
        (
            .md5,
            "",
            "d41d8cd98f00b204e9800998ecf8427e"
        ),
        (
            .md5,
            "abc",
            "900150983cd24fb0d6963f7d28e17f72"
        ),
        (
            .sha1,
            "",
            "da39a3ee5e6b4b0d3255bfef95601890afd80709"
        ),
        (
            .sha1,
            "abc",
            "a9993e364706816aba3e25717850c26c9cd0d89d"
        ),
        (
            .sha224,
            "",
            "d14a028c2a3a2bc9476102bb288234c415a2b01f828ea62ac5b3e42f"
        ),
        (
            .sha224,
            "abc",
            "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"
        ),
        (
            .sha256,
            "",
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
        ),
        (
            .sha256,
            "abc",
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
        ),
        (
            .sha384,
            "",
            "38b060a751ac96384cd9327eb1b1e36a21fdb71114be07434c0cc7bf63f6e1da"
                + "274edebfe76f65fbd51ad2f14898b95b"
        ),
        (
            .sha384,
            "abc",
            "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
                + "8086072ba1e7cc2358baeca134c825a7"
        ),
        (
            .sha512,
            "",
            "cf83e1357eefb8bdf1542850d66d8007d620e4050b5715dc83f4a921d36ce9ce"
                + "47d0d13c5d85f2b0ff8318d2877eec2f63b931bd47417a81a538327af927da3e"
        ),
        (
            .sha512,
            "abc",
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
                + "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
        ),
    ]

    @Test("the published digests come out", arguments: vectors)
    func digests(function: HashFunction, text: String, digest: String) {
        let message = [UInt8](text.utf8)
        #expect(Hex.encode(function.hash(message.span)) == digest)
    }

    @Test("a digest has the length it promises", arguments: HashFunction.allCases)
    func lengths(function: HashFunction) {
        let message = [UInt8](repeating: 0x61, count: 1_000)
        #expect(function.hash(message.span).count == function.digestLength)
        #expect(function.hash(message.span) != function.hash([UInt8](message.dropLast()).span))
    }

    @Test(
        "functions are known by their names in the registry",
        arguments: [
            ("md5", .md5), ("sha-1", .sha1), ("sha-224", .sha224), ("sha-256", .sha256),
            ("sha-384", .sha384), ("sha-512", .sha512), ("sha256", nil), ("SHA-256", nil),
            ("", nil),
        ] as [(String, HashFunction?)]
    )
    func names(name: String, function: HashFunction?) {
        #expect(HashFunction(rawValue: name) == function)
    }
}

@Suite("Comparing secrets")
struct ConstantTimeTests {
    private func isEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.span.isEqualInConstantTime(to: right.span)
    }

    @Test("equal bytes are equal, and each single difference is seen")
    func comparison() {
        let secret = [UInt8](0..<20)
        #expect(isEqual(secret, [UInt8](0..<20)))
        for bit in 0..<secret.count * 8 {
            var forged = secret
            forged[bit / 8] ^= 1 << UInt8(bit % 8)
            #expect(!isEqual(secret, forged))
        }
    }

    @Test("two differences do not cancel each other")
    func differencesAddUp() {
        let secret: [UInt8] = [0, 0, 0, 0]
        #expect(!isEqual(secret, [1, 0, 0, 1]))
        #expect(!isEqual(secret, [0x80, 0x80, 0, 0]))
    }

    @Test("bytes of another length are never equal", arguments: [0, 1, 3, 5])
    func otherLengths(count: Int) {
        let secret: [UInt8] = [0, 0, 0, 0]
        #expect(!isEqual(secret, [UInt8](repeating: 0, count: count)))
    }

    @Test("nothing equals nothing")
    func nothing() {
        #expect(isEqual([], []))
    }
}
