import AudioIO
import Testing
import Wire

@Suite("WAV files")
struct WAVTests {
    /// A file with the given format chunk and data.
    static func file(
        tag: UInt16,
        channels: Int = 1,
        rate: Int = 48_000,
        bits: Int,
        data: String,
        before: String = "",
        dataLength: Int? = nil
    ) -> [UInt8] {
        let content = Hex.decode(data) ?? []
        let format =
            little(Int(tag), 2) + little(channels, 2) + little(rate, 4)
            + little(rate * channels * bits / 8, 4) + little(channels * bits / 8, 2)
            + little(bits, 2)
        return [UInt8]("RIFF".utf8) + little(36 + content.count, 4) + [UInt8]("WAVE".utf8)
            + (Hex.decode(before) ?? []) + [UInt8]("fmt ".utf8) + little(16, 4) + format
            + [UInt8]("data".utf8) + little(dataLength ?? content.count, 4) + content
    }

    static func little(_ value: Int, _ bytes: Int) -> [UInt8] {
        (0..<bytes).map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
    }

    static func load(_ bytes: [UInt8], channels: Int? = nil) throws -> [Int16]? {
        let file = TemporaryFile(bytes)
        var reader = try WAVReader(path: file.path, channels: channels)
        return try reader.read(frames: 100)
    }

    static let forms: [(name: String, tag: UInt16, bits: Int, data: String, samples: [Int16])] = [
        ("8 bit", 1, 8, "00 80 FF", [-32_768, 0, 32_512]),
        ("16 bit", 1, 16, "0080 0000 FF7F", [-32_768, 0, 32_767]),
        ("24 bit", 1, 24, "000080 FFFF00 FFFF7F", [-32_768, 255, 32_767]),
        ("32 bit", 1, 32, "00000080 0000FF00 FFFFFF7F", [-32_768, 255, 32_767]),
        ("float", 3, 32, "000080BF 0000003F 0000C07F", [-32_768, 16_384, 0]),
        ("double", 3, 64, "000000000000F0BF 000000000000E03F", [-32_768, 16_384]),
    ]

    @Test("every usual form is read", arguments: forms)
    func form(name: String, tag: UInt16, bits: Int, data: String, samples: [Int16]) throws {
        #expect(try Self.load(Self.file(tag: tag, bits: bits, data: data)) == samples)
    }

    @Test func chunksThatAreNotNeededArePassedOver() throws {
        // "LIST", 3 bytes and one of padding.
        let before = "4C495354 03000000 AABBCC00"
        let bytes = Self.file(tag: 1, bits: 16, data: "0100", before: before)
        #expect(try Self.load(bytes) == [1])
    }

    @Test(
        "a length that was never filled in means the rest of the file",
        arguments: [0, 0xFFFF_FFFF]
    )
    func openLength(length: Int) throws {
        let bytes = Self.file(tag: 1, bits: 16, data: "0100 0200", dataLength: length)
        #expect(try Self.load(bytes) == [1, 2])
    }

    @Test func channelsAreMixedOrCopied() throws {
        let stereo = Self.file(tag: 1, channels: 2, bits: 16, data: "0A00 1400 0000 0200")
        #expect(try Self.load(stereo, channels: 1) == [15, 1])
        let mono = Self.file(tag: 1, bits: 16, data: "0A00 1400")
        #expect(try Self.load(mono, channels: 2) == [10, 10, 20, 20])
    }

    @Test("half a sample at the end is left out")
    func halfSample() throws {
        #expect(try Self.load(Self.file(tag: 1, bits: 16, data: "0A00 14")) == [10])
    }

    @Test func whatIsNoWAVFileIsRefusedWithTheReason() {
        #expect(throws: AudioError.self) { try Self.load([1, 2, 3]) }
        #expect(throws: AudioError.self) { try Self.load([UInt8]("RIFF....WAVEdata....".utf8)) }
        #expect(throws: AudioError.self) { try Self.load(Self.file(tag: 85, bits: 0, data: "")) }
        #expect(throws: AudioError.self) {
            try Self.load(Self.file(tag: 1, channels: 0, bits: 16, data: ""))
        }
        let missing = #expect(throws: AudioError.self) { try WAVReader.load(path: "/nowhere.wav") }
        #expect(missing?.description == "cannot open /nowhere.wav: No such file or directory")
    }

    @Test("every prefix of a file is read or refused, none traps")
    func prefixes() {
        let bytes = Self.file(tag: 1, bits: 16, data: "0100 0200")
        for length in 0..<bytes.count { _ = try? Self.load([UInt8](bytes.prefix(length))) }
    }

    @Test func whatIsWrittenIsReadBack() throws {
        let file = TemporaryFile()
        let samples = (0..<5_000).map { Int16($0 * 6 - 15_000) }
        var writer = try WAVWriter(path: file.path, sampleRate: 16_000, channels: 2)
        try writer.write(samples.span.extracting(0..<1_000))
        try writer.write(samples.span.extracting(1_000..<5_000))
        let frames = writer.frames
        try writer.close()
        #expect(frames == 2_500)
        var reader = try WAVReader(path: file.path)
        let format = reader.format
        #expect(format == WAVFormat(encoding: .signed16, sampleRate: 16_000, channels: 2))
        var read: [Int16] = []
        while let part = try reader.read(frames: 333) { read += part }
        #expect(read == samples)
        #expect(file.bytes.count == 44 + 10_000)
    }

    @Test func aFileOfAnotherRateIsResampledOnTheWay() throws {
        let file = TemporaryFile()
        var tone = Tone(frequency: 1_000, sampleRate: 44_100)
        let samples = tone.next(frames: 44_100)
        var writer = try WAVWriter(path: file.path, sampleRate: 44_100)
        try writer.write(samples.span)
        try writer.close()
        let loaded = try WAVReader.load(path: file.path)
        #expect((47_995...48_005).contains(loaded.count))
    }

    @Test func theSpokenSampleIsThere() throws {
        let speech = try WAVReader.load(path: Fixture.speechPath)
        #expect((300_000...400_000).contains(speech.count))
    }
}
