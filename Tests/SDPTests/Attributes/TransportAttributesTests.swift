import SDP
import Testing

@Suite("msid, rtcp, sctp-port and max-message-size, RFC 8830, RFC 3605, RFC 8841")
struct TransportAttributesTests {
    static let port: SDPError.Expectation = "a port from 0 to 65535"

    @Test func roundTrip() throws {
        try expectRoundTrip("s t", MSIDAttribute(streamID: "s", trackID: "t"))
        try expectRoundTrip("-", MSIDAttribute())
        try expectRoundTrip("9", RTCPAttribute(port: 9))
        try expectRoundTrip(
            "53020 IN IP6 2001:db8::1",
            RTCPAttribute(
                port: 53_020,
                connection: ConnectionInformation(addressType: "IP6", address: "2001:db8::1")
            )
        )
        try expectRoundTrip("5000", SCTPPortAttribute(5_000))
        try expectRoundTrip("\(UInt64.max)", MaximumMessageSizeAttribute(.max))
    }

    @Test(arguments: [
        Malformed("", at: 1, "a stream id"), Malformed("a b c", at: 5, "nothing more"),
    ])
    func malformedMSID(_ malformed: Malformed) {
        expectRefusal(MSIDAttribute.self, malformed)
    }

    @Test(arguments: [
        Malformed("", at: 1, port), Malformed("65536", at: 1, port),
        Malformed("9 IN", at: 5, "an address type"), Malformed("9 IN IP4", at: 9, "an address"),
        Malformed("9 IN IP4 0.0.0.0 x", at: 18, "nothing more"),
    ])
    func malformedRTCP(_ malformed: Malformed) {
        expectRefusal(RTCPAttribute.self, malformed)
    }

    @Test(arguments: [
        Malformed("", at: 1, port), Malformed("65536", at: 1, port),
        Malformed("1 2", at: 3, "nothing more"),
    ])
    func malformedSCTPPort(_ malformed: Malformed) {
        expectRefusal(SCTPPortAttribute.self, malformed)
    }

    @Test(arguments: [
        Malformed("", at: 1, "a number of bytes"),
        Malformed("18446744073709551616", at: 1, "a number of bytes"),
    ])
    func malformedSize(_ malformed: Malformed) {
        expectRefusal(MaximumMessageSizeAttribute.self, malformed)
    }
}
