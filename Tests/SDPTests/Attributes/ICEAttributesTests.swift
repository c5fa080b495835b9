import SDP
import Testing

@Suite("ICE parameters, RFC 8839 §5.4 to §5.6")
struct ICEAttributesTests {
    static let ufrag: SDPError.Expectation = "4 to 256 letters, digits, + or /"
    static let pwd: SDPError.Expectation = "22 to 256 letters, digits, + or /"

    @Test func roundTrip() throws {
        try expectRoundTrip("a+/9", ICEUfragAttribute("a+/9"))
        let password = "abcdefghijklmnopqrstuv"
        try expectRoundTrip(password, ICEPwdAttribute(password))
        try expectRoundTrip("trickle ice2", ICEOptionsAttribute(["trickle", "ice2"]))
        try expectRoundTrip("50", ICEPacingAttribute(.milliseconds(50)))
    }

    @Test(arguments: [
        Malformed("", at: 1, ufrag),
        Malformed("abc", at: 1, ufrag),
        Malformed(String(repeating: "a", count: 257), at: 1, ufrag),
        Malformed("ab_d", at: 1, ufrag),
        Malformed("abcd efgh", at: 6, "nothing more"),
    ])
    func malformedFragment(_ malformed: Malformed) {
        expectRefusal(ICEUfragAttribute.self, malformed)
    }

    @Test(arguments: [
        Malformed("abcdefghijklmnopqrstu", at: 1, pwd),
        Malformed(String(repeating: "a", count: 257), at: 1, pwd),
        Malformed("abcdefghijklmnopqrstu\u{E9}", at: 1, pwd),
    ])
    func malformedPassword(_ malformed: Malformed) {
        expectRefusal(ICEPwdAttribute.self, malformed)
    }

    @Test(arguments: [
        Malformed("", at: 1, "milliseconds"), Malformed("x", at: 1, "milliseconds"),
        Malformed("99999999999", at: 1, "milliseconds"), Malformed("5 5", at: 3, "nothing more"),
    ])
    func malformedPacing(_ malformed: Malformed) {
        expectRefusal(ICEPacingAttribute.self, malformed)
    }

    @Test func optionsMayBeSeparatedByCommas() throws {
        #expect(try ICEOptionsAttribute(parsing: "ice2,trickle").options == ["ice2", "trickle"])
        expectRefusal(ICEOptionsAttribute.self, Malformed(" ,", at: 2, "an ICE option"))
    }

    @Test func pacingOfAnySizeDoesNotTrap() throws {
        #expect(try ICEPacingAttribute(parsing: "9999999999").milliseconds == .max)
        #expect(ICEPacingAttribute(.seconds(Int64.max)).milliseconds == .max)
        #expect(ICEPacingAttribute(.milliseconds(-5)).milliseconds == 0)
        #expect(ICEPacingAttribute(.microseconds(1_050_900)).milliseconds == 1_050)
    }
}
