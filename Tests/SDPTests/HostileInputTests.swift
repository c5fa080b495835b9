import SDP
import Testing

@Suite("Hostile descriptions")
struct HostileInputTests {
    static let head = DeviationTests.head

    @Test(
        "what is no description is refused",
        arguments: [
            "", "\r\n", "\n\n\n", "\0", "hello", "=", "a", "\u{FEFF}", "GET / HTTP/1.1\r\n\r\n",
        ]
    )
    func noDescription(text: String) {
        #expect(throws: SDPError(.expected("a session description"), line: 1, column: 1)) {
            try SDPDescription(parsing: text)
        }
    }

    @Test(
        "media lines that cannot be understood are refused with their place",
        arguments: [
            ("m=", 3, "a media type"),
            ("m=audio", 8, "a port from 0 to 65535"),
            ("m=audio 65536 RTP/AVP 0", 9, "a port from 0 to 65535"),
            ("m=audio 4294967296 RTP/AVP 0", 9, "a port from 0 to 65535"),
            ("m=audio -1 RTP/AVP 0", 9, "a port from 0 to 65535"),
            ("m=audio +9 RTP/AVP 0", 9, "a port from 0 to 65535"),
            ("m=audio 9/0 RTP/AVP 0", 11, "a number of ports"),
            ("m=audio 9/4294967296 RTP/AVP 0", 11, "a number of ports"),
            ("m=audio 9", 10, "a transport protocol"),
        ]
    )
    func media(line: String, column: Int, expectation: String) throws {
        let error = try #require(throws: SDPError.self) {
            try SDPDescription(parsing: Self.head + line + "\r\n")
        }
        #expect(error.description == "line 5, column \(column): expected \(expectation)")
    }

    @Test func originNumbersHaveNoUpperBound() throws {
        let digits = String(repeating: "9", count: 60)
        let text = Self.head.replacing("o=- 1 1", with: "o=- \(digits) \(digits)")
        let description = try SDPDescription(parsing: text, mode: .strict)
        #expect(description.origin.sessionVersion == digits)
        #expect(description.origin.versionNumber == nil)
        #expect(description.write() == text)
    }

    @Test func aMegabyteInALineIsRefused() {
        let text = Self.head + "a=x:" + String(repeating: "y", count: 1_000_000) + "\r\n"
        #expect(throws: SDPError(.exceeded(.lineLength), line: 5, column: 65_537)) {
            try SDPDescription(parsing: text)
        }
    }

    @Test func aMegabyteInALineIsReadWhenAllowed() throws {
        var limits = SDPLimits()
        limits.maximumBytes = .max
        limits.maximumLineLength = .max
        let text = Self.head + "a=x:" + String(repeating: "y", count: 2_000_000) + "\r\n"
        #expect(try SDPDescription(parsing: text, limits: limits).write() == text)
    }

    @Test func tooManyBytesAreRefused() {
        let text = Self.head + String(repeating: "a=x\r\n", count: 250_000)
        #expect(throws: SDPError(.exceeded(.bytes), line: 1, column: 1)) {
            try SDPDescription(parsing: text)
        }
    }

    @Test func aHundredThousandLinesAreRefused() {
        let text = Self.head + String(repeating: "a=x\r\n", count: 100_000)
        #expect(throws: SDPError(.exceeded(.lines), line: 20_001, column: 1)) {
            try SDPDescription(parsing: text)
        }
    }

    @Test func aHundredThousandLinesAreReadWhenAllowed() throws {
        var limits = SDPLimits()
        limits.maximumLines = .max
        limits.maximumBytes = .max
        let text =
            Self.head + String(repeating: "a=x\r\n", count: 50_000)
            + String(repeating: "f=x\r\n", count: 50_000)
        let description = try SDPDescription(parsing: text, limits: limits)
        #expect(description.attributes.count == 50_000)
        #expect(description.extraLines.count == 50_000)
        #expect(description.deviations.count == limits.maximumDeviations)
        #expect(description.write() == text)
    }

    @Test func tooManyMediaSectionsAreRefused() {
        let text = Self.head + String(repeating: "m=audio 9 RTP/AVP 0\r\n", count: 1_025)
        #expect(throws: SDPError(.exceeded(.mediaSections), line: 1_029, column: 1)) {
            try SDPDescription(parsing: text)
        }
    }

    @Test func bytesThatAreNoUTF8AreReplaced() throws {
        let bytes = Array(Self.head.utf8) + Array("a=x:".utf8) + [0xFF, 0xC0] + Array("\r\n".utf8)
        let description = try SDPDescription(parsing: bytes.span)
        #expect(description.attributes[0].value == "\u{FFFD}\u{FFFD}")
        #expect(description.deviations.map(\.kind) == [.invalidUTF8])
        #expect(throws: SDPError(.expected("UTF-8"), line: 5, column: 1)) {
            try SDPDescription(parsing: bytes.span, mode: .strict)
        }
    }

    @Test func otherAlphabetsComeBack() throws {
        let text = Self.head.replacing("s=-", with: "s=Привет, 世界")
        #expect(try SDPDescription(parsing: text, mode: .strict).write() == text)
    }

    @Test func numbersOfAttributesThatDoNotFitAreNotRead() throws {
        let text =
            Self.head + DeviationTests.audio
            + "a=rtpmap:4294967296 opus/48000\r\na=ssrc:4294967296 cname:x\r\n"
            + "a=extmap:99999999999999999999 urn:x\r\na=sctp-port:65536\r\n"
        let media = try SDPDescription(parsing: text).media[0]
        #expect(media.rtpMaps.isEmpty)
        #expect(media.ssrcs.isEmpty)
        #expect(media.extensionMaps.isEmpty)
        #expect(media.sctpPort == nil)
        #expect(try SDPDescription(parsing: text).write() == text)
    }

    @Test func emptyAndStrangeAttributesAreKept() throws {
        let text = Self.head + "a=\r\na=:\r\na=:x\r\na=x:\r\na=x::y:z\r\n"
        let description = try SDPDescription(parsing: text)
        #expect(
            description.attributes == [
                .init(""), .init("", ""), .init("", "x"), .init("x", ""), .init("x", ":y:z"),
            ]
        )
        #expect(description.write() == text)
    }

    /// Sixteen times what a line may hold: a step that looks at all that is left takes hours for it.
    @Test(.timeLimit(.minutes(1)))
    func sizesWithoutSpacesAreReadInOnePass() throws {
        let count = 80_000
        let value = "97 send " + String(repeating: "[x=1,y=1]", count: count)
        let attribute = try ImageAttribute(parsing: value)
        guard case .sizes(let sizes)? = attribute.sent else {
            Issue.record("no sizes")
            return
        }
        #expect(sizes.count == count)
    }
}
