import STUN
import Testing
import Wire

@Suite("STUN on a stream, RFC 8489 §6.2.2 and RFC 8656 §12.5")
struct STUNStreamFramingTests {
    static func message(_ attributes: [STUNAttribute] = []) throws -> [UInt8] {
        try STUNMessage(.request, id: STUNPacketTests.id, attributes: attributes).write()
    }

    /// Feeds `stream` in pieces of `size` bytes.
    static func frames(
        _ stream: [UInt8],
        size: Int,
        channelData: Bool = true
    ) throws(ParseError) -> [[UInt8]] {
        var framing = STUNStreamFraming(acceptsChannelData: channelData)
        var frames: [[UInt8]] = []
        for start in stride(from: 0, to: stream.count, by: size) {
            let piece = [UInt8](stream[start..<min(start + size, stream.count)])
            try framing.receive(piece.span) { frames.append([UInt8](copying: $0)) }
        }
        return frames
    }

    @Test("frames come out however the bytes were cut", arguments: [1, 2, 3, 5, 8, 19, 64, 10_000])
    func cutting(_ size: Int) throws {
        let messages = try [
            Self.message(), Self.message([.software("abc")]),
            [0x40, 0x01, 0, 5, 1, 2, 3, 4, 5], [0x4F, 0xFF, 0, 0], Self.message([.priority(1)]),
            [0x40, 0x02, 0, 4, 9, 9, 9, 9], [0x7F, 0xFE, 0, 1, 6],
            Self.message([.data([UInt8](repeating: 7, count: 900))]),
        ]
        let stream = messages.flatMap { $0 + [UInt8](repeating: 0, count: -$0.count & 3) }
        #expect(try Self.frames(stream, size: size) == messages)
    }

    @Test(
        "what is no frame ends the stream, and says where",
        arguments: [
            ("80000000", ParseError.invalid("frame type", at: 20)),
            ("C0000000", .invalid("frame type", at: 20)),
            ("FF", .invalid("frame type", at: 20)),
            ("00010001", .invalid("message length", at: 22)),
            ("0001000022", .invalid("magic cookie", at: 24)),
            ("000100002112A443", .invalid("magic cookie", at: 24)),
        ]
    )
    func broken(_ hex: String, _ error: ParseError) throws {
        let stream = try Self.message() + bytes(hex)
        for size in [1, 3, 100] {
            #expect(throws: error) { try Self.frames(stream, size: size) }
        }
    }

    @Test func channelDataNeedsToBeExpected() {
        #expect(throws: ParseError.invalid("frame type", at: 0)) {
            try Self.frames([0x40, 0, 0, 0], size: 4, channelData: false)
        }
    }

    @Test func aBrokenStreamStaysBroken() throws {
        var framing = STUNStreamFraming()
        let (garbage, good) = (bytes("FF"), try Self.message())
        for input in [garbage, good, good] {
            var count = 0
            #expect(throws: ParseError.invalid("frame type", at: 0)) {
                try framing.receive(input.span) { _ in count += 1 }
            }
            #expect(count == 0)
        }
        #expect(framing.keptCount == 0)
    }

    @Test func aLengthBeyondTheLimitIsRefusedBeforeItsBytesCome() {
        var framing = STUNStreamFraming(acceptsChannelData: true, maximumLength: 1_000)
        let announced = bytes("0001 03D8 2112A442")
        #expect(throws: ParseError.invalid("frame length", at: 2)) {
            try framing.receive(announced.span) { _ in }
        }
        var other = STUNStreamFraming(acceptsChannelData: true, maximumLength: 1_000)
        let fitting = bytes("0001 03D4 2112A442")
        #expect(throws: Never.self) { try other.receive(fitting.span) { _ in } }
        #expect(other.keptCount == 8)
    }

    @Test func theLimitCanBeRaised() throws {
        var framing = STUNStreamFraming(acceptsChannelData: true, maximumLength: 100)
        let short = bytes("4000 0004 01020304")
        let long = bytes("4000 0100") + [UInt8](repeating: 7, count: 256)
        var lengths: [Int] = []
        try framing.receive(short.span) { lengths.append($0.count) }
        framing.maximumLength = 1_000
        try framing.receive(long.span) { lengths.append($0.count) }
        framing.maximumLength = 100
        #expect(throws: ParseError.invalid("frame length", at: 270)) {
            try framing.receive(long.span) { _ in }
        }
        #expect(lengths == [8, 260])
    }

    @Test(
        "random bytes never trap, and never more than a frame is kept",
        arguments: 0..<40 as Range<UInt64>
    )
    func random(seed: UInt64) {
        var generator = SplitMix64(seed: seed)
        for _ in 0..<50 {
            var framing = STUNStreamFraming(acceptsChannelData: true, maximumLength: 512)
            for _ in 0..<20 {
                let length = Int.random(in: 0...300, using: &generator)
                var piece = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
                if length > 8, Bool.random(using: &generator) {
                    piece.replaceSubrange(0..<8, with: bytes("0001 0010 2112A442"))
                }
                let isAlive = (try? framing.receive(piece.span) { _ in }) != nil
                #expect(framing.keptCount <= 512)
                guard isAlive else { break }
            }
        }
    }
}
