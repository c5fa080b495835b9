import SDP
import Testing

@Suite("extmap, RFC 8285 §5")
struct ExtensionMapAttributeTests {
    @Test func roundTrip() throws {
        try expectRoundTrip(
            "1 urn:ietf:params:rtp-hdrext:ssrc-audio-level",
            ExtensionMapAttribute(id: 1, uri: ExtensionMapAttribute.audioLevelURI)
        )
        try expectRoundTrip(
            "4096/sendonly urn:x a b",
            ExtensionMapAttribute(
                id: 4_096,
                direction: .sendOnly,
                uri: "urn:x",
                extensionAttributes: "a b"
            )
        )
    }

    @Test(arguments: [
        Malformed("", at: 1, "an extension id"),
        Malformed("0 urn:x", at: 1, "an extension id"),
        Malformed("256 urn:x", at: 1, "an extension id"),
        Malformed("4352 urn:x", at: 1, "an extension id"),
        Malformed("4294967297 urn:x", at: 1, "an extension id"),
        Malformed("1/ urn:x", at: 4, "a direction"),
        Malformed("1/both urn:x", at: 3, "a direction"),
        Malformed("1", at: 2, "a URI"),
    ])
    func malformed(_ malformed: Malformed) {
        expectRefusal(ExtensionMapAttribute.self, malformed)
    }
}

extension ExtensionMapAttributeTests {
    @Test(
        "ids say which headers they fit",
        arguments: [
            (UInt16(1), true, true, false), (14, true, true, false), (15, false, true, false),
            (255, false, true, false), (4_096, false, false, true),
        ]
    )
    func ids(id: UInt16, fitsOneByte: Bool, fitsTwoBytes: Bool, isOpen: Bool) {
        let map = ExtensionMapAttribute(id: id, uri: ExtensionMapAttribute.midURI)
        #expect(map.fitsOneByteHeader == fitsOneByte)
        #expect(map.fitsTwoByteHeader == fitsTwoBytes)
        #expect(map.isToBeChosen == isOpen)
        #expect(!map.isEncrypted)
    }

    @Test func encryptedExtensionsNameTheRealOne() throws {
        let map = try ExtensionMapAttribute(
            parsing: "4/recvonly urn:ietf:params:rtp-hdrext:encrypt URI-gps-string"
        )
        #expect(map.isEncrypted && map.extensionAttributes == "URI-gps-string")
    }
}
