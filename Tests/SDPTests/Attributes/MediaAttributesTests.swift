import SDP
import Testing

@Suite("ptime, maxptime, framerate and content, RFC 8866 §6, RFC 4796")
struct MediaAttributesTests {
    @Test func roundTrip() throws {
        try expectRoundTrip("20", PacketTimeAttribute(.milliseconds(20)))
        try expectRoundTrip("2.5", PacketTimeAttribute(.microseconds(2_500)))
        try expectRoundTrip("0.125", PacketTimeAttribute(.microseconds(125)))
        try expectRoundTrip("120", MaximumPacketTimeAttribute(.milliseconds(120)))
        try expectRoundTrip("29.97", FrameRateAttribute(29.97))
        try expectRoundTrip("0.5", FrameRateAttribute(0.5))
        try expectRoundTrip("1000000", FrameRateAttribute(1_000_000))
        try expectRoundTrip("slides", ContentAttribute([ContentAttribute.slides]))
        try expectRoundTrip("main,x-own", ContentAttribute([ContentAttribute.main, "x-own"]))
    }

    static let time: SDPError.Expectation = "a time in milliseconds"

    static let decimals = [
        "", "0", "0.0", "x", "-1", "+1", ".5", "5.", "1e3", "1.2.3", "18446744074", "0.0000000001",
    ]

    @Test("numbers that are no decimal number above 0 are refused", arguments: decimals)
    func malformedNumbers(text: String) {
        expectRefusal(PacketTimeAttribute.self, Malformed(text, at: 1, Self.time))
        expectRefusal(MaximumPacketTimeAttribute.self, Malformed(text, at: 1, Self.time))
        expectRefusal(FrameRateAttribute.self, Malformed(text, at: 1, "frames a second"))
    }

    @Test(arguments: [
        Malformed("1000000.5", at: 1, "frames a second"), Malformed("25 25", at: 4, "nothing more"),
    ])
    func malformedRate(_ malformed: Malformed) {
        expectRefusal(FrameRateAttribute.self, malformed)
    }

    @Test(arguments: [
        Malformed("", at: 1, "a kind of content"), Malformed("main,", at: 6, "a kind of content"),
        Malformed(",main", at: 1, "a kind of content"),
        Malformed("main slides", at: 6, "nothing more"),
    ])
    func malformedContent(_ malformed: Malformed) {
        expectRefusal(ContentAttribute.self, malformed)
    }

    @Test func timesThatCannotBeWrittenBecomeTheNearestThatCan() {
        #expect(PacketTimeAttribute(.zero).value == "0.000000001")
        #expect(PacketTimeAttribute(.seconds(-1)).value == "0.000000001")
        #expect(PacketTimeAttribute(.seconds(Int64.max)).value == "18446744073.709551615")
        #expect(FrameRateAttribute(.nan).value == "0.000000001")
        #expect(FrameRateAttribute(.infinity).value == "0.000000001")
        #expect(FrameRateAttribute(1e12).value == "1000000")
    }

    @Test func whatIsFinerThanABillionthIsCutOff() throws {
        #expect(try FrameRateAttribute(parsing: "1.0000000019").value == "1.000000001")
        #expect(try FrameRateAttribute(parsing: "25.000").value == "25")
    }

    @Test func sectionsHaveNamesForThem() {
        var media = MediaDescription(kind: "video")
        media.packetTime = .milliseconds(20)
        media.maximumPacketTime = .milliseconds(60)
        media.frameRate = 30
        media.content = ["main"]
        #expect(
            media.attributes.map(\.description) == [
                "ptime:20", "maxptime:60", "framerate:30", "content:main",
            ]
        )
        #expect(media.packetTime == .milliseconds(20))
        #expect(media.maximumPacketTime == .milliseconds(60))
        #expect(media.frameRate == 30)
        #expect(media.content == ["main"])
        media.content = []
        #expect(!media.has("content"))
    }
}

@Suite("b=, RFC 8866 §5.8 and RFC 3890")
struct BandwidthLimitTests {
    typealias Modifier = BandwidthLimit.Modifier

    @Test func kindsHaveTheirUnits() throws {
        #expect(try BandwidthLimit(parsing: "AS:30").bitsPerSecond == 30_000)
        #expect(try BandwidthLimit(parsing: "CT:1").bitsPerSecond == 1_000)
        #expect(try BandwidthLimit(parsing: "TIAS:30").bitsPerSecond == 30)
        #expect(try BandwidthLimit(parsing: "X-YZ:30").bitsPerSecond == nil)
        #expect(try BandwidthLimit(parsing: "AS:\(UInt64.max)").bitsPerSecond == nil)
        #expect(BandwidthLimit(.applicationSpecific, bitsPerSecond: 64_999).text == "AS:64")
        #expect(BandwidthLimit(.transportIndependent, bitsPerSecond: 64_999).text == "TIAS:64999")
    }

    @Test(arguments: ["AS", "CT", "TIAS", "RS", "RR", "X-YZ"])
    func kindsComeBack(text: String) throws {
        #expect(Modifier(text).text == text)
        #expect(try BandwidthLimit(parsing: "\(text):7").text == "\(text):7")
        #expect((Modifier(text) == .other(text)) == (text == "X-YZ"))
    }

    @Test(arguments: [
        ("", 1, "a bandwidth type"), ("AS", 3, "a bandwidth"), ("AS:x", 4, "a bandwidth"),
        ("AS:1 2", 6, "nothing more"),
    ])
    func malformed(text: String, column: Int, expectation: String) {
        let error = #expect(throws: SDPError.self) { try BandwidthLimit(parsing: text) }
        #expect(error?.description == "line 1, column \(column): expected \(expectation)")
    }

    @Test func theStrictestLimitOfAKindHolds() {
        var media = MediaDescription(kind: "video")
        media.bandwidths = [
            BandwidthLimit(kind: "AS", value: 30), BandwidthLimit(kind: "AS", value: 20),
            BandwidthLimit(kind: "TIAS", value: 5),
        ]
        #expect(media.bandwidth(.applicationSpecific) == 20_000)
        #expect(media.bandwidth(.transportIndependent) == 5)
        #expect(media.bandwidth(.conferenceTotal) == nil)
    }
}
