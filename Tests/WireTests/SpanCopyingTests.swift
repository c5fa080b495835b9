import Testing
import Wire

@Suite("Bytes between arrays and spans")
struct SpanCopyingTests {
    private func isSame(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.span.hasSameBytes(as: right.span)
    }

    @Test("a copy holds the same bytes", arguments: [0, 1, 7, 8, 9, 1_200])
    func copies(count: Int) {
        var entropy = Entropy.seed(UInt64(count))
        let source = entropy.bytes(count)
        #expect([UInt8](copying: source.span) == source)
        var target: [UInt8] = [1, 2, 3]
        target.append(copying: source.span)
        #expect(target == [1, 2, 3] + source)
        target.append(copying: source.span)
        #expect(target == [1, 2, 3] + source + source)
    }

    @Test("many appends move what is there a few times only")
    func growsByDoubling() {
        var target: [UInt8] = []
        var moves = 0
        var capacity = 0
        let part = [UInt8](repeating: 5, count: 100)
        for _ in 0..<1_000 {
            target.append(copying: part.span)
            if target.capacity != capacity { moves += 1 }
            capacity = target.capacity
        }
        #expect(target.count == 100_000)
        #expect(moves < 30)
    }

    @Test("two spans hold the same bytes or they do not")
    func sameBytes() {
        let bytes: [UInt8] = [1, 2, 3]
        #expect(isSame(bytes, [1, 2, 3]))
        #expect(!isSame(bytes, [1, 2, 4]))
        #expect(!isSame(bytes, [0, 2, 3]))
        #expect(!isSame(bytes, [1, 2]))
        #expect(!isSame(bytes, [1, 2, 3, 0]))
        #expect(isSame([], []))
    }

    @Test("bytes are replaced where they were meant to be")
    func replaces() {
        var target = [UInt8](repeating: 0, count: 5)
        var span = target.mutableSpan
        span.replace(at: 1, with: [7, 8].span)
        span.replace(at: 5, with: [UInt8]().span)
        span.replace(at: 4, with: [9].span)
        #expect(target == [0, 7, 8, 0, 9])
    }

    @Test("bytes that do not fit stop the process", arguments: [-1, 4, 5])
    func outside(offset: Int) async {
        await #expect(processExitsWith: .failure) { [offset] in
            var target = [UInt8](repeating: 0, count: 5)
            var span = target.mutableSpan
            span.replace(at: offset, with: [7, 8].span)
        }
    }
}
