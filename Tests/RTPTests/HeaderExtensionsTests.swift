import RTP
import Testing
import Wire

@Suite("Header extensions, RFC 8285")
struct HeaderExtensionsTests {
    static func packet(_ profileAndWords: String) -> [UInt8] {
        bytes("90 60 0001 00000000 00000000" + profileAndWords)
    }

    static func elements(_ packet: [UInt8]) throws -> [HeaderExtension] {
        try RTPTests.packet(packet).extensions
    }

    @Test("§4.2: the one-byte form, with padding between elements")
    func oneByteForm() throws {
        let packet = Self.packet("BEDE 0002  10 AA 00 31 BB CC 00 00")
        #expect(
            try Self.elements(packet) == [
                HeaderExtension(id: 1, value: [0xAA]), HeaderExtension(id: 3, value: [0xBB, 0xCC]),
            ]
        )
        #expect(try extensionRange(3, in: packet) == 20..<22)
        #expect(try extensionRange(2, in: packet) == nil)
        #expect(try extensionRange(0, in: packet) == nil)
    }

    @Test("§4.3: the two-byte form, with an empty value and any application bits")
    func twoByteForm() throws {
        let packet = Self.packet("100F 0003  05 00 00 20 03 AA BB CC 00 06 01 DD")
        #expect(
            try Self.elements(packet) == [
                HeaderExtension(id: 5, value: []),
                HeaderExtension(id: 32, value: [0xAA, 0xBB, 0xCC]),
                HeaderExtension(id: 6, value: [0xDD]),
            ]
        )
    }

    @Test(
        "§4.2: what breaks the rules ends the walk; the elements before are good",
        arguments: [
            "BEDE 0002  10 AA F0 00 20 BB 00 00", "BEDE 0002  10 AA 02 00 20 BB 00 00",
            "BEDE 0001  10 AA 2F 00", "1000 0001  01 01 AA 02", "1000 0002  01 01 AA 02 05 00 0000",
        ]
    )
    func brokenElements(block: String) throws {
        #expect(try Self.elements(Self.packet(block)) == [HeaderExtension(id: 1, value: [0xAA])])
    }

    @Test func anotherProfileHasNoElements() throws {
        let packet = Self.packet("ABCD 0001  10 AA 00 00")
        #expect(try Self.elements(packet).isEmpty)
        #expect(try RTPTests.header(of: packet).extensions?.form == nil)
    }

    @Test func theFormFollowsFromWhatIsWritten() throws {
        var packet = RTPPacket(payloadType: 96, sequenceNumber: 1, timestamp: 2, ssrc: 3)
        packet.payload = [9]
        let short = [HeaderExtension(id: 14, value: [UInt8](repeating: 7, count: 16))]
        let long = [HeaderExtension(id: 1, value: [UInt8](repeating: 7, count: 17))]
        for (elements, form) in [(short, HeaderExtensionForm.oneByte), (long, .twoByte)] {
            packet.extensions = elements
            let written = try packet.write()
            #expect(try RTPTests.header(of: written).extensions?.form == form)
            #expect(try RTPTests.packet(written) == packet)
        }
    }

    @Test("RFC 6464 §3: level and voice flag")
    func audioLevel() throws {
        let value: [UInt8] = [0x9E]
        let level = try RTPTests.audioLevel(value)
        #expect(level == AudioLevel(level: 30, hasVoice: true))
        #expect(level.rawValue == 0x9E)
        #expect(level.decibels == -30)
        #expect(AudioLevel(level: 200, hasVoice: false).rawValue == 127)
        #expect(throws: ParseError.truncated(at: 0, need: 1)) {
            try RTPTests.audioLevel([])
        }
    }

    @Test("RFC 9143 §15: a MID is a token")
    func mid() throws {
        let value: [UInt8] = [0x61, 0x30]
        let mid = try mediaIdentification(value)
        #expect(mid.mid == "a0")
        let isSame = mid.matches(value.span)
        #expect(isSame)
        let other: [UInt8] = [0x61]
        let isOther = mid.matches(other.span)
        #expect(!isOther)
        let control: [UInt8] = [0x61, 0x00]
        #expect(throws: ParseError.invalid("mid", at: 1)) {
            try mediaIdentification(control)
        }
        #expect(throws: ParseError.self) { try mediaIdentification([]) }
    }

    @Test func transportSequenceNumbersWrap() throws {
        let value: [UInt8] = [0xFF, 0xFF]
        let last = try TransportSequenceNumber(parsing: value.span)
        #expect(last.precedes(TransportSequenceNumber(rawValue: 3)))
    }

    @Test func absoluteSendTimeCountsModulo64Seconds() throws {
        let late = AbsoluteSendTime(rawValue: 0xFF_FFFF)
        let wrapped = AbsoluteSendTime(rawValue: 0x03_FFFF)
        #expect(late.duration(to: wrapped) == .seconds(1))
        #expect(wrapped.duration(to: late) == .seconds(-1))
        let time = NTPTime(unixNanoseconds: 1_500_000_000)
        #expect(AbsoluteSendTime(time).rawValue & 0x3_FFFF == 0x2_0000)
    }

    @Test("a browser's audio packets carry level, send time and MID")
    func chrome() throws {
        let packet = Recordings.packets(in: "chrome-audio.hex")[0].bytes
        let elements = try Self.elements(packet)
        #expect(elements.map(\.id) == [2, 3, 4, 1])
        #expect(try RTPTests.audioLevel(elements[3].value).level == 127)
    }
}
