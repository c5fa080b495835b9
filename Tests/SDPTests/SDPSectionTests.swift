import SDP
import Testing
import Wire

@Suite("Attributes of a section")
struct SDPSectionTests {
    static let fingerprint = FingerprintAttribute(bytes: [UInt8](repeating: 1, count: 32))

    @Test func valuesAreFoundByName() {
        let media = MediaDescription(
            kind: "audio",
            attributes: [.init("x", "1"), .init("flag"), .init("x", "2")]
        )
        #expect(media.value(of: "x") == "1")
        #expect(media.values(of: "x") == ["1", "2"])
        #expect(media.has("flag"))
        #expect(media.value(of: "flag") == nil)
        #expect(!media.has("X"))
    }

    @Test func aReplacementTakesThePlaceOfTheFirst() {
        var media = MediaDescription(kind: "audio")
        media.append("a", "1")
        media.append("mid", "0")
        media.append("b", "2")
        media.append("mid", "1")
        media.mid = "2"
        #expect(media.attributes.map(\.description) == ["a:1", "mid:2", "b:2"])
        media.mid = nil
        #expect(media.attributes.map(\.description) == ["a:1", "b:2"])
    }

    @Test func flagsAreSetOnce() {
        var media = MediaDescription(kind: "audio")
        media.isRTCPMux = true
        media.isRTCPMux = true
        #expect(media.attributes == [.init("rtcp-mux")])
        media.isRTCPMux = false
        #expect(media.attributes.isEmpty)
    }

    @Test func theDirectionHasADefault() {
        var media = MediaDescription(kind: "audio")
        #expect(media.direction == .sendReceive)
        #expect(media.statedDirection == nil)
        media.direction = .inactive
        media.direction = .sendOnly
        #expect(media.attributes == [.init("sendonly")])
    }

    @Test func malformedAttributesAreSkipped() {
        let media = MediaDescription(
            kind: "audio",
            attributes: [.init("rtpmap", "x"), .init("rtpmap", "0 PCMU/8000"), .init("rtpmap")]
        )
        #expect(media.rtpMaps.map(\.encoding) == ["PCMU"])
        #expect(media.first(RTPMapAttribute.self)?.payloadType == 0)
    }

    @Test func sessionAttributesHoldWhereTheSectionSaysNothing() {
        var description = SDPDescription(connection: ConnectionInformation(.loopback4))
        description.fingerprints = [Self.fingerprint]
        description.setup = .actpass
        description.iceUfrag = "abcd"
        description.icePwd = "1234567890123456789012"
        description.iceOptions = ["trickle"]
        description.statedDirection = .receiveOnly
        description.isExtmapAllowMixed = true
        description.extensionMaps = [.init(id: 1, uri: "urn:a"), .init(id: 2, uri: "urn:b")]
        let plain = MediaDescription(kind: "audio", connection: nil)
        #expect(description.fingerprints(for: plain) == [Self.fingerprint])
        #expect(description.setup(for: plain) == .actpass)
        #expect(description.iceUfrag(for: plain) == "abcd")
        #expect(description.icePwd(for: plain) == "1234567890123456789012")
        #expect(description.iceOptions(for: plain) == ["trickle"])
        #expect(description.direction(for: plain) == .receiveOnly)
        #expect(description.connection(for: plain) == ConnectionInformation(.loopback4))
        #expect(description.isExtmapAllowMixed(for: plain))
        #expect(description.extensionMaps(for: plain).map(\.uri) == ["urn:a", "urn:b"])
    }

    @Test func theSectionsOwnAttributesGoFirst() {
        var description = SDPDescription()
        description.fingerprints = [Self.fingerprint]
        description.setup = .actpass
        description.iceUfrag = "abcd"
        description.iceOptions = ["trickle", "ice2"]
        description.statedDirection = .receiveOnly
        description.extensionMaps = [.init(id: 1, uri: "urn:a"), .init(id: 2, uri: "urn:b")]
        var own = MediaDescription(kind: "audio")
        own.fingerprints = [.init(hashFunction: "sha-1", bytes: [UInt8](repeating: 2, count: 20))]
        own.setup = .passive
        own.iceUfrag = "efgh"
        own.iceOptions = ["renomination", "ice2"]
        own.direction = .inactive
        own.extensionMaps = [.init(id: 1, uri: "urn:c")]
        #expect(description.fingerprints(for: own).map(\.hashFunction) == ["sha-1"])
        #expect(description.setup(for: own) == .passive)
        #expect(description.iceUfrag(for: own) == "efgh")
        #expect(description.iceOptions(for: own) == ["trickle", "ice2", "renomination"])
        #expect(description.direction(for: own) == .inactive)
        #expect(description.extensionMaps(for: own).map(\.uri) == ["urn:c", "urn:b"])
    }

    @Test func sessionAttributesHaveNames() throws {
        let offer = try SDPDescription(parsing: Fixtures.text("chrome_offer.sdp"))
        #expect(offer.bundledMIDs == ["0", "1", "2"])
        #expect(offer.isExtmapAllowMixed)
        #expect(!offer.isICELite)
        #expect(offer.media(withMID: "1")?.kind == "video")
        let audio = try #require(offer.media(withMID: "0"))
        #expect(audio.setup == .actpass)
        #expect(audio.isRTCPMux && audio.isRTCPReducedSize)
        #expect(audio.rtpMap(of: 111)?.encoding == "opus")
        #expect(audio.formatParameters(of: 111)?["useinbandfec"] == "1")
        #expect(audio.rtcpFeedback(of: 111).map(\.kind) == ["transport-cc"])
        let data = try #require(offer.media(withMID: "2"))
        #expect(data.sctpPort == 5_000)
        #expect(data.maximumMessageSize == 262_144)
        #expect(data.formats == ["webrtc-datachannel"])
    }
}
