import SDP
import Testing

@Suite("fmtp, RFC 8866 §6.15")
struct FormatParametersAttributeTests {
    @Test func roundTrip() throws {
        try expectRoundTrip(
            "111 minptime=10;useinbandfec=1",
            FormatParametersAttribute(
                payloadType: 111,
                parameters: [.init("minptime", "10"), .init("useinbandfec", "1")]
            )
        )
        try expectRoundTrip(
            "101 0-16",
            FormatParametersAttribute(payloadType: 101, parameters: [.init("0-16")])
        )
        try expectRoundTrip(
            "* a=b=c",
            FormatParametersAttribute(format: "*", parameters: [.init("a", "b=c")])
        )
    }

    @Test(arguments: [
        Malformed("", at: 1, "a format"),
        Malformed("111", at: 4, "format parameters"),
        Malformed("111  ", at: 4, "format parameters"),
        Malformed("111 ;;", at: 5, "format parameters"),
        Malformed("111 =1", at: 5, "format parameters"),
    ])
    func malformed(_ malformed: Malformed) {
        expectRefusal(FormatParametersAttribute.self, malformed)
    }

    @Test func separatorsMayHaveSpacesAroundThem() throws {
        let attribute = try FormatParametersAttribute(
            parsing: "96 profile-level-id=42e01f; packetization-mode = 1 ;; x;"
        )
        #expect(attribute["Packetization-Mode"] == "1")
        #expect(attribute.value == "96 profile-level-id=42e01f;packetization-mode=1;x")
    }

    @Test func parametersAreReplacedInPlace() throws {
        var attribute = try FormatParametersAttribute(parsing: "96 a=1;b=2;A=3")
        attribute["a"] = "4"
        attribute["c"] = "5"
        attribute["B"] = nil
        #expect(attribute.value == "96 a=4;c=5")
        #expect(attribute.payloadType == 96)
    }
}
