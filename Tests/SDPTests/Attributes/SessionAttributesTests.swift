import SDP
import Testing

@Suite("mid, tls-id, msid-semantic and identity, RFC 5888, RFC 8842, RFC 8827")
struct SessionAttributesTests {
    static let id = "91bbf309c0990a6bec11e38ba2933cee"
    static let tlsID: SDPError.Expectation = "20 to 255 letters, digits, +, /, - or _"

    @Test func roundTrip() throws {
        try expectRoundTrip("audio", MIDAttribute("audio"))
        try expectRoundTrip("{1-a}", MIDAttribute("{1-a}"))
        try expectRoundTrip(Self.id, TLSIDAttribute(Self.id))
        try expectRoundTrip("aA0+/-_aA0+/-_aA0+/-_", TLSIDAttribute("aA0+/-_aA0+/-_aA0+/-_"))
        try expectRoundTrip(" WMS", MSIDSemanticAttribute())
        try expectRoundTrip(" WMS a b", MSIDSemanticAttribute(streamIDs: ["a", "b"]))
        try expectRoundTrip(" LS *", MSIDSemanticAttribute(semantic: "LS", streamIDs: ["*"]))
        try expectRoundTrip("YWJj", IdentityAttribute(assertion: "YWJj"))
        try expectRoundTrip(
            "YWI= b=c d",
            IdentityAttribute(assertion: "YWI=", extensions: ["b=c", "d"])
        )
    }

    @Test func theSpaceOfOldBrowsersNeedNotBeThere() throws {
        #expect(try MSIDSemanticAttribute(parsing: "WMS *").streamIDs == ["*"])
    }

    @Test(arguments: [
        Malformed("", at: 1, "a name without spaces"),
        Malformed("a b", at: 3, "nothing more"),
        Malformed("a:b", at: 2, "nothing more"),
        Malformed("é", at: 1, "a name without spaces"),
    ])
    func malformedMID(_ malformed: Malformed) { expectRefusal(MIDAttribute.self, malformed) }

    @Test(arguments: [
        Malformed("", at: 1, tlsID), Malformed("short", at: 1, tlsID),
        Malformed(String(repeating: "a", count: 256), at: 1, tlsID),
        Malformed("\(id)!", at: 1, tlsID), Malformed("\(id) x", at: 34, "nothing more"),
    ])
    func malformedTLSID(_ malformed: Malformed) { expectRefusal(TLSIDAttribute.self, malformed) }

    @Test(arguments: [Malformed("", at: 1, "WMS"), Malformed("  ", at: 1, "WMS")])
    func malformedSemantic(_ malformed: Malformed) {
        expectRefusal(MSIDSemanticAttribute.self, malformed)
    }

    static let assertion: SDPError.Expectation = "an assertion in base64"

    @Test(arguments: [
        Malformed("", at: 1, assertion), Malformed("YWJ", at: 1, assertion),
        Malformed("YWJ?", at: 1, assertion), Malformed("Y===", at: 1, assertion),
    ])
    func malformedIdentity(_ malformed: Malformed) {
        expectRefusal(IdentityAttribute.self, malformed)
    }

    @Test func sectionsHaveNamesForThem() {
        var description = SDPDescription()
        description.tlsID = Self.id
        description.msidSemantic = MSIDSemanticAttribute(streamIDs: ["s"])
        description.identity = IdentityAttribute(assertion: "YWJj")
        #expect(
            description.attributes.map(\.description) == [
                "tls-id:\(Self.id)", "msid-semantic: WMS s", "identity:YWJj",
            ]
        )
        #expect(description.tlsID == Self.id)
        #expect(description.msidSemantic?.streamIDs == ["s"])
        #expect(description.identity?.assertion == "YWJj")
        description.identity = nil
        #expect(!description.has("identity"))
    }
}
