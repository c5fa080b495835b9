import Testing
import Wire

@Suite("Appending big-endian fields")
struct ByteWriterTests {
    @Test("fields are written big-endian, in order")
    func writesEveryWidth() throws {
        var writer = ByteWriter(reserving: 32)
        try writer.write(UInt8(0x01))
        try writer.write(UInt16(0x0203))
        try writer.writeUInt24(0xFF04_0506)
        try writer.write(UInt32(0x0708_090A))
        try writer.write(UInt64(0x0B0C_0D0E_0F10_1112))
        try writer.write([0x13, 0x14].span)
        try writer.write("AB".utf8)
        #expect(
            writer.bytes == bytes("01 0203 040506 0708090A 0B0C0D0E0F101112 1314 4142")
        )
        #expect(writer.offset == 22)
    }

    @Test("what is written reads back the same", arguments: 0..<20 as Range<UInt64>)
    func roundTrip(seed: UInt64) throws {
        var entropy = Entropy.seed(seed)
        let numbers = (0..<30).map { _ in entropy.next() }
        var writer = ByteWriter()
        for number in numbers {
            try writer.write(number)
            try writer.write(UInt32(truncatingIfNeeded: number))
            try writer.writeUInt24(UInt32(truncatingIfNeeded: number) >> 8)
            try writer.write(UInt16(truncatingIfNeeded: number))
        }
        let written = writer.bytes
        var reader = ByteReader(written.span)
        for number in numbers {
            #expect(try reader.read(UInt64.self) == number)
            #expect(try reader.read(UInt32.self) == UInt32(truncatingIfNeeded: number))
            #expect(try reader.readUInt24() == UInt32(truncatingIfNeeded: number) >> 8)
            #expect(try reader.read(UInt16.self) == UInt16(truncatingIfNeeded: number))
        }
        #expect(reader.isAtEnd == true)
    }

    @Test("the limit is reached exactly and never passed")
    func limit() throws {
        var writer = ByteWriter(limit: 4)
        try writer.write(UInt16(1))
        #expect(throws: WriteError.noRoom(at: 2, need: 4)) { try writer.write(UInt32(0)) }
        #expect(throws: WriteError.noRoom(at: 2, need: 3)) { try writer.write([1, 2, 3].span) }
        #expect(throws: WriteError.noRoom(at: 2, need: 3)) { try writer.write("abc".utf8) }
        #expect(throws: WriteError.noRoom(at: 2, need: 6)) { try writer.pad(toMultipleOf: 8) }
        #expect(writer.bytes == [0, 1])
        try writer.write(UInt16(2))
        #expect(throws: WriteError.noRoom(at: 4, need: 1)) { try writer.write(UInt8(0)) }
        try writer.write([])
        #expect(writer.bytes == [0, 1, 0, 2])
    }

    @Test("a writer limited to nothing takes nothing", arguments: [0, -1, .min])
    func noRoomAtAll(limit: Int) {
        var writer = ByteWriter(limit: limit)
        #expect(throws: WriteError.noRoom(at: 0, need: 1)) { try writer.write(UInt8(0)) }
        #expect(writer.bytes.isEmpty)
    }

    @Test("padding fills with zeros up to the next multiple", arguments: 0...8)
    func padding(count: Int) throws {
        var writer = ByteWriter()
        try writer.write(repeatElement(0xFF, count: count))
        try writer.pad(toMultipleOf: 4)
        #expect(writer.offset == (count + 3) / 4 * 4)
        #expect(writer.bytes.dropFirst(count).allSatisfy { $0 == 0 })
        #expect(writer.bytes.prefix(count).allSatisfy { $0 == 0xFF })
    }

    @Test("a length prefix counts its body, nested too")
    func lengthPrefix() throws {
        var writer = ByteWriter()
        try writer.write(UInt8(0xAA))
        try writer.writeLengthPrefixed { writer throws(WriteError) in
            try writer.write(UInt8(0xBB))
            try writer.writeLengthPrefixed { writer throws(WriteError) in
                try writer.write(UInt16(0xCCDD))
            }
            try writer.writeLengthPrefixed { _ throws(WriteError) in }
        }
        #expect(writer.bytes == bytes("AA 0007 BB 0002 CCDD 0000"))
    }

    @Test("a body of 65,535 bytes has a length, one more has none")
    func lengthOverflow() throws {
        var writer = ByteWriter()
        try writer.writeLengthPrefixed { writer throws(WriteError) in
            try writer.write(repeatElement(1, count: 65_535))
        }
        #expect(writer.bytes.prefix(2) == [0xFF, 0xFF])
        var tooLong = ByteWriter()
        try tooLong.write(UInt8(9))
        #expect(throws: WriteError.lengthOverflow(at: 1, length: 65_536)) {
            try tooLong.writeLengthPrefixed { writer throws(WriteError) in
                try writer.write(repeatElement(1, count: 65_536))
            }
        }
    }

    @Test("the error of a body comes through its length prefix")
    func bodyThrows() {
        var writer = ByteWriter(limit: 3)
        #expect(throws: WriteError.noRoom(at: 2, need: 2)) {
            try writer.writeLengthPrefixed { writer throws(WriteError) in
                try writer.write(UInt16(1))
            }
        }
    }

    @Test("only what has been written can be replaced")
    func replacing() throws {
        var writer = ByteWriter()
        try writer.write([1, 2, 3, 4, 5, 6].span)
        try writer.replace(at: 1, with: UInt32(0xA1A2_A3A4))
        #expect(writer.bytes == bytes("01 A1A2A3A4 06"))
        try writer.replace(at: 5, with: UInt8(0xFF))
        #expect(writer.bytes == bytes("01 A1A2A3A4 FF"))
        for offset in [-1, .min, 3, 6, .max] {
            #expect(throws: WriteError.outOfBounds(at: offset)) {
                try writer.replace(at: offset, with: UInt32(0))
            }
        }
        #expect(writer.bytes == bytes("01 A1A2A3A4 FF"))
    }
}
