import SDP
import Testing

@Suite("rid and simulcast, RFC 8851 §10, RFC 8853 §5.1")
struct SimulcastAttributeTests {
    @Test func ridRoundTrip() throws {
        try expectRoundTrip("1 send", RIDAttribute(id: "1", isSent: true))
        try expectRoundTrip(
            "hi recv pt=96,97;max-width=1280;depend=lo",
            RIDAttribute(
                id: "hi",
                isSent: false,
                formats: ["96", "97"],
                restrictions: [.init("max-width", "1280"), .init("depend", "lo")]
            )
        )
    }

    @Test func spacesBetweenTheFormatsOfARIDAreForgiven() throws {
        let rid = try RIDAttribute(parsing: "4 send pt=96: ,97 , 98;max-width=1")
        #expect(rid.formats == ["96:", "97", "98"])
        #expect(try RIDAttribute(parsing: rid.value) == rid)
    }

    @Test func simulcastRoundTrip() throws {
        try expectRoundTrip(
            "send 1,~4;2 recv c",
            SimulcastAttribute(
                sent: [[.init("1"), .init("4", isPaused: true)], [.init("2")]],
                received: [[.init("c")]]
            )
        )
        try expectRoundTrip("recv c", SimulcastAttribute(received: [[.init("c")]]))
    }

    @Test(arguments: [
        Malformed("", at: 1, "an encoding's id"), Malformed("1", at: 2, "send or recv"),
        Malformed("1 both", at: 3, "send or recv"),
    ])
    func malformedRID(_ malformed: Malformed) {
        expectRefusal(RIDAttribute.self, malformed)
    }

    @Test(arguments: [
        Malformed("", at: 1, "send or recv"),
        Malformed("send", at: 5, "a list of streams"),
        Malformed("send ;", at: 6, "a list of streams"),
        Malformed("send 1,", at: 6, "a list of streams"),
        Malformed("send ~", at: 6, "a list of streams"),
        Malformed("send rid=1", at: 6, "a list of streams"),
        Malformed("both 1", at: 1, "send or recv, each once"),
        Malformed("send 1 send 2", at: 8, "send or recv, each once"),
    ])
    func malformedSimulcast(_ malformed: Malformed) {
        expectRefusal(SimulcastAttribute.self, malformed)
    }
}
