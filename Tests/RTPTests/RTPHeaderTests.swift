import RTP
import Testing
import Wire

@Suite("RTP header, RFC 3550 §5.1")
struct RTPHeaderTests {
    static let minimal = bytes("80 E0 698F D9C293DA 1C642782 AABB")

    @Test func readsEveryFieldOfAMinimalPacket() throws {
        let header = try RTPTests.header(of: Self.minimal)
        #expect(header.hasMarker)
        #expect(header.payloadType == 96)
        #expect(header.sequenceNumber == 27_023)
        #expect(header.timestamp == 0xD9C2_93DA)
        #expect(header.ssrc == 0x1C64_2782)
        #expect(header.csrcCount == 0)
        #expect(header.extensions == nil)
        #expect(header.payload == 12..<14)
    }

    @Test("every prefix of a valid header is refused, none traps", arguments: 0..<12)
    func truncation(length: Int) {
        let prefix = [UInt8](Self.minimal.prefix(length))
        #expect(throws: ParseError.self) { try RTPTests.header(of: prefix) }
    }

    @Test(arguments: [
        Malformed("version 1", "40 60 0001 00000000 00000000", .invalid("version", at: 0)),
        Malformed(
            "padding of zero",
            "A0 60 0001 00000000 00000000 00",
            .invalid("padding count", at: 12)
        ),
        Malformed(
            "padding longer than the payload",
            "A0 60 0001 00000000 00000000 02",
            .invalid("padding count", at: 12)
        ),
        Malformed(
            "padding bit without payload",
            "A0 60 0001 00000000 00000000",
            .truncated(at: 12, need: 1)
        ),
        Malformed("15 CSRCs missing", "8F 60 0001 00000000 00000000", .truncated(at: 12, need: 60)),
        Malformed(
            "extension longer than the packet",
            "90 60 0001 00000000 00000000 BEDE 0001",
            .truncated(at: 16, need: 4)
        ),
    ])
    func malformed(_ packet: Malformed) {
        #expect(throws: packet.error) { try RTPTests.header(of: packet.bytes) }
    }

    @Test func readsContributingSources() throws {
        let packet = bytes("82 00 3ED2 00000090 5FBD169E ABCDEF01 DEADBEEF FFFF")
        let header = try RTPTests.header(of: packet)
        #expect(header.csrcCount == 2)
        let sources = (0..<3).map { index in
            header.contributingSource(at: index, in: packet.span)
        }
        #expect(sources == [0xABCD_EF01, 0xDEAD_BEEF, nil])
        #expect(header.payload == 20..<22)
    }

    @Test func excludesPaddingFromThePayload() throws {
        let packet = bytes("A0 60 0001 00000000 00000000 AABB 000003")
        #expect(try RTPTests.header(of: packet).payload == 12..<14)
    }

    @Test("recorded packets and all their prefixes never trap", arguments: Recordings.names)
    func recordings(file: String) throws {
        let packets = Recordings.packets(in: file)
        #expect(!packets.isEmpty)
        for packet in packets {
            for length in 0...packet.bytes.count {
                let prefix = [UInt8](packet.bytes.prefix(length))
                guard let header = try? RTPTests.header(of: prefix) else { continue }
                for id in [0, 1, 3, 15, 255] as [UInt8] {
                    _ = header.extensionRange(id: id, in: prefix.span)
                }
            }
        }
    }

    @Test("what a browser sent is written back byte for byte")
    func roundTrip() throws {
        var count = 0
        for packet in Recordings.packets(in: "chrome-audio.hex") where packet.bytes[1] & 0x7F < 64 {
            let parsed = try RTPTests.packet(packet.bytes)
            let written = try parsed.write()
            #expect(try RTPTests.packet(written) == parsed)
            if written == packet.bytes { count += 1 }
        }
        #expect(count > 100)
    }

    @Test func refusesWhatDoesNotFit() throws {
        let packet = try RTPTests.packet(Self.minimal)
        var buffer = [UInt8](repeating: 0, count: 13)
        var span = buffer.mutableSpan
        var failure: WriteError?
        do throws(WriteError) { _ = try packet.write(into: &span) } catch { failure = error }
        #expect(failure == .noRoom(at: 12, need: 2))
    }
}

struct Malformed: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var bytes: [UInt8]
    var error: ParseError

    init(_ name: String, _ hex: String, _ error: ParseError) {
        testDescription = name
        bytes = Hex.decode(hex) ?? []
        self.error = error
    }
}
