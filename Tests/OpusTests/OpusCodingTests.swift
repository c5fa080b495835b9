import Glibc
import Opus
import Testing

@Suite("Opus coding, RFC 6716")
struct OpusCodingTests {
    static func sine(_ count: Int, channels: Int = 1) -> [Int16] {
        (0..<count).flatMap { index in
            let value = Int16(10_000 * sin(2 * Double.pi * 440 * Double(index) / 48_000))
            return [Int16](repeating: value, count: channels)
        }
    }

    /// Encodes `samples` in frames of 20 ms.
    static func encode(
        _ samples: [Int16],
        _ configuration: OpusEncoderConfiguration
    ) throws -> (packets: [[UInt8]], lookahead: Int) {
        var encoder = try OpusEncoder(configuration: configuration)
        let frame = 960 * configuration.channels
        var packets: [[UInt8]] = []
        var buffer = [UInt8](repeating: 0, count: 1_275)
        for start in stride(from: 0, through: samples.count - frame, by: frame) {
            let input = [Int16](samples[start..<start + frame])
            var span = buffer.mutableSpan
            let length = try encoder.encode(input.span, into: &span)
            packets.append([UInt8](buffer.prefix(length)))
        }
        return (packets, encoder.lookahead)
    }

    enum Action { case decode, conceal, recover }

    static func decode(
        _ packets: [[UInt8]],
        channels: Int = 1,
        _ action: (Int) -> Action = { _ in .decode }
    ) throws -> [Int16] {
        var decoder = try OpusDecoder(channels: channels)
        var samples: [Int16] = []
        var buffer = [Int16](repeating: 0, count: 5_760 * channels)
        for (index, packet) in packets.enumerated() {
            var span = buffer.mutableSpan
            let count: Int
            switch action(index) {
            case .decode: count = try decoder.decode(packet.span, into: &span)
            case .conceal: count = try decoder.conceal(samples: 960, into: &span)
            case .recover:
                let next = packets[min(index + 1, packets.count - 1)]
                count = try decoder.recover(next.span, samples: 960, into: &span)
            }
            samples += buffer.prefix(count * channels)
        }
        return samples
    }

    @Test("a tone comes back as it was", arguments: [1, 2])
    func tone(channels: Int) throws {
        var configuration = OpusEncoderConfiguration()
        configuration.channels = channels
        configuration.application = .music
        configuration.bitrate = 64_000 * channels
        let original = Self.sine(48_000, channels: channels)
        let (packets, lookahead) = try Self.encode(original, configuration)
        #expect(packets.count == 50)
        let decoded = try Self.decode(packets, channels: channels)
        #expect(decoded.count == original.count)
        let delay = lookahead * channels
        let correlation = Speech.correlation(
            original[9_600..<8_000 * channels + 9_600],
            decoded[(9_600 + delay)...]
        )
        #expect(correlation > 0.98)
    }

    @Test func speechIsStillSpeechAtTheDefaultBitRate() throws {
        let (packets, lookahead) = try Self.encode(Speech.samples, .init())
        let decoded = try Self.decode(packets)
        let correlation = Speech.correlation(Speech.samples[...], decoded[lookahead...])
        #expect(correlation > 0.85)
        let bytes = packets.reduce(0) { $0 + $1.count }
        #expect((20_000...44_000).contains(bytes * 8 * 50 / packets.count))
    }

    @Test("§2.1.7: a packet recovers the one before it far better than concealment does")
    func recovery() throws {
        var configuration = OpusEncoderConfiguration()
        configuration.bitrate = 24_000
        configuration.expectedLoss = 0.25
        let (packets, _) = try Self.encode(Speech.samples, configuration)
        let whole = try Self.decode(packets)
        let recovered = try Self.decode(packets) { $0 % 5 == 3 ? .recover : .decode }
        let concealed = try Self.decode(packets) { $0 % 5 == 3 ? .conceal : .decode }
        let lost = stride(from: 3, to: packets.count - 1, by: 5).map { 960 * $0..<960 * ($0 + 1) }
        let mean = { (samples: [Int16]) in
            lost.reduce(0) { $0 + Speech.correlation(whole[$1], samples[$1]) } / Double(lost.count)
        }
        #expect(mean(recovered) > 0.6)
        #expect(mean(concealed) < mean(recovered) - 0.15)
        let redundant = try packets.filter { try OpusTests.packet($0).carriesRedundancy }.count
        #expect(redundant > packets.count / 3)
    }

