import SDP
import Testing

@Suite("group, RFC 5888 §5")
struct GroupAttributeTests {
    @Test func roundTrip() throws {
        try expectRoundTrip("BUNDLE 0 1 a/b", GroupAttribute(mids: ["0", "1", "a/b"]))
        try expectRoundTrip("LS", GroupAttribute(semantics: "LS", mids: []))
    }

    @Test(arguments: [
        Malformed("", at: 1, "the group's semantics"),
        Malformed("   ", at: 1, "the group's semantics"),
    ])
    func malformed(_ malformed: Malformed) {
        expectRefusal(GroupAttribute.self, malformed)
    }
}
