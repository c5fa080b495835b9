import SDP
import Testing

@Suite("sctpmap and sctp-init of drafts, and crypto, RFC 4568 §9.1")
struct SCTPAttributesTests {
    @Test func roundTrip() throws {
        try expectRoundTrip(
            "5000 webrtc-datachannel 1024",
            SCTPMapAttribute(port: 5_000, streams: 1_024)
        )
        try expectRoundTrip("5000 other", SCTPMapAttribute(port: 5_000, use: "other"))
        try expectRoundTrip("AQAAHg==", SCTPInitAttribute("AQAAHg=="))
        try expectRoundTrip(
            "1 AES_CM_128_HMAC_SHA1_80 inline:a+/b|2^20|1:32;inline:c UNENCRYPTED_SRTP",
            CryptoAttribute(
                tag: 1,
                suite: "AES_CM_128_HMAC_SHA1_80",
                keys: ["inline:a+/b|2^20|1:32", "inline:c"],
                parameters: ["UNENCRYPTED_SRTP"]
            )
        )
    }

    @Test(arguments: [
        Malformed("", at: 1, "a port from 0 to 65535"),
        Malformed("65536 webrtc-datachannel", at: 1, "a port from 0 to 65535"),
        Malformed("5000", at: 5, "what the association carries"),
        Malformed("5000 webrtc-datachannel x", at: 25, "a number of streams"),
        Malformed("5000 webrtc-datachannel 1 2", at: 27, "nothing more"),
    ])
    func malformedMap(_ malformed: Malformed) { expectRefusal(SCTPMapAttribute.self, malformed) }

    static let chunk: SDPError.Expectation = "an INIT chunk in base64"

    @Test(arguments: [
        Malformed("", at: 1, chunk), Malformed("AQA", at: 1, chunk),
        Malformed("AQ-_", at: 1, chunk), Malformed("AQA= AQA=", at: 6, "nothing more"),
    ])
    func malformedInit(_ malformed: Malformed) { expectRefusal(SCTPInitAttribute.self, malformed) }

    static let tag: SDPError.Expectation = "a tag of up to nine digits"
    static let keys: SDPError.Expectation = "keys with their method"

    @Test(arguments: [
        Malformed("", at: 1, tag), Malformed("1000000000 a inline:b", at: 1, tag),
        Malformed("1", at: 2, "a crypto suite"), Malformed("1 A", at: 4, keys),
        Malformed("1 A inline", at: 5, keys), Malformed("1 A inline:", at: 5, keys),
        Malformed("1 A :b", at: 5, keys), Malformed("1 A inline:b;", at: 5, keys),
    ])
    func malformedCrypto(_ malformed: Malformed) { expectRefusal(CryptoAttribute.self, malformed) }

    @Test func sectionsHaveNamesForThem() {
        var media = MediaDescription(kind: "application")
        media.sctpMaps = [SCTPMapAttribute(port: 5_000)]
        media.append(CryptoAttribute(tag: 1, suite: "S", keys: ["inline:x"]))
        #expect(media.sctpMaps.first?.use == SCTPMapAttribute.dataChannel)
        #expect(media.effectiveSCTPPort == 5_000)
        media.sctpPort = 5_001
        #expect(media.effectiveSCTPPort == 5_001)
        #expect(media.cryptos.map(\.suite) == ["S"])
    }
}
