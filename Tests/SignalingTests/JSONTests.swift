import Signaling
import Testing
import Wire

@Suite("JSON, RFC 8259")
struct JSONTests {
    @Test(
        "comes back as it was written",
        arguments: [
            "null", "true", "false", "0", "-0", "1.50", "-12e+3", "1E400",
            "123456789012345678901234567890",
            #""""#, #""a\"b\\c""#, #""é€𐍈""#, "[]", "[1,[2,[3]]]", "{}",
            #"{"b":1,"a":{"c":[null,true]},"b":2}"#,
        ]
    )
    func roundTrip(text: String) throws {
        #expect(try JSONValue(parsing: text).text == text)
    }

    @Test(
        "escapes become characters",
        arguments: [
            (#""\u0041\n\t\r\b\f\/""#, "A\n\t\r\u{8}\u{C}/"), (#""\ud834\udD1E""#, "𝄞"),
            (#""\u0000""#, "\0"), (#""\u20AC""#, "€"),
        ]
    )
    func escapes(text: String, expected: String) throws {
        #expect(try JSONValue(parsing: text).string == expected)
    }

    @Test func controlCharactersAreEscaped() throws {
        let text = JSONValue.string("\u{1}\u{1F}\n\r\t\u{7F}").text
        #expect(text == "\"\\u0001\\u001f\\n\\r\\t\u{7F}\"")
        #expect(try JSONValue(parsing: text).string == "\u{1}\u{1F}\n\r\t\u{7F}")
    }

    @Test func whiteSpaceIsPassedOver() throws {
        let value = try JSONValue(parsing: " \r\n\t{ \"a\" : [ 1 , 2 ] } \n")
        #expect(value.text == #"{"a":[1,2]}"#)
    }

    @Test(
        "a text that is no JSON is refused where it goes wrong",
        arguments: [
            ("", JSONError.endsTooEarly(at: 0)), (" ", .endsTooEarly(at: 1)),
            ("[1", .endsTooEarly(at: 2)), ("{\"a\"", .endsTooEarly(at: 4)),
            ("\"a", .endsTooEarly(at: 2)),
            ("tru", .endsTooEarly(at: 3)), ("trux", .unexpectedCharacter(at: 3)),
            ("nul ", .unexpectedCharacter(at: 3)),
            ("1 2", .unexpectedCharacter(at: 2)), ("[1,]", .unexpectedCharacter(at: 3)),
            ("{\"a\":1,}", .unexpectedCharacter(at: 7)), ("{a:1}", .unexpectedCharacter(at: 1)),
            ("{\"a\" 1}", .unexpectedCharacter(at: 5)), ("[1 2]", .unexpectedCharacter(at: 3)),
            ("'a'", .unexpectedCharacter(at: 0)), ("\"\n\"", .unexpectedCharacter(at: 1)),
            ("01", .invalidNumber(at: 0)), ("-", .invalidNumber(at: 0)),
            ("1.", .invalidNumber(at: 0)),
            (".5", .unexpectedCharacter(at: 0)), ("1e", .invalidNumber(at: 0)),
            ("+1", .unexpectedCharacter(at: 0)), ("NaN", .unexpectedCharacter(at: 0)),
            (#""\x""#, .invalidEscape(at: 1)), (#""\u12G4""#, .invalidEscape(at: 1)),
            (#""\ud834""#, .invalidEscape(at: 1)), (#""\ud834\n""#, .invalidEscape(at: 1)),
            (#""\udd1e""#, .invalidEscape(at: 1)), (#""\ud834\ud834""#, .invalidEscape(at: 1)),
        ]
    )
    func malformed(text: String, error: JSONError) {
        #expect(throws: error) { try JSONValue(parsing: text) }
    }

    @Test func brokenUTF8IsRefused() {
        #expect(throws: JSONError.invalidUTF8(at: 1)) {
            try JSONValue(parsing: [0x5B, 0x22, 0xC3, 0x28, 0x22, 0x5D])
        }
    }

    @Test func limitsHoldInEveryDirection() throws {
        var limits = JSONLimits()
        limits.depth = 3
        limits.values = 5
        limits.size = 40
        #expect(throws: Never.self) { try JSONValue(parsing: "[[[1]]]", limits: limits) }
        #expect(throws: JSONError.tooDeep(limit: 3, at: 3)) {
            try JSONValue(parsing: "[[[[1]]]]", limits: limits)
        }
        #expect(throws: JSONError.tooManyValues(limit: 5, at: 9)) {
            try JSONValue(parsing: "[1,2,3,4,5]", limits: limits)
        }
        #expect(throws: JSONError.tooLarge(limit: 40)) {
            try JSONValue(parsing: String(repeating: " ", count: 41), limits: limits)
        }
        #expect(throws: JSONError.tooDeep(limit: 32, at: 32)) {
            try JSONValue(parsing: String(repeating: "[", count: 100_000))
        }
    }

    @Test func ofDuplicatesTheLastCountsAndSettingLeavesOne() throws {
        var object = try #require(try JSONValue(parsing: #"{"a":1,"b":2,"a":3}"#).object)
        #expect(object["a"] == .number("3"))
        object["a"] = "x"
        #expect(object.text == #"{"a":"x","b":2}"#)
        object["c"] = .null
        object["b"] = nil
        #expect(object.text == #"{"a":"x","c":null}"#)
    }

    @Test("every truncation is refused", arguments: [#"{"a":[1,"b\u00e9",{"c":null}],"d":-1.5e3}"#])
    func truncation(text: String) {
        let characters = Array(text.utf8)
        for length in 0..<characters.count {
            #expect(throws: JSONError.self) {
                try JSONValue(parsing: Array(characters[..<length]))
            }
        }
    }

    @Test("noise never traps", arguments: 0..<200 as Range<UInt64>)
    func noise(seed: UInt64) {
        let alphabet = Array(#"{}[]",:\u0123456789eE+-. truefalsn"#.utf8)
        var entropy = Entropy.seed(seed)
        for _ in 0..<50 {
            let text = entropy.bytes(24).map { alphabet[Int($0) % alphabet.count] }
            if let value = try? JSONValue(parsing: text) {
                #expect((try? JSONValue(parsing: value.text)) == value)
            }
        }
    }
}
