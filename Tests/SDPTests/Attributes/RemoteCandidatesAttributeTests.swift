import SDP
import Testing
import Wire

@Suite("remote-candidates, RFC 8839 §5.2")
struct RemoteCandidatesAttributeTests {
    @Test func roundTrip() throws {
        let attribute = RemoteCandidatesAttribute([
            .init(component: 1, address: .init("192.0.2.3"), port: 45_664),
            .init(component: 2, address: .init("2001:db8::1"), port: 45_665),
        ])
        try expectRoundTrip("1 192.0.2.3 45664 2 2001:db8::1 45665", attribute)
        #expect(attribute.candidates[0].socketAddress == SocketAddress("192.0.2.3:45664"))
        try expectRoundTrip(
            "1 a.local 9",
            RemoteCandidatesAttribute([.init(component: 1, address: .name("a.local"), port: 9)])
        )
        var media = MediaDescription(kind: "audio")
        media.remoteCandidates = attribute
        #expect(media.remoteCandidates == attribute)
    }

    @Test(arguments: [
        Malformed("", at: 1, "a component from 1 to 256"),
        Malformed("0 a 9", at: 1, "a component from 1 to 256"),
        Malformed("1", at: 2, "an address"), Malformed("1 a", at: 4, "a port from 0 to 65535"),
        Malformed("1 a 65536", at: 5, "a port from 0 to 65535"),
        Malformed("1 a 9 2", at: 8, "an address"),
    ])
    func malformed(_ malformed: Malformed) {
        expectRefusal(RemoteCandidatesAttribute.self, malformed)
    }
}

@Suite("Attributes that have no value")
struct SDPFlagTests {
    @Test("every flag comes back and is set by its name", arguments: SDPFlag.allCases)
    func flags(flag: SDPFlag) throws {
        #expect(SDPFlag(flag.attribute) == flag)
        #expect(SDPFlag(SDPAttribute(flag.rawValue, "1")) == nil)
        var media = MediaDescription(kind: "audio")
        media.set(flag, to: true)
        #expect(media.has(flag) && media.attributes == [flag.attribute])
        try flag.attribute.check()
        #expect(throws: SDPError(.expected("no value"), line: 1, column: 1)) {
            try SDPAttribute(flag.rawValue, "").check()
        }
        media.set(flag, to: false)
        #expect(media.attributes.isEmpty)
    }

    @Test func namesOfSectionsMeanTheirFlags() {
        var media = MediaDescription(kind: "audio")
        media.isCryptex = true
        media.isICEMismatch = true
        #expect(media.attributes.map(\.name) == ["cryptex", "ice-mismatch"])
    }

    @Test func unknownNamesAreNoFlags() throws {
        #expect(SDPFlag(SDPAttribute("x")) == nil)
        try SDPAttribute("x").check()
        try SDPAttribute("x", "anything at all").check()
    }

    @Test(
        "an attribute is checked by its type",
        arguments: [
            ("rtpmap", "x", 1), ("fmtp", "96", 3), ("mid", "a b", 3), ("tls-id", "x", 1),
            ("content", "", 1), ("crypto", "1 x", 4), ("setup", "up", 1), ("sctp-init", "?", 1),
        ]
    )
    func check(name: String, value: String, column: Int) throws {
        let error = try #require(throws: SDPError.self) { try SDPAttribute(name, value).check() }
        #expect(error.column == column)
        #expect(throws: SDPError(.expected("a value"), line: 1, column: 1)) {
            try SDPAttribute(name).check()
        }
    }
}
