import SDP
import Testing

@Suite("Deviations from RFC 8866")
struct DeviationTests {
    typealias Kind = SDPDescription.Deviation.Kind

    static let head = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\n"
    static let audio = "m=audio 9 RTP/AVP 0\r\nc=IN IP4 0.0.0.0\r\n"

    struct Strayed: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var text: String
        var deviations: [SDPDescription.Deviation]

        init(_ name: String, _ text: String, _ deviations: SDPDescription.Deviation...) {
            testDescription = name
            self.text = text
            self.deviations = deviations
        }
    }

    static let grammar = [
        Strayed(
            "version 1 of an offerer",
            "v=1\r\n" + head.dropFirst(4),
            .init(.version(1), line: 1, column: 3)
        ),
        Strayed(
            "version 2 of an answerer",
            "v=2\r\n" + head.dropFirst(4),
            .init(.version(2), line: 1, column: 3)
        ),
        Strayed(
            "version that is no number",
            "v=x\r\n" + head.dropFirst(4),
            .init(.malformedLine("v"), line: 1, column: 3)
        ),
        Strayed("no version", String(head.dropFirst(4)), .init(.missingLine("v"), line: 3)),
        Strayed(
            "no origin and no name",
            "v=0\r\nt=0 0\r\n",
            .init(.missingLine("o"), line: 2),
            .init(.missingLine("s"), line: 2)
        ),
        Strayed(
            "no time",
            "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\n" + audio,
            .init(.missingLine("t"), line: 4)
        ),
        Strayed(
            "no connection",
            head + "m=audio 9 RTP/AVP 0\r\na=sendrecv\r\n",
            .init(.missingLine("c"), line: 5)
        ),
        Strayed(
            "attribute before time",
            "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\na=x\r\nt=0 0\r\n",
            .init(.misplacedLine("t"), line: 5)
        ),
        Strayed("two names", head + "s=again\r\n", .init(.repeatedLine("s"), line: 5)),
        Strayed(
            "a session's line in a media section",
            head + audio + "t=0 0\r\n",
            .init(.misplacedLine("t"), line: 7)
        ),
        Strayed("unknown line", head + "f=invalid:yes\r\n", .init(.unknownLine("f"), line: 5)),
        Strayed("no line at all", head + "hello\r\n", .init(.notALine, line: 5)),
        Strayed("blank line", head + "\r\n" + audio, .init(.blankLine, line: 5)),
        Strayed(
            "LF alone",
            head.replacing("\r\n", with: "\n"),
            .init(.bareLineFeed, line: 1, column: 4)
        ),
        Strayed(
            "last line without end",
            String(head.dropLast()),
            .init(.missingFinalLineBreak, line: 4, column: 6)
        ),
        Strayed(
            "spaces before the end of a line",
            head + "m=audio 9 RTP/AVP 0  \r\nc=IN IP4 0.0.0.0\r\n",
            .init(.trailingSpace, line: 5, column: 20)
        ),
        Strayed("NUL", head + "a=x\0y\r\n", .init(.forbiddenByte, line: 5)),
        Strayed("CR in a line", head + "a=x\ry\r\n", .init(.forbiddenByte, line: 5)),
        Strayed(
            "origin with a field missing",
            head.replacing(" IP4 127.0.0.1", with: ""),
            .init(.malformedLine("o"), line: 2, column: 11)
        ),
        Strayed(
            "media section without format",
            head + "m=audio 9 RTP/AVP\r\nc=IN IP4 0.0.0.0\r\n",
            .init(.malformedLine("m"), line: 5, column: 18)
        ),
        Strayed(
            "bandwidth that is no number",
            head + audio + "b=AS:many\r\n",
            .init(.malformedLine("b"), line: 7, column: 6)
        ),
        Strayed(
            "time that is no number",
            head.replacing("t=0 0", with: "t=0 never"),
            .init(.malformedLine("t"), line: 4, column: 5)
        ),
        Strayed(
            "connection without address",
            head + "m=audio 9 RTP/AVP 0\r\nc=IN IP4\r\n",
            .init(.malformedLine("c"), line: 6, column: 9),
            .init(.missingLine("c"), line: 5)
        ),
    ]

    @Test("is understood, and noted with its place", arguments: grammar)
    func tolerant(_ strayed: Strayed) throws {
        let description = try SDPDescription(parsing: strayed.text)
        #expect(description.deviations == strayed.deviations)
    }

    @Test("is refused in strict mode", arguments: grammar)
    func strict(_ strayed: Strayed) throws {
        let error = try #require(throws: SDPError.self) {
            try SDPDescription(parsing: strayed.text, mode: .strict)
        }
        #expect(error.line == strayed.deviations[0].line)
        #expect(error.description.contains("expected "))
    }

    @Test("what WebRTC asks for beyond the grammar is noted in both modes")
    func webRTC() throws {
        let text = Self.head + "m=audio 9 UDP/TLS/RTP/SAVPF 0 111\r\nc=IN IP4 0.0.0.0\r\n"
        for mode in [SDPDescription.Mode.tolerant, .strict] {
            let kinds = try SDPDescription(parsing: text, mode: mode).deviations.map(\.kind)
            #expect(kinds == [.missingRTPMap(payloadType: 111), .missingMID(mediaIndex: 0)])
        }
    }

    @Test func oddLinesAreWrittenWhereTheyWere() throws {
        let text =
            Self.head + "a=one\r\nf=x\r\nhello\r\na=two\r\n" + Self.audio
            + "a=three\r\nk=clear:1\r\n"
        #expect(try SDPDescription(parsing: text).write() == text)
    }

    @Test func spacesAroundFieldsAreForgivenOnlyInTolerantMode() throws {
        let text = Self.head + "m=audio  9 RTP/AVP  0\r\nc=IN IP4 0.0.0.0\r\n"
        #expect(try SDPDescription(parsing: text).media[0].formats == ["0"])
        #expect(throws: SDPError.self) { try SDPDescription(parsing: text, mode: .strict) }
    }

    @Test func aUserNameWithSpacesIsUnderstood() throws {
        let text = Self.head.replacing("o=- ", with: "o=John Q. Public ")
        let origin = try SDPDescription(parsing: text).origin
        #expect(origin.username == "John Q. Public")
        #expect(origin.sessionID == "1")
    }

    @Test func everyDeviationHasASentence() throws {
        for strayed in Self.grammar {
            for deviation in try SDPDescription(parsing: strayed.text).deviations {
                #expect(deviation.description.hasPrefix("line \(deviation.line), column "))
            }
        }
    }
}