    @Test("without expected loss nothing is spent on recovery")
    func noRedundancy() throws {
        var configuration = OpusEncoderConfiguration()
        configuration.expectedLoss = 0
        let (packets, _) = try Self.encode(Speech.samples, configuration)
        #expect(try packets.allSatisfy { try !OpusTests.packet($0).carriesRedundancy })
    }

    @Test func concealmentFadesAway() throws {
        let (packets, _) = try Self.encode(Self.sine(48_000), .init())
        let decoded = try Self.decode(packets) { $0 < 25 ? .decode : .conceal }
        let power = { (samples: ArraySlice<Int16>) in
            samples.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(samples.count)
        }
        #expect(power(decoded[24_000..<24_960]) > 0.1 * power(decoded[20_000..<24_000]))
        #expect(power(decoded[43_000...]) < 0.01 * power(decoded[20_000..<24_000]))
    }

    @Test(
        "gaps of any length are filled exactly",
        arguments: [1, 119, 120, 500, 960, 1_001, 5_760]
    )
    func oddGaps(count: Int) throws {
        let (packets, _) = try Self.encode(Self.sine(4_800), .init())
        var decoder = try OpusDecoder(channels: 1)
        var buffer = [Int16](repeating: 0, count: 5_760)
        var span = buffer.mutableSpan
        let (first, third) = (packets[0], packets[2])
        _ = try decoder.decode(first.span, into: &span)
        let concealed = try decoder.conceal(samples: count, into: &span)
        let recovered = try decoder.recover(third.span, samples: count, into: &span)
        #expect(concealed == count && recovered == count)
    }

    @Test("§2.1.9: silence shrinks to a byte or two")
    func discontinuousTransmission() throws {
        var configuration = OpusEncoderConfiguration()
        configuration.usesDTX = true
        configuration.usesInbandFEC = false
        let (packets, _) = try Self.encode([Int16](repeating: 0, count: 96_000), configuration)
        #expect(packets.suffix(50).filter { $0.count <= 2 }.count > 40)
    }

    @Test func wrongArgumentsAreNamed() {
        #expect(throws: OpusError.unsupportedChannelCount(3)) { _ = try OpusDecoder(channels: 3) }
        #expect(throws: OpusError.unsupportedSampleRate(44_100)) {
            _ = try OpusDecoder(sampleRate: 44_100, channels: 1)
        }
        #expect(throws: OpusError.unsupportedFrameSize(samples: 961)) {
            var encoder = try OpusEncoder(configuration: .init())
            var buffer = [UInt8](repeating: 0, count: 100)
            var span = buffer.mutableSpan
            let samples = [Int16](repeating: 0, count: 961)
            _ = try encoder.encode(samples.span, into: &span)
        }
    }

    @Test("no bytes make the decoder trap", arguments: 0..<200 as Range<UInt64>)
    func damage(seed: UInt64) throws {
        var state = seed &* 0x9E37_79B9_7F4A_7C15
        let packet = (0..<Int(seed)).map { _ -> UInt8 in
            state = state &* 6_364_136_223_846_793_005 &+ 1
            return UInt8(truncatingIfNeeded: state >> 56)
        }
        var decoder = try OpusDecoder(channels: 1)
        var buffer = [Int16](repeating: 0, count: 5_760)
        var span = buffer.mutableSpan
        _ = try? decoder.decode(packet.span, into: &span)
        _ = try? decoder.recover(packet.span, samples: 960, into: &span)
        let concealed = try decoder.conceal(samples: 960, into: &span)
        #expect(concealed == 960)
    }
}
