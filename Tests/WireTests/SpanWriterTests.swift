import Testing
import Wire

@Suite("Writing big-endian fields in place")
struct SpanWriterTests {
    /// What `write` leaves in `count` bytes that held EE before, and where it stopped.
    private func written(
        into count: Int,
        _ write: (inout SpanWriter) throws(WriteError) -> Void
    ) -> (bytes: [UInt8], offset: Int, error: WriteError?) {
        var bytes = [UInt8](repeating: 0xEE, count: count)
        var error: WriteError?
        var writer = SpanWriter(bytes.mutableSpan)
        do throws(WriteError) { try write(&writer) } catch let thrown { error = thrown }
        let offset = writer.offset
        return (bytes, offset, error)
    }

    @Test("fields land big-endian, in order, and nothing behind them is touched")
    func writesEveryWidth() {
        let result = written(into: 24) { writer throws(WriteError) in
            try writer.write(UInt8(0x01))
            try writer.write(UInt16(0x0203))
            try writer.write(UInt32(0x0405_0607))
            try writer.write(UInt64(0x0809_0A0B_0C0D_0E0F))
            try writer.write([0x10, 0x11].span)
            try writer.write(repeating: 0xAB, count: 2)
            try writer.skip(1)
            try writer.write(UInt8(0x12))
        }
        #expect(
            result.bytes
                == bytes("01 0203 04050607 08090A0B0C0D0E0F 1011 ABAB EE 12 EEEEEE")
        )
        #expect(result.offset == 21)
        #expect(result.error == nil)
    }

    @Test("a field that does not fit is refused whole", arguments: 0..<8)
    func full(room: Int) {
        let writes: [(need: Int, write: (inout SpanWriter) throws(WriteError) -> Void)] = [
            (1, { writer throws(WriteError) in try writer.write(UInt8(0)) }),
            (2, { writer throws(WriteError) in try writer.write(UInt16(0)) }),
            (4, { writer throws(WriteError) in try writer.write(UInt32(0)) }),
            (8, { writer throws(WriteError) in try writer.write(UInt64(0)) }),
            (3, { writer throws(WriteError) in try writer.write([0, 0, 0].span) }),
            (5, { writer throws(WriteError) in try writer.write(repeating: 0, count: 5) }),
            (6, { writer throws(WriteError) in try writer.skip(6) }),
        ]
        for case (let need, let write) in writes where need > room {
            let result = written(into: room, write)
            #expect(result.error == .noRoom(at: 0, need: need))
            #expect(result.bytes == [UInt8](repeating: 0xEE, count: room))
            #expect(result.offset == 0)
        }
        for case (let need, let write) in writes where need <= room {
            #expect(written(into: room, write).offset == need)
        }
    }

    @Test("counts below zero and beyond all bounds are refused", arguments: [-1, .min, 5, .max])
    func impossibleCounts(count: Int) {
        #expect(
            written(into: 4) { writer throws(WriteError) in try writer.skip(count) }.error
                == .noRoom(at: 0, need: count)
        )
        let repeated = written(into: 4) { writer throws(WriteError) in
            try writer.write(repeating: 7, count: count)
        }
        #expect(repeated.error == .noRoom(at: 0, need: count))
        #expect(repeated.bytes == [0xEE, 0xEE, 0xEE, 0xEE])
    }

    @Test("only what has been written can be replaced")
    func replacing() {
        let result = written(into: 8) { writer throws(WriteError) in
            try writer.write(UInt32(0x0102_0304))
            try writer.replace(at: 2, with: UInt16(0xA1A2))
        }
        #expect(result.bytes == bytes("0102A1A2 EEEEEEEE"))
        #expect(result.offset == 4)
        for offset in [-1, .min, 3, 4, 7, .max] {
            let refused = written(into: 8) { writer throws(WriteError) in
                try writer.write(UInt32(0x0102_0304))
                try writer.replace(at: offset, with: UInt16(0))
            }
            #expect(refused.error == .outOfBounds(at: offset))
            #expect(refused.bytes == bytes("01020304 EEEEEEEE"))
        }
    }

    @Test("what has been written can be looked at before the end")
    func looksBack() throws {
        var bytes = [UInt8](repeating: 0xEE, count: 8)
        var writer = SpanWriter(bytes.mutableSpan)
        #expect(writer.remaining == 8)
        try writer.write(UInt16(0x0102))
        let written = [UInt8](copying: writer.written)
        #expect(written == [1, 2])
        #expect(writer.remaining == 6)
    }

    @Test("both writers write the same", arguments: 0..<20 as Range<UInt64>)
    func agreesWithByteWriter(seed: UInt64) throws {
        var entropy = Entropy.seed(seed)
        var growing = ByteWriter()
        var place = [UInt8](repeating: 0, count: 4_096)
        var inPlace = SpanWriter(place.mutableSpan)
        for _ in 0..<100 {
            let number = entropy.next()
            switch number % 4 {
            case 0:
                try growing.write(number)
                try inPlace.write(number)
            case 1:
                try growing.write(UInt16(truncatingIfNeeded: number))
                try inPlace.write(UInt16(truncatingIfNeeded: number))
            case 2:
                let run = entropy.bytes(Int(number >> 32 % 40))
                try growing.write(run.span)
                try inPlace.write(run.span)
            default:
                try growing.write(UInt8(truncatingIfNeeded: number >> 8))
                try inPlace.write(UInt8(truncatingIfNeeded: number >> 8))
            }
        }
        let written = [UInt8](copying: inPlace.written)
        #expect(written == growing.bytes)
    }
}
