import LinuxIO
import Testing
import Wire

@Suite("Deadlines of a loop")
struct DeadlineHeapTests {
    private static func at(_ value: Int64) -> Instant { Instant(nanoseconds: value) }

    @Test func comeInOrderOfTimeAndThenOfSlot() {
        var heap = DeadlineHeap()
        for (slot, time) in [(0, 30), (1, 10), (2, 20), (3, 10), (4, 40)] {
            heap.set(Self.at(Int64(time)), for: UInt32(slot))
        }
        var order: [UInt32] = []
        while let slot = heap.popDue(at: Self.at(35)) { order.append(slot) }
        #expect(order == [1, 3, 2, 0])
        #expect(heap.next == Self.at(40))
    }

    @Test func nothingIsDueEarly() {
        var heap = DeadlineHeap()
        heap.set(Self.at(10), for: 7)
        #expect(heap.popDue(at: Self.at(9)) == nil)
        #expect(heap.deadline(of: 7) == Self.at(10))
        #expect(heap.popDue(at: Self.at(10)) == 7)
        #expect(heap.count == 0)
    }

    @Test(
        "agrees with a sorted list over random setting, moving and cancelling",
        arguments: 0..<20 as Range<UInt64>
    )
    func agreesWithModel(seed: UInt64) {
        var entropy = Entropy.seed(seed)
        var heap = DeadlineHeap()
        var model: [UInt32: Instant] = [:]
        for _ in 0..<2_000 {
            let slot = UInt32.random(in: 0..<64, using: &entropy)
            let isSet = Int.random(in: 0..<3, using: &entropy) > 0
            let time = Self.at(Int64.random(in: 0..<1_000, using: &entropy))
            heap.set(isSet ? time : nil, for: slot)
            model[slot] = isSet ? time : nil
            #expect(heap.count == model.count)
            #expect(heap.next == model.values.min())
        }
        var popped: [UInt32] = []
        while let slot = heap.popDue(at: Self.at(1_000)) { popped.append(slot) }
        let expected = model.sorted { ($0.value, $0.key) < ($1.value, $1.key) }.map(\.key)
        #expect(popped == expected)
    }
}

@Suite("Slots and their generations")
struct SlotTableTests {
    @Test func oldIDDoesNotReachTheNewOccupant() {
        var table = SlotTable<String>()
        let first = table.insert("first")
        table.remove(first)
        let second = table.insert("second")
        #expect(second.index == first.index)
        #expect(table[first] == nil)
        #expect(table[second] == "second")
        #expect(table.remove(first) == nil)
        #expect(table.count == 1)
    }
}
