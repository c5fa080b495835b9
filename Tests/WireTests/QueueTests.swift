import Testing
import Wire

@Suite("First-in first-out queue")
struct QueueTests {
    @Test("it does what an array does, over many wraps", arguments: 0..<20 as Range<UInt64>)
    func agreesWithArray(seed: UInt64) {
        var entropy = Entropy.seed(seed)
        var queue = Queue<Int>()
        var model: [Int] = []
        // Phases that mostly fill and mostly empty, so that the ring wraps, grows and runs dry.
        for step in 0..<2_000 {
            let fills = step / 100 % 2 == 0
            switch Int.random(in: 0..<100, using: &entropy) {
            case 0:
                queue.removeAll()
                model.removeAll()
            case 1..<(fills ? 65 : 35):
                queue.append(step)
                model.append(step)
            default:
                let expected = model.isEmpty ? nil : model.removeFirst()
                #expect(queue.popFirst() == expected)
            }
            #expect(queue.count == model.count)
            #expect(queue.isEmpty == model.isEmpty)
            #expect(queue.first == model.first)
            if step % 37 == 0 { #expect(queue.elements == model) }
        }
        #expect(queue.elements == model)
    }

    @Test("it grows while its elements lie around the end of the ring", arguments: 1...9)
    func growsWhenWrapped(shift: Int) {
        var queue = Queue<Int>()
        for index in 0..<shift {
            queue.append(index)
            queue.append(index)
            _ = queue.popFirst()
            _ = queue.popFirst()
        }
        for index in 0..<40 { queue.append(index) }
        #expect(queue.elements == [Int](0..<40))
        for index in 0..<40 { #expect(queue.popFirst() == index) }
        #expect(queue.popFirst() == nil)
    }

    @Test("a copy is a queue of its own")
    func copies() {
        var queue = Queue<Int>()
        for index in 0..<5 { queue.append(index) }
        var copy = queue
        copy.append(5)
        #expect(queue.popFirst() == 0)
        #expect(queue.elements == [1, 2, 3, 4])
        #expect(copy.elements == [0, 1, 2, 3, 4, 5])
    }

    @Test("elements that may be nil are kept apart from nothing")
    func optionalElements() {
        var queue = Queue<Int?>()
        queue.append(nil)
        queue.append(7)
        queue.append(nil)
        #expect(queue.count == 3)
        #expect(queue.elements == [nil, 7, nil])
        #expect(queue.popFirst() == .some(nil))
        #expect(queue.popFirst() == .some(7))
        #expect(queue.popFirst() == .some(nil))
        #expect(queue.popFirst() == .none)
    }

    private final class Token: Sendable {}

    @Test("an element that was removed is released at once")
    func releases() {
        var queue = Queue<Token>()
        weak var first: Token?
        weak var second: Token?
        do {
            let tokens = [Token(), Token()]
            first = tokens[0]
            second = tokens[1]
            queue.append(tokens[0])
            queue.append(tokens[1])
        }
        #expect(first != nil)
        _ = queue.popFirst()
        #expect(first == nil)
        #expect(second != nil)
        queue.removeAll()
        #expect(second == nil)
    }
}
