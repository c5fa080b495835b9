import SDP
import Testing

@Suite("Parameters of video codecs, RTX and RED")
struct CodecParametersTests {
    /// Expects that parameters are read and written the same.
    func expectSame<Parameters: SDPCodecParameters>(
        _: Parameters.Type,
        _ text: String,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> Parameters {
        let attribute = try FormatParametersAttribute(parsing: text)
        let parameters = try Parameters(attribute)
        #expect(parameters.attribute(payloadType: 96) == attribute, sourceLocation: sourceLocation)
        return parameters
    }

    @Test func vp8() throws {
        let vp8 = try expectSame(VP8Parameters.self, "96 max-fs=12288;max-fr=60;x=y")
        #expect(vp8.maximumFrameSize == 12_288 && vp8.maximumFrameRate == 60)
        #expect(vp8.others == [.init("x", "y")])
        #expect(vp8.isSameFormat(as: VP8Parameters()))
        #expect(VP8Parameters().attribute(payloadType: 96) == nil)
    }

    @Test func vp9() throws {
        let vp9 = try expectSame(VP9Parameters.self, "96 profile-id=2;max-fs=1;max-fr=2")
        #expect(vp9.profile == 2)
        #expect(!vp9.isSameFormat(as: VP9Parameters()))
        let zero = try expectSame(VP9Parameters.self, "96 profile-id=0")
        #expect(zero.isSameFormat(as: VP9Parameters()))
    }

    @Test func av1() throws {
        let av1 = try expectSame(AV1Parameters.self, "96 level-idx=5;profile=0;tier=0")
        #expect(av1.isSameFormat(as: AV1Parameters()))
        var other = av1
        other.levelIndex = 8
        #expect(av1.isSameFormat(as: other))
        other.tier = 1
        #expect(!av1.isSameFormat(as: other))
        other = av1
        other.profile = 1
        #expect(!av1.isSameFormat(as: other))
    }

    @Test func h265() throws {
        let h265 = try expectSame(
            H265Parameters.self,
            "96 level-id=156;profile-id=1;profile-space=0;tier-flag=0;tx-mode=SRST;sprop-vps=a"
        )
        #expect(h265.isSameFormat(as: H265Parameters()))
        var other = h265
        other.profile = 2
        #expect(!h265.isSameFormat(as: other))
        other = h265
        other.isHighTier = true
        #expect(!h265.isSameFormat(as: other))
        other = h265
        other.transmissionMode = "MRST"
        #expect(!h265.isSameFormat(as: other))
    }

    @Test func retransmissionAndRedundancy() throws {
        let rtx = try expectSame(RTXParameters.self, "96 apt=97;rtx-time=3000")
        #expect(rtx.associatedPayloadType == 97 && rtx.milliseconds == 3_000)
        #expect(RTXParameters(of: 97).attribute(payloadType: 98)?.value == "98 apt=97")
        let red = try expectSame(REDParameters.self, "96 111/111/0")
        #expect(red.payloadTypes == [111, 111, 0])
        #expect(REDParameters([]).attribute(payloadType: 96) == nil)
    }

    struct Bad: Sendable, CustomTestStringConvertible {
        var encoding: String
        var text: String
        var column: Int
        var expectation: SDPError.Expectation
        var testDescription: String { "\(encoding) \(text)" }

        init(_ encoding: String, _ text: String, at column: Int, _ expected: SDPError.Expectation) {
            self.encoding = encoding
            self.text = text
            self.column = column
            expectation = expected
        }
    }

    @Test(
        "malformed parameters are refused with their place",
        arguments: [
            Bad("VP8", "96 max-fr=0", at: 11, "a frame rate"),
            Bad("VP8", "96 max-fr=1;max-fs=x", at: 20, "macroblocks"),
            Bad("VP8", "96 max-fs", at: 4, "macroblocks"),
            Bad("VP9", "96 profile-id=4", at: 15, "a profile from 0 to 3"),
            Bad("AV1", "96 profile=3", at: 12, "a profile from 0 to 2"),
            Bad("AV1", "96 level-idx=32", at: 14, "a level from 0 to 31"),
            Bad("AV1", "96 tier=2", at: 9, "0 or 1"),
            Bad("H265", "96 profile-space=4", at: 18, "0 to 3"),
            Bad("H265", "96 profile-id=32", at: 15, "a profile from 0 to 31"),
            Bad("H265", "96 tier-flag=2", at: 14, "0 or 1"),
            Bad("H265", "96 level-id=256", at: 13, "a level from 0 to 255"),
            Bad("H265", "96 tx-mode=MIST", at: 12, "SRST, MRST or MRMT"),
            Bad("H264", "96 profile-level-id=42e01", at: 21, "six hexadecimal digits"),
            Bad("H264", "96 profile-level-id=42e01g", at: 21, "six hexadecimal digits"),
            Bad("H264", "96 packetization-mode=3", at: 23, "a mode from 0 to 2"),
            Bad("H264", "96 level-asymmetry-allowed=yes", at: 28, "0 or 1"),
            Bad("rtx", "96 rtx-time=1", at: 4, "apt="),
            Bad("rtx", "96 apt=128", at: 8, "a payload type"),
            Bad("red", "96 111/x", at: 4, "payload types with slashes"),
            Bad("red", "96 111//111", at: 4, "payload types with slashes"),
            Bad("red", "96 111;111", at: 4, "payload types with slashes"),
            Bad("red", "96 111=111", at: 4, "payload types with slashes"),
        ]
    )
    func malformed(_ bad: Bad) throws {
        let attribute = try FormatParametersAttribute(parsing: bad.text)
        let error = SDPError(.expected(bad.expectation), line: 1, column: bad.column)
        #expect(throws: error) { try CodecParameters(attribute, encoding: bad.encoding) }
    }

    @Test func theEncodingSaysWhatParametersMean() throws {
        var media = MediaDescription(kind: "video", formats: ["96", "97", "98", "0"])
        media.rtpMaps = [
            RTPMapAttribute(payloadType: 96, encoding: "vp9", clockRate: 90_000),
            RTPMapAttribute(payloadType: 97, encoding: "RTX", clockRate: 90_000),
            RTPMapAttribute(payloadType: 98, encoding: "x", clockRate: 90_000),
        ]
        media.formatParameters = try ["96 profile-id=2", "97 apt=96", "98 a=b", "0 c"].map {
            try FormatParametersAttribute(parsing: $0)
        }
        var vp9 = VP9Parameters()
        vp9.profile = 2
        #expect(media.codecParameters(of: 96) == .vp9(vp9))
        #expect(media.codecParameters(of: 97) == .rtx(RTXParameters(of: 96)))
        #expect(media.codecParameters(of: 98) == .other(media.formatParameters[2]))
        #expect(media.codecParameters(of: 0) == .other(media.formatParameters[3]))
        #expect(media.codecParameters(of: 99) == nil)
        media.formatParameters = [try FormatParametersAttribute(parsing: "97 apt=x")]
        #expect(media.codecParameters(of: 97) == nil)
    }

    @Test(
        "every encoding is known",
        arguments: [
            ("opus", "96 stereo=1"), ("H264", "96 packetization-mode=1"),
            ("h265", "96 level-id=93"),
            ("VP8", "96 max-fr=1"), ("VP9", "96 profile-id=1"), ("AV1", "96 tier=1"),
            ("red", "96 0/0"), ("rtx", "96 apt=1"),
        ]
    )
    func encodings(name: String, text: String) throws {
        let attribute = try FormatParametersAttribute(parsing: text)
        #expect(try CodecParameters(attribute, encoding: name) != .other(attribute))
    }
}
