public import Wire

/// What the first bytes of an Opus packet say (RFC 6716 §3).
///
///      0 1 2 3 4 5 6 7
///     | config  |s| c |
///
/// ```swift
/// let packet = try OpusPacket(parsing: payload.span)
/// print(packet.mode, packet.bandwidth, packet.samples)
/// ```
public struct OpusPacket: Hashable, Sendable {
    /// Which of the coders made the packet.
    public enum Mode: Hashable, Sendable { case silk, hybrid, celt }

    /// The audio bandwidth (RFC 6716 §2.1.3).
    public enum Bandwidth: Hashable, Sendable {
        case narrowband, mediumband, wideband, superWideband, fullband
    }

    /// The table of contents byte.
    public var toc: UInt8
    /// Where the frames lie in the packet; an empty frame is one that was not sent.
    public var frames: [Range<Int>]
    /// Whether the packet carries a coarse copy of the one before it (RFC 6716 §4.2.4).
    public var carriesRedundancy: Bool

    /// Reads the framing and checks all its rules, R1 to R7 of RFC 6716 §3.4.
    public init(parsing packet: Span<UInt8>) throws(ParseError) {
        var reader = ByteReader(packet)
        toc = try reader.read()
        carriesRedundancy = false
        switch toc & 3 {
        case 0: frames = [1..<packet.count]
        case 1: frames = try Self.equalFrames(2, from: 1, to: packet.count)
        case 2: frames = try Self.twoFrames(&reader, packet.count)
        default: frames = try Self.manyFrames(&reader, packet.count, toc: toc)
        }
        // RFC 6716 §3.4, R2.
        for frame in frames where frame.count > 1_275 {
            throw .invalid("frame length", at: frame.lowerBound)
        }
        carriesRedundancy = readsRedundancy(in: packet)
    }

    public var channels: Int { toc & 4 == 0 ? 1 : 2 }

    public var mode: Mode {
        switch toc >> 3 {
        case 0..<12: .silk
        case 12..<16: .hybrid
        default: .celt
        }
    }

    public var bandwidth: Bandwidth {
        switch toc >> 3 {
        case 0..<4, 16..<20: .narrowband
        case 4..<8: .mediumband
        case 8..<12, 20..<24: .wideband
        case 12..<14, 24..<28: .superWideband
        default: .fullband
        }
    }

    /// Samples of one channel in each frame, at 48 kHz.
    public var samplesPerFrame: Int {
        switch mode {
        case .silk: [480, 960, 1_920, 2_880][Int(toc >> 3 & 3)]
        case .hybrid: 480 << Int(toc >> 3 & 1)
        case .celt: 120 << Int(toc >> 3 & 3)
        }
    }

    /// Samples of one channel in the packet, at 48 kHz.
    public var samples: Int { frames.count * samplesPerFrame }

    /// How long the packet sounds.
    public var duration: Duration { .microseconds(samples * 125 / 6) }

    /// Whether the encoder had nothing to say (RFC 6716 §2.1.9).
    public var isDiscontinuous: Bool { frames.allSatisfy { $0.count <= 1 } }
}

// MARK: - Framing

extension OpusPacket {
    /// RFC 6716 §3.2.3: both frames have the same length.
    private static func equalFrames(
        _ count: Int,
        from start: Int,
        to end: Int
    ) throws(ParseError) -> [Range<Int>] {
        guard (end - start) % count == 0 else { throw .invalid("packet length", at: start) }
        let length = (end - start) / count
        return (0..<count).map { start + $0 * length..<start + ($0 + 1) * length }
    }

    /// RFC 6716 §3.2.4: the length of the first frame is given.
    private static func twoFrames(
        _ reader: inout ByteReader,
        _ end: Int
    ) throws(ParseError) -> [Range<Int>] {
        let length = try frameLength(&reader)
        let start = reader.offset
        try reader.skip(length)
        return [start..<reader.offset, reader.offset..<end]
    }

    /// RFC 6716 §3.2.5: a count, padding, and lengths if they differ.
    private static func manyFrames(
        _ reader: inout ByteReader,
        _ end: Int,
        toc: UInt8
    ) throws(ParseError) -> [Range<Int>] {
        let flags: UInt8 = try reader.read()
        let count = Int(flags & 0x3F)
        let isVariable = flags & 0x80 != 0
        let header = OpusPacket(toc: toc)
        guard count > 0, count * header.samplesPerFrame <= 5_760 else {
            throw .invalid("frame count", at: 1)
        }
        let padding = flags & 0x40 != 0 ? try paddingLength(&reader) : 0
        var lengths: [Int] = []
        if isVariable {
            for _ in 1..<count { lengths.append(try frameLength(&reader)) }
        }
        let start = reader.offset
        guard padding <= reader.remaining else { throw .invalid("padding", at: start) }
        guard isVariable else { return try equalFrames(count, from: start, to: end - padding) }
        var frames: [Range<Int>] = []
        var position = start
        for length in lengths {
            frames.append(position..<position + length)
            position += length
        }
        guard position <= end - padding else { throw .truncated(at: end, need: position - end) }
        return frames + [position..<end - padding]
    }

    private static func paddingLength(_ reader: inout ByteReader) throws(ParseError) -> Int {
        var length = 0
        while true {
            let byte: UInt8 = try reader.read()
            guard byte == 255 else { return length + Int(byte) }
            length += 254
        }
    }

    /// RFC 6716 §3.2.1: one byte up to 251, else two.
    private static func frameLength(_ reader: inout ByteReader) throws(ParseError) -> Int {
        let first: UInt8 = try reader.read()
        guard first >= 252 else { return Int(first) }
        let second: UInt8 = try reader.read()
        return Int(second) * 4 + Int(first)
    }

    /// A header without frames, to ask what the byte says.
    private init(toc: UInt8) {
        self.toc = toc
        frames = []
        carriesRedundancy = false
    }

    /// RFC 6716 §4.2.3, §4.2.4: each channel begins with a bit of voice activity for each 20 ms and
    /// one that says whether there is a coarse copy.
    ///
    /// All are coded with even odds, so they stand in the first byte as they are.
    private func readsRedundancy(in packet: Span<UInt8>) -> Bool {
        guard mode != .celt, let frame = frames.first, frame.count > 0 else { return false }
        let perChannel = max(1, samplesPerFrame / 960) + 1
        let bits = packet[frame.lowerBound]
        return (1...channels).contains { channel in
            let place = channel * perChannel
            return place <= 8 && bits >> UInt8(8 - place) & 1 != 0
        }
    }
}
