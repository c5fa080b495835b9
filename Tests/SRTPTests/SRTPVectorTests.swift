import SRTP
import Testing
import Wire

@Suite("SRTP vectors, RFC 3711 §4 and RFC 7714 §7")
struct SRTPVectorTests {
    struct Vector: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var profile: SRTPProtectionProfile
        var key: String
        var rtp: String
        var protectedRTP: String
        var rtcp: String
        var protectedRTCP: String
    }

    /// libsrtp's own reference packets (SSRC cafebabe, sequence number 0x1234), and one of ours.
    static let vectors = [
        Vector(
            testDescription: "AES128_CM_SHA1_80",
            profile: .aes128CMHMACSHA1_80,
            key: "e1f97a0d3e018be0d64fa32c06de4139 0ec675ad498afeebb6960b3aabe6",
            rtp: "800f1234decafbadcafebabeabababababababababababababababab",
            protectedRTP: "800f1234decafbadcafebabe4e55dc4ce79978d88ca4d215949d2402"
                + "b78d6acc99ea179b8dbb",
            rtcp: "81c8000bcafebabeabababababababababababababababab",
            protectedRTCP: "81c8000bcafebabe7128035be487b9bdbef89041f977a5a8"
                + "80000001993e08cd54d6c1230798"
        ),
        Vector(
            testDescription: "AEAD_AES_128_GCM",
            profile: .aeadAES128GCM,
            key: "000102030405060708090a0b0c0d0e0f a0a1a2a3a4a5a6a7a8a9aaab",
            rtp: "800f1234decafbadcafebabeabababababababababababababababab",
            protectedRTP: "800f1234decafbadcafebabec5002ede04cfdd2eb91159e0880aa06e"
                + "d2976826f796b201df3131a127e8a392",
            rtcp: "81c8000bcafebabeabababababababababababababababab",
            protectedRTCP: "81c8000bcafebabec98b8b5df0392a55852b6c21ac8e7025"
                + "c52c6fbea2b3b446ea31123ba88ce61e80000001"
        ),
        // Computed with independent code that agrees with the vector above and with RFC 7714 §16.1.1.
        Vector(
            testDescription: "AEAD_AES_256_GCM",
            profile: .aeadAES256GCM,
            key: "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f"
                + "a0a1a2a3a4a5a6a7a8a9aaab",
            rtp: "800f1234decafbadcafebabeabababababababababababababababab",
            protectedRTP: "800f1234decafbadcafebabe0af7f21e8a90bdad7a425c9c31ed4bb1"
                + "d90238917e7390a2793500e1681acaea",
            rtcp: "81c8000bcafebabeabababababababababababababababab",
            protectedRTCP: "81c8000bcafebabe8abfafa780070a90e80f9161cf4aac08"
                + "1ed93aaa53c15b0f3ed1a3b984167b0380000001"
        ),
    ]

    @Test(arguments: vectors)
    func protectsAsTheReferenceDoes(vector: Vector) throws {
        var sender = try SRTPSession(vector.profile, bothKeys: vector.key)
        let rtp = try #require(Hex.decode(vector.rtp))
        #expect(try sender.protecting(rtp) == Hex.decode(vector.protectedRTP))
        let rtcp = try #require(Hex.decode(vector.rtcp))
        #expect(try sender.protectingControl(rtcp) == Hex.decode(vector.protectedRTCP))
    }

    @Test(arguments: vectors)
    func opensWhatTheReferenceProtected(vector: Vector) throws {
        var receiver = try SRTPSession(vector.profile, bothKeys: vector.key)
        let rtp = try #require(Hex.decode(vector.protectedRTP))
        #expect(try receiver.unprotecting(rtp) == Hex.decode(vector.rtp))
        let rtcp = try #require(Hex.decode(vector.protectedRTCP))
        #expect(try receiver.unprotectingControl(rtcp) == Hex.decode(vector.rtcp))
    }

    /// A recorded call: what crossed the wire, and what the browser logged in the clear.
    @Test(arguments: ["srtp/chromium-to-peer.hex", "srtp/aiortc-to-peer.hex"])
    func opensARecordedCall(name: String) throws {
        let lines = HexFixture.lines(of: name)
        let key = try #require(lines.first?.first)
        var receiver = try SRTPSession(.aes128CMHMACSHA1_80, bothKeys: String(key))
        var (media, control) = (0, 0)
        for words in lines.dropFirst() {
            let packet = try #require(Hex.decode(words[1]))
            if words[0] == "rtcp" {
                let report = try receiver.unprotectingControl(packet)
                #expect(report.count == packet.count - 14)
                #expect((200...206).contains(report[1]))
                control += 1
            } else {
                #expect(try receiver.unprotecting(packet) == Hex.decode(words[2]))
                media += 1
            }
        }
        #expect(media == 40 && control == 6)
    }
}

extension SRTPSession {
    /// A session whose directions share `key`, so that it can open what it protected.
    init(_ profile: SRTPProtectionProfile, bothKeys key: String) throws {
        let bytes = Hex.decode(key) ?? []
        let (first, salt) = (bytes.prefix(profile.keyLength), bytes.dropFirst(profile.keyLength))
        let keys = try SRTPMasterKeys(
            exporterOutput: [UInt8](first + first + salt + salt),
            profile: profile,
            isClient: true
        )
        try self.init(profile: profile, keys: keys)
    }

    mutating func protecting(_ packet: [UInt8]) throws(SRTPError) -> [UInt8] {
        var room = packet + [UInt8](repeating: 0, count: profile.tagLength)
        var span = room.mutableSpan
        let length = try protect(&span, length: packet.count)
        return [UInt8](room[..<length])
    }

    mutating func unprotecting(_ packet: [UInt8]) throws(SRTPError) -> [UInt8] {
        var copy = packet
        var span = copy.mutableSpan
        let length = try unprotect(&span, length: packet.count)
        return [UInt8](copy[..<length])
    }

    mutating func protectingControl(_ packet: [UInt8]) throws(SRTPError) -> [UInt8] {
        var room = packet + [UInt8](repeating: 0, count: profile.controlOverhead)
        var span = room.mutableSpan
        let length = try protectControl(&span, length: packet.count)
        return [UInt8](room[..<length])
    }

    mutating func unprotectingControl(_ packet: [UInt8]) throws(SRTPError) -> [UInt8] {
        var copy = packet
        var span = copy.mutableSpan
        let length = try unprotectControl(&span, length: packet.count)
        return [UInt8](copy[..<length])
    }
}
