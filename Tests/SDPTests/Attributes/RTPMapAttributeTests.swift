import SDP
import Testing

@Suite("rtpmap, RFC 8866 §6.6")
struct RTPMapAttributeTests {
    @Test func roundTrip() throws {
        try expectRoundTrip(
            "111 opus/48000/2",
            RTPMapAttribute(payloadType: 111, encoding: "opus", clockRate: 48_000, channels: 2)
        )
        try expectRoundTrip(
            "0 PCMU/8000",
            RTPMapAttribute(payloadType: 0, encoding: "PCMU", clockRate: 8_000)
        )
    }

    @Test(arguments: [
        Malformed("", at: 1, "a payload type from 0 to 127"),
        Malformed("x PCMU/8000", at: 1, "a payload type from 0 to 127"),
        Malformed("128 PCMU/8000", at: 1, "a payload type from 0 to 127"),
        Malformed("4294967296 PCMU/8000", at: 1, "a payload type from 0 to 127"),
        Malformed("-1 PCMU/8000", at: 1, "a payload type from 0 to 127"),
        Malformed("96", at: 3, "an encoding name"),
        Malformed("96 /8000", at: 4, "an encoding name"),
        Malformed("96 VP8", at: 7, "a clock rate"),
        Malformed("96 VP8/", at: 8, "a clock rate"),
        Malformed("96 VP8/0", at: 8, "a clock rate"),
        Malformed("96 VP8/4294967296", at: 8, "a clock rate"),
        Malformed("96 VP8/90000/x", at: 14, "a number of channels"),
        Malformed("96 VP8/90000/0", at: 14, "a number of channels"),
        Malformed("96 VP8/90000 x", at: 14, "nothing more"),
    ])
    func malformed(_ malformed: Malformed) {
        expectRefusal(RTPMapAttribute.self, malformed)
    }

    @Test func formatsAreComparedAsOfferAndAnswerDo() throws {
        let opus = try RTPMapAttribute(parsing: "111 opus/48000/2")
        #expect(opus.isSameFormat(as: try RTPMapAttribute(parsing: "96 OPUS/48000/2")))
        #expect(!opus.isSameFormat(as: try RTPMapAttribute(parsing: "96 opus/48000")))
        let mono = try RTPMapAttribute(parsing: "0 PCMU/8000")
        #expect(mono.isSameFormat(as: try RTPMapAttribute(parsing: "0 pcmu/8000/1")))
        #expect(!mono.isSameFormat(as: try RTPMapAttribute(parsing: "0 PCMU/16000")))
    }
}
