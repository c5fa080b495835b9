import SDP
import Testing

@Suite("ssrc and ssrc-group, RFC 5576 §4")
struct SSRCAttributeTests {
    @Test func roundTrip() throws {
        try expectRoundTrip("4294967295 cname:a b:c", SSRCAttribute(ssrc: .max, cname: "a b:c"))
        try expectRoundTrip("1 flag", SSRCAttribute(ssrc: 1, fact: "flag"))
        try expectRoundTrip("FID 1 2", SSRCGroupAttribute(semantics: "FID", ssrcs: [1, 2]))
        try expectRoundTrip("SIM", SSRCGroupAttribute(semantics: "SIM", ssrcs: []))
    }

    @Test(arguments: [
        Malformed("", at: 1, "a synchronization source"),
        Malformed("4294967296 cname:a", at: 1, "a synchronization source"),
        Malformed("x cname:a", at: 1, "a synchronization source"),
        Malformed("1", at: 2, "a fact about the source"),
        Malformed("1 :a", at: 3, "a fact about the source"),
    ])
    func malformed(_ malformed: Malformed) {
        expectRefusal(SSRCAttribute.self, malformed)
    }

    @Test(arguments: [
        Malformed("", at: 1, "the group's semantics"),
        Malformed("FID 1 4294967296", at: 7, "a synchronization source"),
        Malformed("FID x", at: 5, "a synchronization source"),
    ])
    func malformedGroup(_ malformed: Malformed) {
        expectRefusal(SSRCGroupAttribute.self, malformed)
    }
}
