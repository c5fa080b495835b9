import SDP
import Testing

@Suite("rtcp-xr, RFC 3611 §5.1")
struct RTCPExtendedReportsAttributeTests {
    @Test func roundTrip() throws {
        try expectRoundTrip(
            "rcvr-rtt=all",
            RTCPExtendedReportsAttribute([.receiverRoundTrip(mode: "all", maximumBytes: nil)])
        )
        try expectRoundTrip(
            "rcvr-rtt=sender:10000 stat-summary=loss,dup,jitt,TTL voip-metrics",
            RTCPExtendedReportsAttribute([
                .receiverRoundTrip(mode: "sender", maximumBytes: 10_000),
                .statistics(["loss", "dup", "jitt", "TTL"]), .voipMetrics,
            ])
        )
        try expectRoundTrip(
            "pkt-loss-rle=1 pkt-dup-rle pkt-rcpt-times=3 stat-summary x=1",
            RTCPExtendedReportsAttribute([
                .packetLoss(maximumBytes: 1), .duplicates(maximumBytes: nil),
                .receiptTimes(maximumBytes: 3), .statistics([]), .other("x=1"),
            ])
        )
        try expectRoundTrip("", RTCPExtendedReportsAttribute([]))
    }

    static let format: SDPError.Expectation = "a report format"

    @Test(arguments: [
        Malformed("=1", at: 1, format), Malformed("rcvr-rtt", at: 1, format),
        Malformed("rcvr-rtt=some", at: 1, format), Malformed("rcvr-rtt=all:", at: 1, format),
        Malformed("rcvr-rtt=all:1:2", at: 1, format),
        Malformed("voip-metrics pkt-loss-rle=x", at: 14, format),
        Malformed("voip-metrics=1", at: 1, format), Malformed("stat-summary=", at: 1, format),
    ])
    func malformed(_ malformed: Malformed) {
        expectRefusal(RTCPExtendedReportsAttribute.self, malformed)
    }

    @Test func sectionsHaveANameForIt() {
        var media = MediaDescription(kind: "video")
        media.rtcpExtendedReports = RTCPExtendedReportsAttribute([.voipMetrics])
        #expect(media.value(of: "rtcp-xr") == "voip-metrics")
        #expect(media.rtcpExtendedReports?.formats == [.voipMetrics])
    }
}
