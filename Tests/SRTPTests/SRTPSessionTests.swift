import SRTP
import Testing
import Wire

@Suite("SRTP sessions, RFC 3711 §3")
struct SRTPSessionTests {
    /// The two ends of one transport, from one exporter output.
    struct Ends: ~Copyable {
        var client: SRTPSession
        var server: SRTPSession

        init(_ profile: SRTPProtectionProfile) throws {
            let material = (0..<2 * (profile.keyLength + profile.saltLength)).map { UInt8($0) }
            func keys(isClient: Bool) throws -> SRTPMasterKeys {
                try SRTPMasterKeys(exporterOutput: material, profile: profile, isClient: isClient)
            }
            let client = try SRTPSession(profile: profile, keys: keys(isClient: true))
            let server = try SRTPSession(profile: profile, keys: keys(isClient: false))
            self.client = client
            self.server = server
        }
    }

    static func rtp(_ sequence: Int, ssrc: UInt32 = 0x1234_5678, size: Int = 160) -> [UInt8] {
        [0x80, 0x6F, UInt8(sequence >> 8 & 0xFF), UInt8(sequence & 0xFF)]
            + bigEndian(UInt32(truncatingIfNeeded: sequence &* 960)) + bigEndian(ssrc)
            + [UInt8](repeating: 0xA5, count: size)
    }

    static func rtcp(ssrc: UInt32 = 0x1234_5678) -> [UInt8] {
        [0x80, 200, 0, 6] + bigEndian(ssrc) + [UInt8](repeating: 0x5A, count: 20)
    }

    static func bigEndian(_ value: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }

    @Test(arguments: SRTPProtectionProfile.all)
    func everyProfileGoesThereAndBack(profile: SRTPProtectionProfile) throws {
        var ends = try Ends(profile)
        for sequence in 0..<20 {
            let packet = Self.rtp(sequence)
            let sealed = try ends.client.protecting(packet)
            #expect(sealed.count == packet.count + profile.tagLength)
            #expect(sealed[12...].prefix(160) != packet[12...].prefix(160))
            #expect(try ends.server.unprotecting(sealed) == packet)
            let back = try ends.server.protecting(packet)
            #expect(back != sealed)
            #expect(try ends.client.unprotecting(back) == packet)
            let report = try ends.client.protectingControl(Self.rtcp())
            #expect(report.count == 28 + profile.controlOverhead)
            #expect(try ends.server.unprotectingControl(report) == Self.rtcp())
        }
    }

    @Test(arguments: SRTPProtectionProfile.all)
    func aReplayIsRefused(profile: SRTPProtectionProfile) throws {
        var ends = try Ends(profile)
        let sealed = try ends.client.protecting(Self.rtp(7))
        _ = try ends.server.unprotecting(sealed)
        #expect(throws: SRTPError.replayed) { try ends.server.unprotecting(sealed) }
        let report = try ends.client.protectingControl(Self.rtcp())
        _ = try ends.server.unprotectingControl(report)
        #expect(throws: SRTPError.replayed) { try ends.server.unprotectingControl(report) }
    }

    @Test func aPacketOlderThanTheWindowIsRefused() throws {
        var ends = try Ends(.aeadAES128GCM)
        let sealed = try (0..<1_200).map { try ends.client.protecting(Self.rtp($0)) }
        _ = try ends.server.unprotecting(sealed[1_199])
        #expect(throws: SRTPError.tooOld) { try ends.server.unprotecting(sealed[0]) }
        #expect(try ends.server.unprotecting(sealed[200]) == Self.rtp(200))
    }

    @Test(arguments: SRTPProtectionProfile.all)
    func aChangeOfAnyByteIsNoticed(profile: SRTPProtectionProfile) throws {
        var ends = try Ends(profile)
        let sealed = try ends.client.protecting(Self.rtp(1, size: 20))
        let report = try ends.client.protectingControl(Self.rtcp())
        for index in sealed.indices {
            var forged = sealed
            forged[index] ^= 0x01
            #expect(throws: SRTPError.self) { try ends.server.unprotecting(forged) }
        }
        for index in report.indices {
            var forged = report
            forged[index] ^= 0x01
            #expect(throws: SRTPError.self) { try ends.server.unprotectingControl(forged) }
        }
        // No forgery moved the replay window or left a stream behind.
        #expect(try ends.server.unprotecting(sealed) == Self.rtp(1, size: 20))
        #expect(try ends.server.unprotectingControl(report) == Self.rtcp())
    }

    @Test func otherKeysDoNotOpenIt() throws {
        var ends = try Ends(.aeadAES128GCM)
        let sealed = try ends.client.protecting(Self.rtp(1))
        #expect(throws: SRTPError.authenticationFailed) { try ends.client.unprotecting(sealed) }
    }

