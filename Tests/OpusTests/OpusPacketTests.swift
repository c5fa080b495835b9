import Opus
import Testing
import Wire

func packet(_ bytes: [UInt8]) throws(ParseError) -> OpusPacket {
    try OpusPacket(parsing: bytes.span)
}

@Suite("Opus packets, RFC 6716 §3")
struct OpusPacketTests {
    struct Configuration: Sendable {
        var number: UInt8
        var mode: OpusPacket.Mode
        var bandwidth: OpusPacket.Bandwidth
        var samples: Int
    }

    static let configurations = [
        Configuration(number: 0, mode: .silk, bandwidth: .narrowband, samples: 480),
        Configuration(number: 3, mode: .silk, bandwidth: .narrowband, samples: 2_880),
        Configuration(number: 6, mode: .silk, bandwidth: .mediumband, samples: 1_920),
        Configuration(number: 9, mode: .silk, bandwidth: .wideband, samples: 960),
        Configuration(number: 12, mode: .hybrid, bandwidth: .superWideband, samples: 480),
        Configuration(number: 15, mode: .hybrid, bandwidth: .fullband, samples: 960),
        Configuration(number: 16, mode: .celt, bandwidth: .narrowband, samples: 120),
        Configuration(number: 21, mode: .celt, bandwidth: .wideband, samples: 240),
        Configuration(number: 26, mode: .celt, bandwidth: .superWideband, samples: 480),
        Configuration(number: 31, mode: .celt, bandwidth: .fullband, samples: 960),
    ]

    @Test("§3.1, table 2", arguments: configurations)
    func tableOfContents(expected: Configuration) throws {
        let packet = try packet([expected.number << 3 | 4, 0, 0])
        #expect(packet.mode == expected.mode && packet.bandwidth == expected.bandwidth)
        #expect(packet.samples == expected.samples && packet.channels == 2)
        #expect(packet.duration == .microseconds(expected.samples * 125 / 6))
    }

    static let framings: [(bytes: [UInt8], frames: [Range<Int>])] = [
        ([0x08], [1..<1]),
        ([0x08, 1, 2], [1..<3]),
        ([0x09, 1, 2, 3, 4], [1..<3, 3..<5]),
        ([0x0A, 1, 7, 8, 9], [2..<3, 3..<5]),
        ([0x0B, 0x02, 1, 2], [2..<3, 3..<4]),
        ([0x0B, 0x83, 1, 2, 7, 8, 8, 9], [4..<5, 5..<7, 7..<8]),
        ([0x0B, 0x42, 0x02, 7, 8, 0, 0], [3..<4, 4..<5]),
    ]

    @Test("§3.2: frames", arguments: framings)
    func frames(bytes: [UInt8], frames: [Range<Int>]) throws {
        #expect(try packet(bytes).frames == frames)
    }

    @Test("§3.2.1: lengths of two bytes")
    func longFrame() throws {
        let bytes = [0x0A, 252, 1] + [UInt8](repeating: 0, count: 256)
        #expect(try packet(bytes).frames == [3..<259, 259..<259])
    }

    static let malformed: [[UInt8]] = [
        [], [0x09, 1], [0x0A], [0x0A, 9, 1], [0x0A, 252], [0x0B], [0x0B, 0], [0x0B, 0x07],
        [0x0B, 0x42, 9, 1], [0x0B, 0x42, 255], [0x0B, 0x02, 1], [0x0B, 0x82, 9, 1],
        [0x08] + [UInt8](repeating: 0, count: 1_276),
    ]

    @Test("§3.4: what breaks R1 to R7 is refused", arguments: malformed)
    func refused(bytes: [UInt8]) {
        #expect(throws: ParseError.self) { try packet(bytes) }
    }

    @Test func aPacketWithoutContentIsDiscontinuous() throws {
        #expect(try packet([0x98]).isDiscontinuous)
        #expect(try !packet([0x98, 1, 2]).isDiscontinuous)
    }
}
