import SDP
import Testing

@Suite("imageattr, RFC 6236 §3.1")
struct ImageAttributeTests {
    @Test func roundTrip() throws {
        try expectRoundTrip(
            "97 send [x=800,y=640,sar=1.1,q=0.6] [x=480,y=320] recv [x=330,y=250]",
            ImageAttribute(
                payloadType: 97,
                sent: .sizes([
                    .init(
                        width: .exactly(800),
                        height: .exactly(640),
                        parameters: [.init("sar", "1.1"), .init("q", "0.6")]
                    ),
                    .init(width: .exactly(480), height: .exactly(320)),
                ]),
                received: .sizes([.init(width: .exactly(330), height: .exactly(250))])
            )
        )
        try expectRoundTrip(
            "* send * recv [x=[48:1920],y=[48:8:1080],par=[1.2-1.3],q=1.0]",
            ImageAttribute(
                payloadType: nil,
                sent: .any,
                received: .sizes([
                    .init(
                        width: .range(from: 48, through: 1_920, step: nil),
                        height: .range(from: 48, through: 1_080, step: 8),
                        parameters: [.init("par", "[1.2-1.3]"), .init("q", "1.0")]
                    )
                ])
            )
        )
        try expectRoundTrip(
            "0 recv [x=[1,2,3],y=[4]]",
            ImageAttribute(
                payloadType: 0,
                received: .sizes([.init(width: .oneOf([1, 2, 3]), height: .oneOf([4]))])
            )
        )
    }

    @Test func theOrderOfDirectionsIsSendFirst() throws {
        let attribute = try ImageAttribute(parsing: "97 recv [x=1,y=2] send *")
        #expect(attribute.value == "97 send * recv [x=1,y=2]")
    }

    @Test("a size is liked as it says", arguments: [("", 0.5), (",q=0.8", 0.8), (",q=7", 0.5)])
    func preference(suffix: String, expected: Double) throws {
        let attribute = try ImageAttribute(parsing: "97 send [x=1,y=2\(suffix)]")
        guard case .sizes(let sizes)? = attribute.sent else {
            Issue.record("no sizes")
            return
        }
        #expect(sizes.map(\.preference) == [expected])
    }

    static let directions: SDPError.Expectation = "send or recv, each once"

    @Test(arguments: [
        Malformed("", at: 1, "a payload type or *"),
        Malformed("128 send *", at: 1, "a payload type or *"),
        Malformed("97", at: 3, "send or recv"), Malformed("97 both *", at: 4, directions),
        Malformed("97 send * send *", at: 11, directions), Malformed("97 send", at: 8, "[x="),
        Malformed("97 send [y=1,x=1]", at: 9, "[x="), Malformed("97 send [x=]", at: 12, "pixels"),
        Malformed("97 send [x=4294967296,y=1]", at: 12, "pixels"),
        Malformed("97 send [x=1]", at: 13, ",y="),
        Malformed("97 send [x=[1:],y=1]", at: 15, "pixels or a step"),
        Malformed("97 send [x=[1:2:],y=1]", at: 17, "pixels"),
        Malformed("97 send [x=[1-2],y=1]", at: 14, "]"),
        Malformed("97 send [x=1,y=1", at: 17, "]"),
        Malformed("97 send [x=1,y=1,=1]", at: 18, "a parameter's name"),
        Malformed("97 send [x=1,y=1,q]", at: 19, "="),
        Malformed("97 send [x=1,y=1,q=]", at: 20, "a number"),
        Malformed("97 send [x=1,y=1,q=[]]", at: 21, "numbers"),
        Malformed("97 send [x=1,y=1,q=[1]", at: 23, "]"),
    ])
    func malformed(_ malformed: Malformed) { expectRefusal(ImageAttribute.self, malformed) }

    @Test func sectionsHaveANameForIt() {
        var media = MediaDescription(kind: "video")
        media.imageAttributes = [ImageAttribute(payloadType: 97, sent: .any)]
        #expect(media.value(of: "imageattr") == "97 send *")
        #expect(media.imageAttributes.count == 1)
    }
}