    @Test(arguments: SRTPProtectionProfile.all)
    func truncationsTrapNowhere(profile: SRTPProtectionProfile) throws {
        var ends = try Ends(profile)
        let sealed = try ends.client.protecting(Self.rtp(1, size: 20))
        let report = try ends.client.protectingControl(Self.rtcp())
        for length in sealed.indices {
            let part = [UInt8](sealed[..<length])
            #expect(throws: SRTPError.self) { try ends.server.unprotecting(part) }
        }
        for length in report.indices {
            let part = [UInt8](report[..<length])
            #expect(throws: SRTPError.self) { try ends.server.unprotectingControl(part) }
        }
    }

    @Test func noiseTrapsNowhere() throws {
        var ends = try Ends(.aeadAES128GCM)
        var entropy = Entropy.seed(1)
        for length in 0..<400 {
            // A header that promises sources and extensions that are not there.
            let noise = [0x9F, UInt8(length & 0xFF)] + entropy.bytes(length)
            #expect(throws: SRTPError.self) { try ends.server.unprotecting(noise) }
            #expect(throws: SRTPError.self) { try ends.server.unprotectingControl(noise) }
            _ = try? ends.client.protecting(noise)
            _ = try? ends.client.protectingControl(noise)
        }
    }

    @Test(arguments: SRTPProtectionProfile.all)
    func theRolloverCounterFollowsTheWrap(profile: SRTPProtectionProfile) throws {
        var ends = try Ends(profile)
        // RFC 3711 §3.3.1: the index has 48 bits, the packet shows 16 of them.
        var held: [UInt8]?
        for sequence in 65_530..<65_545 {
            let sealed = try ends.client.protecting(Self.rtp(sequence))
            if sequence == 65_535 {
                held = sealed
            } else {
                #expect(try ends.server.unprotecting(sealed) == Self.rtp(sequence))
            }
        }
        // The last packet before the wrap arrives after it.
        let late = try #require(held)
        #expect(try ends.server.unprotecting(late) == Self.rtp(65_535))
    }

    @Test func aSequenceNumberIsNeverUsedTwice() throws {
        var ends = try Ends(.aeadAES128GCM)
        _ = try ends.client.protecting(Self.rtp(5))
        #expect(throws: SRTPError.replayed) { try ends.client.protecting(Self.rtp(5, size: 9)) }
    }

    @Test func streamsAppearWithTheirFirstPacket() throws {
        var ends = try Ends(.aeadAES128GCM)
        for ssrc in 0..<200 as Range<UInt32> {
            for sequence in [10, 11] {
                let packet = Self.rtp(sequence, ssrc: ssrc)
                #expect(try ends.server.unprotecting(ends.client.protecting(packet)) == packet)
            }
        }
    }

    @Test func thereIsAnEndToNewStreams() throws {
        var ends = try Ends(.aeadAES128GCM)
        for ssrc in 0..<256 as Range<UInt32> {
            _ = try ends.client.protecting(Self.rtp(1, ssrc: ssrc))
        }
        #expect(throws: SRTPError.tooManyStreams) {
            try ends.client.protecting(Self.rtp(1, ssrc: 256))
        }
        _ = try ends.client.protecting(Self.rtp(2, ssrc: 0))
    }

    @Test func aForgedSourceDoesNotCountAsAStream() throws {
        var ends = try Ends(.aeadAES128GCM)
        for ssrc in 1..<1_000 as Range<UInt32> {
            let forged = Self.rtp(1, ssrc: ssrc)
            #expect(throws: SRTPError.authenticationFailed) {
                try ends.server.unprotecting(forged)
            }
        }
        let packet = Self.rtp(1)
        #expect(try ends.server.unprotecting(ends.client.protecting(packet)) == packet)
    }

    @Test func roomAndLengthAreChecked() throws {
        var ends = try Ends(.aeadAES128GCM)
        var packet = Self.rtp(1)
        #expect(throws: SRTPError.noRoom(need: 188)) {
            var span = packet.mutableSpan
            _ = try ends.client.protect(&span, length: 172)
        }
        #expect(throws: SRTPError.truncated(need: 12)) {
            var span = packet.mutableSpan
            _ = try ends.client.protect(&span, length: 11)
        }
        #expect(throws: SRTPError.truncated(need: 28)) {
            var span = packet.mutableSpan
            _ = try ends.client.unprotect(&span, length: -1)
        }
        #expect(throws: SRTPError.noRoom(need: 173)) {
            var span = packet.mutableSpan
            _ = try ends.client.unprotect(&span, length: 173)
        }
    }

    @Test func keysMustFitTheProfile() throws {
        #expect(throws: SRTPError.wrongKeyLength(need: 56)) {
            try SRTPMasterKeys(exporterOutput: [1], profile: .aeadAES128GCM, isClient: true)
        }
        let unknown = SRTPProtectionProfile(rawValue: 5)
        #expect(throws: SRTPError.unsupportedProfile(5)) {
            try SRTPMasterKeys(exporterOutput: [], profile: unknown, isClient: true)
        }
        let keys = try SRTPMasterKeys(
            exporterOutput: [UInt8](repeating: 0, count: 56),
            profile: .aeadAES128GCM,
            isClient: true
        )
        #expect(throws: SRTPError.wrongKeyLength(need: 88)) {
            _ = try SRTPSession(profile: .aeadAES256GCM, keys: keys)
        }
    }
}
