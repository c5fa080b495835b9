import STUN
import Testing
import Wire

@Suite("Names and passwords, RFC 8265 §4.2")
struct OpaqueStringTests {
    @Test(
        "what is allowed comes through, spaces become one kind",
        arguments: [
            ("secret", "secret"), (" a  b ", " a  b "), ("pa\u{A0}ss\u{3000}word", "pa ss word"),
            ("Ünïcödé", "Ünïcödé"), ("マトリックス", "マトリックス"),
            ("correct 🐴 battery", "correct 🐴 battery"),
            ("\u{2168}", "\u{2168}"), ("ſ", "ſ"), ("한국어", "한국어"),
        ]
    )
    func allowed(_ text: String, _ prepared: String) throws {
        let result = try OpaqueString.prepare(text)
        #expect(Array(result.unicodeScalars) == Array(prepared.unicodeScalars))
        #expect(try OpaqueString.prepare(result) == result)
    }

    @Test(
        "what nobody sees is refused, with its place",
        arguments: [
            ("a\tb", 1), ("\u{0}", 0), ("ab\u{7F}", 2), ("ü\u{85}", 2), ("The\u{AD}Matrix", 3),
            ("a\u{200B}", 1), ("a\u{200D}b", 1), ("\u{FEFF}x", 0), ("x\u{E000}", 1),
            ("x\u{378}", 1),
            ("x\u{FFFE}", 1), ("\u{1100}", 0), ("\u{115F}", 0), ("x\u{2028}y", 1),
            ("x\u{E0020}", 1),
        ]
    )
    func refused(_ text: String, _ offset: Int) {
        #expect(throws: OpaqueStringError.forbiddenCharacter(at: offset)) {
            try OpaqueString.prepare(text)
        }
    }

    @Test func nothingIsNoName() {
        #expect(throws: STUNCredentialError.username(.empty)) {
            try STUNCredentials(username: "", password: "p").prepared()
        }
        #expect(throws: STUNCredentialError.password(.empty)) {
            try STUNCredentials(username: "u", password: "").prepared()
        }
        let long = String(repeating: "u", count: 509)
        #expect(throws: STUNCredentialError.username(.tooLong)) {
            try STUNCredentials(username: long, password: "p").prepared()
        }
        let full = STUNCredentials(username: String(long.dropLast()), password: "p")
        #expect(throws: Never.self) { try full.prepared() }
    }

    /// Computed with Python's hmac and base64 modules.
    @Test func credentialsWithATimeLimit() {
        let credentials = RESTCredentials.make(
            for: "alice",
            validUntil: 1_796_000_000,
            secret: "north"
        )
        #expect(credentials.username == "1796000000:alice")
        #expect(credentials.password == "E1dJf0yvk3cJxO7+5jsS7LUfRpc=")
        let name = credentials.username
        #expect(RESTCredentials.lookUp(name, at: 1_795_999_999, secret: "north") == credentials)
        #expect(RESTCredentials.lookUp(name, at: 1_796_000_000, secret: "north") == nil)
        #expect(RESTCredentials.lookUp(name, at: 0, secret: "south") != credentials)
        #expect(RESTCredentials.expiry(of: "1796000000") == 1_796_000_000)
        for name in ["", ":alice", "alice", "alice:1796000000", "-5:a", "1e9:a", "+1:a"] {
            #expect(RESTCredentials.expiry(of: name) == nil)
        }
        #expect(RESTCredentials.expiry(of: "9999999999999999999:a") == nil)
    }
}
