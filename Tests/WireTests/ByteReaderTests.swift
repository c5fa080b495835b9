import Testing
import Wire

@Suite("Reading big-endian fields")
struct ByteReaderTests {
    static let sample = bytes("01 0203 040506 0708090A 0B0C0D0E0F101112 1314")

    @Test("fields come out big-endian, in order, and the offset follows")
    func readsEveryWidth() throws {
        let sample = Self.sample
        var reader = ByteReader(sample.span)
        #expect(try reader.read(UInt8.self) == 0x01)
        #expect(try reader.read(UInt16.self) == 0x0203)
        #expect(try reader.readUInt24() == 0x04_0506)
        #expect(try reader.read(UInt32.self) == 0x0708_090A)
        #expect(try reader.read(UInt64.self) == 0x0B0C_0D0E_0F10_1112)
        #expect(reader.offset == 18)
        #expect(reader.remaining == 2)
        #expect(try reader.peek() == 0x13)
        #expect(reader.offset == 18)
        #expect(try reader.readArray(count: 2) == [0x13, 0x14])
        #expect(reader.isAtEnd == true)
    }

    @Test("the type may come from where the value goes")
    func infersTheType() throws {
        let sample = Self.sample
        var reader = ByteReader(sample.span)
        try reader.skip(1)
        let value: UInt16 = try reader.read()
        #expect(value == 0x0203)
    }

    @Test("values with the highest bit set stay positive")
    func highBits() throws {
        let sample = [UInt8](repeating: 0xFF, count: 18)
        var reader = ByteReader(sample.span)
        #expect(try reader.readUInt24() == 0xFF_FFFF)
        #expect(try reader.read(UInt8.self) == .max)
        #expect(try reader.read(UInt16.self) == .max)
        #expect(try reader.read(UInt32.self) == .max)
        #expect(try reader.read(UInt64.self) == .max)
    }

    @Test("a run of bytes is lent without moving it")
    func lendsBytes() throws {
        let sample = Self.sample
        var reader = ByteReader(sample.span)
        try reader.skip(3)
        let run = try reader.read(count: 3)
        #expect([UInt8](copying: run) == [4, 5, 6])
        let rest = reader.readRemaining()
        #expect([UInt8](copying: rest) == [UInt8](sample[6...]))
        #expect(reader.isAtEnd == true)
        let nothing = reader.readRemaining()
        #expect(nothing.count == 0)
    }

    @Test("a field that does not fit is refused and nothing is consumed", arguments: 0..<8)
    func truncation(length: Int) throws {
        let prefix = [UInt8](Self.sample.prefix(length))
        let widths: [(bytes: Int, read: (inout ByteReader) throws(ParseError) -> Void)] = [
            (1, { reader throws(ParseError) in _ = try reader.read(UInt8.self) }),
            (1, { reader throws(ParseError) in _ = try reader.peek() }),
            (2, { reader throws(ParseError) in _ = try reader.read(UInt16.self) }),
            (3, { reader throws(ParseError) in _ = try reader.readUInt24() }),
            (4, { reader throws(ParseError) in _ = try reader.read(UInt32.self) }),
            (8, { reader throws(ParseError) in _ = try reader.read(UInt64.self) }),
            (5, { reader throws(ParseError) in _ = try reader.read(count: 5) }),
            (6, { reader throws(ParseError) in _ = try reader.readArray(count: 6) }),
            (7, { reader throws(ParseError) in try reader.skip(7) }),
        ]
        for width in widths {
            var reader = ByteReader(prefix.span)
            var error: ParseError?
            do throws(ParseError) { try width.read(&reader) } catch let thrown { error = thrown }
            let missing = width.bytes - length
            #expect(error == (missing > 0 ? .truncated(at: 0, need: missing) : nil))
            if missing > 0 { #expect(reader.offset == 0) }
        }
    }

    @Test("counts below zero and beyond all bounds are refused", arguments: [-1, .min, 21, .max])
    func impossibleCounts(count: Int) {
        let sample = Self.sample
        #expect(throws: ParseError.self) {
            var reader = ByteReader(sample.span)
            _ = try reader.read(count: count)
        }
        #expect(throws: ParseError.self) {
            var reader = ByteReader(sample.span)
            try reader.skip(1)
            try reader.skip(count)
        }
        #expect(throws: ParseError.self) {
            var reader = ByteReader(sample.span)
            _ = try reader.readArray(count: count)
        }
    }

    @Test("no sequence of reads traps or leaves the bytes", arguments: 0..<50 as Range<UInt64>)
    func survivesAnySequence(seed: UInt64) {
        var entropy = Entropy.seed(seed)
        let sample = entropy.bytes(Int.random(in: 0...64, using: &entropy))
        var reader = ByteReader(sample.span)
        for _ in 0..<200 {
            let before = reader.offset
            do throws(ParseError) {
                switch Int.random(in: 0..<7, using: &entropy) {
                case 0: _ = try reader.read(UInt8.self)
                case 1: _ = try reader.read(UInt32.self)
                case 2: _ = try reader.readUInt24()
                case 3: _ = try reader.peek()
                case 4: try reader.skip(Int.random(in: -9...9, using: &entropy))
                case 5: _ = try reader.read(count: Int(truncatingIfNeeded: entropy.next()))
                default: _ = try reader.readArray(count: Int.random(in: -2...3, using: &entropy))
                }
            } catch {
                #expect(reader.offset == before)
            }
            #expect(reader.offset >= before)
            #expect(reader.offset + reader.remaining == sample.count)
            #expect(reader.isAtEnd == (reader.remaining == 0))
        }
    }
}
