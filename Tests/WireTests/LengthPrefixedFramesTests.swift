import Testing
import Wire

@Suite("Datagrams in a stream, RFC 4571 §2")
struct LengthPrefixedFramesTests {
    static func stream(_ datagrams: [[UInt8]]) throws -> [UInt8] {
        var stream: [UInt8] = []
        for datagram in datagrams { try LengthPrefixedFrames.append(datagram.span, to: &stream) }
        return stream
    }

    @Test("a datagram is written behind its length, the high byte first")
    func writing() throws {
        let long = [UInt8](repeating: 7, count: 258)
        let stream = try Self.stream([[1, 2, 3], [], long])
        #expect(stream == [0, 3, 1, 2, 3, 0, 0, 1, 2] + long)
    }

    @Test("wherever the stream is cut, the same datagrams come out", arguments: 1...12)
    func anyCut(size: Int) throws {
        let datagrams: [[UInt8]] = [[1], [], [2, 3, 4], [UInt8](repeating: 9, count: 700), [5]]
        let stream = try Self.stream(datagrams)
        var frames = LengthPrefixedFrames()
        var found: [[UInt8]] = []
        for start in stride(from: 0, to: stream.count, by: size) {
            let part = [UInt8](stream[start..<min(start + size, stream.count)])
            frames.append(part.span)
            while let frame = frames.popFirst() { found.append(frame) }
        }
        #expect(found == datagrams)
        #expect(frames.pendingCount == 0)
    }

    @Test("what is incomplete waits, and is less than one frame")
    func incomplete() {
        var frames = LengthPrefixedFrames()
        let start: [UInt8] = [0xFF, 0xFF]
        frames.append(start.span)
        #expect(frames.popFirst() == nil)
        let most = [UInt8](repeating: 1, count: 65_534)
        frames.append(most.span)
        #expect(frames.popFirst() == nil)
        #expect(frames.pendingCount == 65_536)
        let last: [UInt8] = [2, 0]
        frames.append(last.span)
        #expect(frames.popFirst()?.count == 65_535)
        #expect(frames.popFirst() == nil)
        #expect(frames.pendingCount == 1)
    }

    @Test("what no frame can hold is refused, and nothing is written")
    func tooLong() {
        var stream: [UInt8] = [1]
        let datagram = [UInt8](repeating: 0, count: 65_536)
        #expect(throws: WriteError.lengthOverflow(at: 1, length: 65_536)) {
            try LengthPrefixedFrames.append(datagram.span, to: &stream)
        }
        #expect(stream == [1])
    }
}
