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
            #expect(
                kinds == [
                    .missingRTPMap(payloadType: 0), .missingRTPMap(payloadType: 111),
                    .missingMID(mediaIndex: 0),
                ]
            )
        }
    }

    @Test func aPlainProfileNeedsNoRTPMapForStaticPayloadTypes() throws {
        let text = Self.head + "m=audio 9 RTP/AVP 0 8 35 96\r\nc=IN IP4 0.0.0.0\r\n"
        let kinds = try SDPDescription(parsing: text, mode: .strict).deviations.map(\.kind)
        #expect(kinds == [.missingRTPMap(payloadType: 35), .missingRTPMap(payloadType: 96)])
    }

    @Test("an rtpmap counts for its own payload type only", arguments: ["130", "1301", "x", ""])
    func strangeMaps(type: String) throws {
        let text =
            Self.head + "m=audio 9 UDP/TLS/RTP/SAVPF 13\r\nc=IN IP4 0.0.0.0\r\n"
            + "a=mid:0\r\na=rtpmap:\(type) CN/8000\r\n"
        let kinds = try SDPDescription(parsing: text).deviations.map(\.kind)
        #expect(kinds == [.missingRTPMap(payloadType: 13)])
    }

    static let bundled =
        head + "a=group:BUNDLE 0\r\nm=audio 9 UDP/TLS/RTP/SAVPF 111\r\nc=IN IP4 0.0.0.0\r\n"
        + "a=mid:0\r\na=rtpmap:111 opus/48000/2\r\n"

    @Test func aBundledSectionWithoutTheMIDExtensionIsNoted() throws {
        let expected = SDPDescription.Deviation(.missingMIDExtension(mediaIndex: 0), line: 6)
        #expect(try SDPDescription(parsing: Self.bundled).deviations == [expected])
        #expect(try SDPDescription(parsing: Self.bundled, mode: .strict).deviations == [expected])
    }

    @Test(
        "the MID extension may be mapped by the section or the session, and is not always needed",
        arguments: [
            bundled + "a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid\r\n",
            bundled.replacing(
                "a=group",
                with: "a=extmap:3 urn:ietf:params:rtp-hdrext:sdes:mid\r\na=group"
            ),
            bundled.replacing("a=group:BUNDLE", with: "a=group:LS"),
            bundled.replacing("m=audio 9", with: "m=audio 0"),
        ]
    )
    func midExtension(text: String) throws {
        #expect(try SDPDescription(parsing: text).deviations.isEmpty)
    }

    @Test func theOldFormOfSCTPIsNotedAndUnderstood() throws {
        let text =
            Self.head + "m=application 9 DTLS/SCTP 5000\r\nc=IN IP4 0.0.0.0\r\na=mid:0\r\n"
            + "a=sctpmap:5000 webrtc-datachannel 256\r\n"
        let description = try SDPDescription(parsing: text, mode: .strict)
        #expect(description.deviations == [.init(.oldSCTPMap(mediaIndex: 0), line: 8)])
        #expect(description.media[0].sctpPort == nil)
        #expect(description.media[0].effectiveSCTPPort == 5_000)
    }

    @Test func staticPayloadTypesAreUnderstoodWithoutRTPMap() throws {
        let text = Self.head + Self.audio + "a=rtpmap:8 other/16000\r\n"
        let media = try SDPDescription(parsing: text).media[0]
        #expect(media.rtpMap(of: 0) == nil)
        #expect(
            media.effectiveRTPMap(of: 0)
                == RTPMapAttribute(payloadType: 0, encoding: "PCMU", clockRate: 8_000)
        )
        #expect(media.effectiveRTPMap(of: 8)?.encoding == "other")
        #expect(media.effectiveRTPMap(of: 96) == nil)
        let assigned = (0...UInt8.max).filter { RTPMapAttribute.assigned(to: $0) != nil }
        #expect(assigned == [0] + Array(3...18) + [25, 26, 28] + Array(31...34))
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
