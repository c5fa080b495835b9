import SDP
import Testing

@Suite("rtcp-fb, RFC 4585 §4.2")
struct RTCPFeedbackAttributeTests {
    @Test func roundTrip() throws {
        try expectRoundTrip("96 nack", RTCPFeedbackAttribute(payloadType: 96, kind: "nack"))
        try expectRoundTrip(
            "* nack pli",
            RTCPFeedbackAttribute(payloadType: nil, kind: "nack", parameter: "pli")
        )
        try expectRoundTrip(
            "96 x-other a b",
            RTCPFeedbackAttribute(payloadType: 96, kind: "x-other", parameter: "a b")
        )
    }

    @Test(arguments: [
        Malformed("", at: 1, "a payload type or *"),
        Malformed("128 nack", at: 1, "a payload type or *"),
        Malformed("*nack", at: 1, "a payload type or *"),
        Malformed("96", at: 3, "a kind of feedback"),
    ])
    func malformed(_ malformed: Malformed) {
        expectRefusal(RTCPFeedbackAttribute.self, malformed)
    }

    @Test func feedbackForAllFormatsHoldsForEach() {
        let media = MediaDescription(
            kind: "video",
            attributes: [.init("rtcp-fb", "* nack"), .init("rtcp-fb", "97 ccm fir")]
        )
        #expect(media.rtcpFeedback(of: 96).map(\.kind) == ["nack"])
        #expect(media.rtcpFeedback(of: 97).map(\.kind) == ["nack", "ccm"])
    }
}
